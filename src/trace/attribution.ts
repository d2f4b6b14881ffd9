import { BATCH_CHANNEL } from '../contract/batch-report.ts';
import type { Breach } from '../contract/breach.ts';
import { listBreaches } from '../store/ledger/breaches.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import type { TracedBreach, TraceLeg } from './trace-types.ts';

/**
 * The breaches a batch went through, each with who held the batch when it began. A breach that had begun before the
 * batch came in is put down to who brought it in: to them the batch's own exposure begins.
 * @param batch breaches of other batches in the same asset are not this one's
 * @param profile breaches of another produce in the same asset are not this batch's; null takes none
 */
export async function attributeBreaches(
  db: LedgerDb,
  batch: string,
  legs: readonly TraceLeg[],
  profile: string | null,
): Promise<TracedBreach[]> {
  const first = legs[0];
  if (!first || profile === null) return [];
  const found = await listBreaches(db, {
    assets: [...new Set(legs.map((leg) => leg.asset))],
    interval: { fromMs: first.fromMs, toMs: endOf(legs.at(-1)!.toMs) },
  });
  return found
    .filter((breach) => breach.profile === profile && (breach.channel !== BATCH_CHANNEL || breach.device === batch))
    .flatMap((breach) => attribute(breach, legs) ?? []);
}

function attribute(breach: Breach, legs: readonly TraceLeg[]): TracedBreach | undefined {
  const exposed = [...legs.keys()].filter((i) => overlaps(breach, legs[i]!));
  if (exposed.length === 0) return undefined;
  const first = legs[exposed[0]!]!;
  const last = legs[exposed.at(-1)!]!;
  const exposedToMs = Math.min(endOf(breach.endMs), endOf(last.toMs));
  return {
    ...breach,
    heldBy: first.org,
    exposedFromMs: Math.max(breach.startMs, first.fromMs),
    exposedToMs: Number.isFinite(exposedToMs) ? exposedToMs : null,
    legs: exposed,
  };
}

function overlaps(breach: Breach, leg: TraceLeg): boolean {
  return breach.asset === leg.asset && breach.startMs < endOf(leg.toMs) && endOf(breach.endMs) > leg.fromMs;
}

function endOf(toMs: number | null): number {
  return toMs ?? Number.POSITIVE_INFINITY;
}
