import { Delivery, type DevicePack, frameOf } from './device/delivery.ts';
import { FleetMeter } from './device/fleet-meter.ts';
import { FrameBlock } from './device/frame-block.ts';
import { type Plan, type PlannedScan, SLICE_MS, type World } from './plan/types.ts';

/** All that happens in [fromMs, toMs); the last slice includes its end. */
export interface Slice {
  readonly fromMs: number;
  readonly toMs: number;
  /** Ascending in time. */
  readonly scans: readonly PlannedScan[];
  /** In order of (time, device). */
  readonly packs: readonly DevicePack[];
  /** Frames that devices have lost in this slice because their memory was full. */
  readonly framesLost: number;
  /** Frames that devices hold at the slice's end, waiting for their link, or that the network holds back. */
  readonly framesKept: number;
}

export interface RunSlices {
  /** Slices are no longer than this, and never longer than one of the world. */
  readonly sliceMs?: number;
  /** Called when the world has ended a slice of its own. */
  readonly afterWorldSlice?: ((toMs: number) => void) | undefined;
}

/**
 * Runs a plan through its world. Everything but the cuts between slices is a function of the plan alone: the same
 * packs and scans come in the same order whatever the slice length.
 */
export function* runSimulation(plan: Plan, world: World, options: RunSlices = {}): Generator<Slice> {
  const sliceMs = options.sliceMs ?? SLICE_MS;
  const delivery = new Delivery(plan, frameOf);
  let nextScan = 0;
  let lostBefore = 0;
  for (const block of runBlocks(plan, world)) {
    options.afterWorldSlice?.(block.toMs);
    delivery.take(block);
    for (let fromMs = block.fromMs; fromMs < block.toMs; fromMs += sliceMs) {
      const toMs = Math.min(fromMs + sliceMs, block.toMs);
      const packs = delivery.packsUntil(toMs);
      const scans: PlannedScan[] = [];
      for (const end = scansEnd(plan, nextScan, toMs); nextScan < end; nextScan++) scans.push(plan.scans.at(nextScan));
      const { lost, kept } = delivery;
      yield { fromMs, toMs, scans, packs, framesLost: lost - lostBefore, framesKept: kept };
      lostBefore = lost;
    }
  }
}

/** Brings a world through all slices of its plan; what is done with each is done between its beginning and its end. */
export function* runSlices(
  plan: Plan,
  world: World,
  withinSlice: (fromMs: number, toMs: number) => void,
): Generator<{ readonly fromMs: number; readonly toMs: number }> {
  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
    const toMs = Math.min(fromMs + SLICE_MS, plan.endMs);
    world.beginSlice(fromMs);
    withinSlice(fromMs, toMs);
    world.endSlice(toMs);
    yield { fromMs, toMs };
  }
}

/**
 * What the devices of some assets measure, a block for each slice of the world: without delivery, for digests, truth
 * and benchmarks. The block is reused: it is good until the next one is asked for.
 * @param assets which assets; all where left out
 */
export function* runBlocks(plan: Plan, world: World, assets?: (assetIx: number) => boolean): Generator<FrameBlock> {
  const meter = new FleetMeter(plan, world, assets);
  const block = new FrameBlock();
  const measure = (fromMs: number, toMs: number) => {
    block.reset(fromMs, toMs);
    meter.measure(fromMs, toMs, block);
  };
  for (const _ of runSlices(plan, world, measure)) yield block;
}

/**
 * The index after the last scan before an instant; scans of the plan's very end belong to its last slice.
 * @param from index to look on from
 */
export function scansEnd({ scans, endMs }: Plan, from: number, toMs: number): number {
  let end = from;
  while (end < scans.size && (scans.timeMs(end) < toMs || toMs === endMs)) end++;
  return end;
}

/** A slice's scans and packs as one sequence, by time; a scan comes before the packs of its instant. */
export function* inOrder(slice: Slice): Generator<{ scan: PlannedScan } | { pack: DevicePack }> {
  let nextScan = 0;
  for (const pack of slice.packs) {
    while (nextScan < slice.scans.length && slice.scans[nextScan]!.timeMs <= pack.timeMs) {
      yield { scan: slice.scans[nextScan++]! };
    }
    yield { pack };
  }
  while (nextScan < slice.scans.length) yield { scan: slice.scans[nextScan++]! };
}
