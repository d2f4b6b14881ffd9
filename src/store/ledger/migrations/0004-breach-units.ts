import type { Kysely } from 'kysely';
import { canonicalJson } from '../canonical-json.ts';

interface Tables {
  breach_revision: { breach_id: string; revision: number; body: string };
}

/**
 * Not every rule is about degrees: a breach says the unit of its limit and peak, what it speaks of, and what a silence
 * is likely to come from. Those that are there already come from rules on temperature.
 */
export async function breachUnits(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema.alterTable('breach').renameColumn('limit_c', 'limit_value').execute();
  await schema.alterTable('breach').renameColumn('peak_c', 'peak_value').execute();
  for (const [column, before] of [
    ['unit', 'Cel'],
    ['about', 'cargo'],
  ] as const) {
    await schema
      .alterTable('breach')
      .addColumn(column, 'text', (c) => c.notNull().defaultTo(before))
      .execute();
  }
  await schema.alterTable('breach').addColumn('cause', 'text').execute();
  await renameInRevisions(db as Kysely<Tables>);
}

async function renameInRevisions(db: Kysely<Tables>): Promise<void> {
  for (const { breach_id, revision, body } of await db.selectFrom('breach_revision').selectAll().execute()) {
    const { limitC, peakC, ...kept } = JSON.parse(body) as Record<string, unknown>;
    await db
      .updateTable('breach_revision')
      .set({ body: canonicalJson({ ...kept, limit: limitC, peak: peakC, unit: 'Cel', about: 'cargo', cause: null }) })
      .where('breach_id', '=', breach_id)
      .where('revision', '=', revision)
      .execute();
  }
}
