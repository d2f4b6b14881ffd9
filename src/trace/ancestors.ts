import { type Batch, readBatches } from '../store/ledger/batches.ts';
import { type KinOf, readKin } from '../store/ledger/genealogy.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';

/** How many ancestors are traced: each costs a few reads. */
const ANCESTORS_MAX = 1000;

interface Lineage {
  readonly ancestors: readonly { readonly batch: Batch; readonly kin: KinOf }[];
  readonly leftOut: number;
}

/** The batches that a batch was made from, directly or not, each once; the nearest where there are too many. */
export async function readAncestors(db: LedgerDb, own: KinOf): Promise<Lineage> {
  const kinOf = new Map([[own.batch, own]]);
  for (let generation = [own]; generation.length > 0; ) {
    const parents = new Set(generation.flatMap((kin) => kin.madeFrom.map((parent) => parent.batch)));
    generation = await readKin(
      db,
      [...parents].filter((batch) => !kinOf.has(batch)),
    );
    for (const kin of generation) kinOf.set(kin.batch, kin);
  }
  kinOf.delete(own.batch);
  const nearest = [...kinOf.keys()].slice(0, ANCESTORS_MAX);
  const ancestors = (await readBatches(db, nearest)).map((batch) => ({ batch, kin: kinOf.get(batch.id)! }));
  return { ancestors, leftOut: kinOf.size - nearest.length };
}
