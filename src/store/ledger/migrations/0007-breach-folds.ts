import type { Kysely } from 'kysely';

interface Tables {
  breach: { rule: string; fold: string };
}

/** The rules that live detection had until then, by fold. Rules of whole batches are folds of their own. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  high: [
    'pulp-high',
    'pulp-critical',
    'display-pulp-high',
    'display-pulp-critical',
    'air-return-high',
    'air-high',
    'air-supply-high',
  ],
  low: ['air-supply-freezing'],
  freezing: ['pulp-freezing', 'pulp-frozen'],
  'left-warm': ['pulp-left-warm'],
  'time-out-of-range': ['pulp-time-out-of-range'],
  predicted: ['pulp-predicted'],
  'chilling-zone': ['pulp-chilling'],
  'set-point-mismatch': ['set-point-wrong'],
  'physical-range': ['sensor-range'],
  spike: ['sensor-spikes'],
  stuck: ['sensor-stuck'],
  drift: ['sensor-drift'],
  door: ['door-open'],
  defrost: ['defrost-long'],
  'defrost-shape': ['defrost-seen'],
  battery: ['battery-low'],
  'no-data': ['no-data'],
};

/** A breach says which fold found it: rules of a user's own packs have names that the program does not know. */
export async function breachFolds(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('breach')
    .addColumn('fold', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  const typed = db as Kysely<Tables>;
  for (const [fold, names] of Object.entries(RULES)) {
    await typed.updateTable('breach').set({ fold }).where('rule', 'in', names).execute();
  }
  await typed
    .updateTable('breach')
    .set((eb) => ({ fold: eb.ref('rule') }))
    .where('rule', 'like', 'batch-%')
    .execute();
}
