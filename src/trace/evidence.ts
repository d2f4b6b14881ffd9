import { AIR_KINDS, PULP_KINDS } from '../contract/cargo-channels.ts';
import { readSlices } from '../store/frames/read-slices.ts';
import type { FrameStore, Slice } from '../store/frames/store.ts';
import { cargoChannels } from '../store/ledger/device-channels.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { complementOf, lengthMs, unionOf } from './intervals.ts';
import type { PlannedLeg } from './legs.ts';
import { type Band, type SliceSums, SummaryFold, summaryOf } from './summary.ts';
import type { TraceLeg } from './trace-types.ts';

type Evidence = Pick<TraceLeg, 'pulp' | 'air' | 'coveredMs' | 'gaps'>;

/** A slice and the two folds over it. */
interface FoldedSlice {
  readonly slice: Slice;
  readonly pulp: SummaryFold;
  readonly air: SummaryFold;
}

/**
 * Reads the legs' frames, in one pass over the store, and sums them up.
 * @param band for pulp; air has none: on-off control swings it beyond any band meant for fruit
 */
export async function readEvidence(
  db: LedgerDb,
  frames: Pick<FrameStore, 'range'>,
  legs: readonly PlannedLeg[],
  band: Band | null,
  maxGapMs: number,
): Promise<Evidence[]> {
  const folded = legs.map((leg) =>
    leg.slices.map((slice) => ({
      slice,
      pulp: new SummaryFold(slice, PULP_KINDS, band, maxGapMs),
      air: new SummaryFold(slice, AIR_KINDS, null, maxGapMs),
    })),
  );
  const all = folded.flat();
  const channels = await cargoChannels(db, [...new Set(all.map((f) => f.slice.device))]);
  const slices = all.map((f) => f.slice);
  for await (const { sliceIx, chunk } of readSlices(frames, slices, channels)) {
    all[sliceIx]!.pulp.add(chunk);
    all[sliceIx]!.air.add(chunk);
  }
  return legs.map((leg, i) => evidenceOf(leg, folded[i]!, band));
}

function evidenceOf(leg: PlannedLeg, folded: readonly FoldedSlice[], band: Band | null): Evidence {
  const pulp: SliceSums[] = folded.map((f) => f.pulp.end());
  const air: SliceSums[] = folded.map((f) => f.air.end());
  const covered = unionOf([...pulp, ...air].map((s) => s.covered));
  return {
    pulp: summaryOf(pulp, leg.evidenceMs, band),
    air: summaryOf(air, leg.evidenceMs, null),
    coveredMs: lengthMs(covered),
    gaps: complementOf(covered, leg.evidenceMs),
  };
}
