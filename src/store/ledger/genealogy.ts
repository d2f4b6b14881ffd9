import type { TransformationEvent } from '../../contract/event.ts';
import { chunks } from './chunks.ts';
import type { Bequest, Heritage } from './custody.ts';
import { eventTimeMs, type IdentifiedEvent } from './event-id.ts';
import type { LedgerDb } from './ledger.ts';
import { kilograms } from './quantity.ts';

/** Notes which batches went into new transformations, and which came out. */
export async function storeGenealogy(
  trx: LedgerDb,
  fresh: readonly IdentifiedEvent<TransformationEvent>[],
): Promise<void> {
  const rows = fresh.flatMap(({ id, event }) => {
    const sides = [
      ['input', event.inputQuantityList],
      ['output', event.outputQuantityList],
    ] as const;
    const common = {
      event_id: id,
      time_ms: eventTimeMs(event),
      transformation: event.transformationID ?? null,
      ...{ asset: null, org: null, produce: null },
    };
    return sides.flatMap(([role, list]) =>
      [...new Set(list.map((q) => q.epcClass))].map((batch) => ({
        ...common,
        role,
        batch,
        quantity_kg: kilograms(list, batch),
      })),
    );
  });
  for (const some of chunks(rows)) await trx.insertInto('genealogy').values(some).execute();
}

/** What the inputs of a transformation bequeath, by batch, and which batches come out of it. */
export interface Transformation {
  readonly bequests: Map<string, Heritage>;
  readonly outputs: readonly string[];
}

/** The transformations by event id, with what their inputs bequeathed when they were last looked at. */
export async function readTransformations(
  db: LedgerDb,
  eventIds: readonly string[],
): Promise<Map<string, Transformation>> {
  const found = new Map<string, { bequests: Map<string, Heritage>; outputs: string[] }>();
  for (const some of chunks(eventIds)) {
    const rows = await db
      .selectFrom('genealogy')
      .select(['event_id', 'role', 'batch', 'asset', 'org', 'produce'])
      .where('event_id', 'in', some)
      .execute();
    for (const { event_id, role, batch, asset, org, produce } of rows) {
      let transformation = found.get(event_id);
      if (!transformation) {
        transformation = { bequests: new Map(), outputs: [] };
        found.set(event_id, transformation);
      }
      if (role === 'output') transformation.outputs.push(batch);
      else transformation.bequests.set(batch, { asset, org, produce });
    }
  }
  return found;
}

/** Keeps what inputs bequeath. */
export async function writeBequests(
  trx: LedgerDb,
  bequests: readonly (Bequest & { readonly batch: string })[],
): Promise<void> {
  for (const { eventId, batch, asset, org, produce } of bequests) {
    await trx
      .updateTable('genealogy')
      .set({ asset, org, produce })
      .where('event_id', '=', eventId)
      .where('role', '=', 'input')
      .where('batch', '=', batch)
      .execute();
  }
}

/** What the inputs agree on: who does not know has no say, and where two differ nothing is inherited. */
export function heritageOf(bequests: Iterable<Heritage>): Heritage {
  const all = [...bequests];
  return {
    asset: agreed(all.map((b) => b.asset)),
    org: agreed(all.map((b) => b.org)),
    produce: agreed(all.map((b) => b.produce)),
  };
}

function agreed<T>(values: readonly (T | null)[]): T | null {
  const known = new Set(values.filter((value) => value !== null));
  return known.size === 1 ? [...known][0]! : null;
}

/** A batch that another was made of, or that became another. */
export interface Kin {
  /** LGTIN class URI. */
  readonly batch: string;
  /** How much of it went in, or came out; null where the event does not say so in kilograms. */
  readonly quantityKg: number | null;
  readonly timeMs: number;
  readonly transformation: string | null;
}

/** Of each batch, what it was made of and what it became; ascending by (time, batch). */
export interface KinOf {
  readonly batch: string;
  readonly madeFrom: readonly Kin[];
  readonly became: readonly Kin[];
}

/** The batches directly before and after these, in their order. */
export async function readKin(db: LedgerDb, batches: readonly string[]): Promise<KinOf[]> {
  const found = new Map(batches.map((batch) => [batch, { batch, madeFrom: [] as Kin[], became: [] as Kin[] }]));
  for (const some of chunks(batches)) {
    const rows = await db
      .selectFrom('genealogy as own')
      .innerJoin('genealogy as kin', (join) =>
        join.onRef('kin.event_id', '=', 'own.event_id').onRef('kin.role', '<>', 'own.role'),
      )
      .select(['own.batch as of', 'kin.role', 'kin.batch', 'kin.quantity_kg', 'kin.time_ms', 'kin.transformation'])
      .where('own.batch', 'in', some)
      .execute();
    for (const { of, role, batch, quantity_kg, time_ms, transformation } of rows) {
      const kin = { batch, quantityKg: quantity_kg, timeMs: time_ms, transformation };
      found.get(of)![role === 'input' ? 'madeFrom' : 'became'].push(kin);
    }
  }
  for (const { madeFrom, became } of found.values()) {
    madeFrom.sort(inKinOrder);
    became.sort(inKinOrder);
  }
  return [...found.values()];
}

function inKinOrder(a: Kin, b: Kin): number {
  return a.timeMs - b.timeMs || (a.batch < b.batch ? -1 : a.batch > b.batch ? 1 : 0);
}
