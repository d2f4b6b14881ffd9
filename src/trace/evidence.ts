import { channelKind } from '../contract/channel.ts';
import type { FrameChunk } from '../contract/frame.ts';
import type { FrameStore, Slice } from '../store/frames/store.ts';
import { channelsOfDevices } from '../store/ledger/device-channels.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { complementOf, lengthMs, unionOf } from './intervals.ts';
import type { PlannedLeg } from './legs.ts';
import { type Band, type SliceSums, SummaryFold, summaryOf } from './summary.ts';
import type { TraceLeg } from './trace-types.ts';

const PULP_KINDS: ReadonlySet<string> = new Set(['pulp']);
/** Supply air is what the unit blows, not what surrounds the fruit. */
const AIR_KINDS: ReadonlySet<string> = new Set(['air', 'air-return']);

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
  const channels = await cargoChannels(db, all);
  if (all.length > 0 && channels?.length !== 0) {
    await foldFrames(
      all,
      frames.range(
        all.map((f) => f.slice),
        channels,
      ),
    );
  }
  return legs.map((leg, i) => evidenceOf(leg, folded[i]!, band));
}

/** Chunks come slice by slice in the order asked: each goes to the slice it lies in. */
async function foldFrames(all: readonly FoldedSlice[], chunks: AsyncIterable<FrameChunk>): Promise<void> {
  let at = 0;
  for await (const chunk of chunks) {
    if (chunk.size === 0) continue;
    while (!holds(all[at]!.slice, chunk)) at++;
    all[at]!.pulp.add(chunk);
    all[at]!.air.add(chunk);
  }
}

function holds(slice: Slice, chunk: FrameChunk): boolean {
  const timeMs = chunk.timeMs[0]!;
  return chunk.device === slice.device && timeMs >= slice.fromMs && timeMs < slice.toMs;
}

/** The channels to ask for, sorted; undefined (all) where the ledger does not know some device's. */
async function cargoChannels(db: LedgerDb, all: readonly FoldedSlice[]): Promise<string[] | undefined> {
  const devices = [...new Set(all.map((f) => f.slice.device))];
  const known = await channelsOfDevices(db, devices);
  if (known.size < devices.length) return undefined;
  const channels = new Set([...known.values()].flat());
  return [...channels].filter((name) => isCargoKind(channelKind(name)?.kind)).sort();
}

function isCargoKind(kind: string | undefined): boolean {
  return kind !== undefined && (PULP_KINDS.has(kind) || AIR_KINDS.has(kind));
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
