import { type BatchEvent, type BatchLife, type Heritage, lifeFromEvents } from './custody.ts';
import type { IdentifiedEvent } from './event-id.ts';
import { heritageOf, readTransformations, type Transformation, writeBequests } from './genealogy.ts';
import type { LedgerDb } from './ledger.ts';

/** Every stored event of the batches. */
type LoadEvents = (
  batches: ReadonlySet<string>,
) => Promise<ReadonlyMap<string, readonly IdentifiedEvent<BatchEvent>[]>>;

/**
 * Derives the lives of batches anew, and of their descendants as far as what they inherit changes. It ends whatever the
 * events say: a bequest depends on earlier events alone, so each round settles those of a later time.
 */
export async function deriveLives(
  trx: LedgerDb,
  batches: ReadonlySet<string>,
  loadEvents: LoadEvents,
): Promise<Map<string, BatchLife>> {
  const lives = new Map<string, BatchLife>();
  const transformations = new Map<string, Transformation>();
  const bequeathed = new Map<string, Parameters<typeof writeBequests>[1][number]>();
  for (let round = batches; round.size > 0; ) {
    const eventsOf = await loadEvents(round);
    await addTransformations(trx, transformations, eventsOf);
    const heirs = new Set<string>();
    for (const [batch, events] of eventsOf) {
      const life = lifeFromEvents(batch, events, (id) => heritageOf(transformations.get(id)!.bequests.values()));
      if (!life) continue;
      lives.set(batch, life);
      for (const bequest of life.bequests) {
        const { bequests, outputs } = transformations.get(bequest.eventId)!;
        if (isSame(bequests.get(batch), bequest)) continue;
        bequests.set(batch, { asset: bequest.asset, org: bequest.org, produce: bequest.produce });
        bequeathed.set(`${bequest.eventId} ${batch}`, { ...bequest, batch });
        for (const output of outputs) heirs.add(output);
      }
    }
    round = heirs;
  }
  await writeBequests(trx, [...bequeathed.values()]);
  return lives;
}

async function addTransformations(
  trx: LedgerDb,
  known: Map<string, Transformation>,
  eventsOf: ReadonlyMap<string, readonly IdentifiedEvent<BatchEvent>[]>,
): Promise<void> {
  const wanted = new Set<string>();
  for (const events of eventsOf.values()) {
    for (const { id, event } of events) {
      if (event.type === 'TransformationEvent' && !known.has(id)) wanted.add(id);
    }
  }
  for (const [id, transformation] of await readTransformations(trx, [...wanted])) known.set(id, transformation);
}

function isSame(a: Heritage | undefined, b: Heritage): boolean {
  return a?.asset === b.asset && a.org === b.org && a.produce === b.produce;
}
