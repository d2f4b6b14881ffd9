/**
 * The simulator on one core: physics into packed frames, line protocol, how cost and memory grow with the fleet, and
 * what the season would take. Rates are per second of processor time, since other work on the machine is nobody's
 * fault.
 *
 *   npx tsx test/bench/simulate.ts
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FleetMeter } from '../../simulators/device/fleet-meter.ts';
import { FrameBlock } from '../../simulators/device/frame-block.ts';
import { digestSimulation } from '../../simulators/digest.ts';
import { influx } from '../../simulators/output/influx.ts';
import { type Plan, SLICE_MS } from '../../simulators/plan/types.ts';
import { runBlocks, runSimulation } from '../../simulators/run.ts';
import { planOf } from '../../simulators/source.ts';
import { createWorld } from '../../simulators/world/world.ts';

const DAY_SLICES = 86_400_000 / SLICE_MS;
const ROUNDS = 3;
const MANY = 10;
const WORKERS = 2;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Processor time of this process, s. */
function cpuS(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[xs.length >> 1]!;
const millions = (count: number): string => `${(count / 1e6).toFixed(2)}M`;

/** A plan many times over: every asset, device and batch has `times` of its kind. Scans are left out. */
function multiplied(plan: Plan, times: number): Plan {
  const copies = Array.from({ length: times }, (_, copy) => copy);
  const assetIx = (ix: number | null, copy: number) => (ix === null ? null : ix + copy * plan.assets.length);
  const batchIx = (ix: number, copy: number) => ix + copy * plan.batches.length;
  const deviceIx = (ix: number | null, copy: number) => (ix === null ? null : ix + copy * plan.devices.length);
  // By entry, not by copy: these are in order of time.
  const each = <T, U>(list: readonly T[], make: (entry: T, copy: number) => U): U[] =>
    list.flatMap((entry) => copies.map((copy) => make(entry, copy)));
  return {
    ...plan,
    assets: copies.flatMap((copy) => plan.assets.map((asset) => ({ ...asset, key: `${asset.key}-${copy}` }))),
    devices: copies.flatMap((copy) =>
      plan.devices.map((device) => ({
        ...device,
        key: `${device.key}-${copy}`,
        assetIx: assetIx(device.assetIx, copy)!,
      })),
    ),
    batches: copies.flatMap((copy) => plan.batches.map((batch) => ({ ...batch, id: `${batch.id}-${copy}` }))),
    moves: each(plan.moves, (move, copy) => ({
      ...move,
      batchIx: batchIx(move.batchIx, copy),
      fromAssetIx: assetIx(move.fromAssetIx, copy),
      toAssetIx: assetIx(move.toAssetIx, copy),
    })),
    blends: each(plan.blends, (blend, copy) => ({
      ...blend,
      assetIx: assetIx(blend.assetIx, copy)!,
      inputs: blend.inputs.map((ix) => batchIx(ix, copy)),
      outputs: blend.outputs.map((ix) => batchIx(ix, copy)),
    })),
    faults: each(plan.faults, (fault, copy) => ({
      ...fault,
      assetIx: assetIx(fault.assetIx, copy)!,
      deviceIx: deviceIx(fault.deviceIx, copy),
    })),
    scans: { ...plan.scans, size: 0 },
  };
}

interface Cost {
  readonly s: number;
  readonly frames: number;
  readonly readings: number;
}

/** What it costs to simulate the first slices of a plan. */
function cost(plan: Plan, slices: number): Cost {
  const beganS = cpuS();
  let frames = 0;
  let readings = 0;
  let left = slices;
  for (const block of runBlocks(plan, createWorld(plan))) {
    frames += block.size;
    readings += block.readings;
    if (--left === 0) break;
  }
  return { s: cpuS() - beganS, frames, readings };
}

function physics(plan: Plan): void {
  const fleet = multiplied(plan, MANY);
  cost(fleet, DAY_SLICES);
  const costs = Array.from({ length: ROUNDS }, () => cost(fleet, 2 * DAY_SLICES));
  const rate = median(costs.map(({ s, readings }) => readings / s));
  const perFrame = median(costs.map(({ s, frames }) => (s * 1e6) / frames));
  console.log(
    `physics into packed frames, the demo ${MANY} times over: ${millions(rate)} readings/s, ${perFrame.toFixed(2)} µs a frame`,
  );
}

/** The whole of it: early days have few trucks on the road and full rooms, so that no single day stands for it. */
async function season(): Promise<void> {
  const beganS = cpuS();
  const { readings, frames, elapsedMs, digest } = await digestSimulation({ scenario: 'season' }, { workers: WORKERS });
  const spentS = cpuS() - beganS;
  console.log(
    `the season with ${WORKERS} workers, planning included: ${(elapsedMs / 60_000).toFixed(1)} min, ${millions(readings)} readings, ${millions(readings / spentS)} a second and core, ${((spentS * 1e6) / frames).toFixed(2)} µs a frame, digest ${digest?.slice(0, 8)}`,
  );
}

function lineProtocol(plan: Plan): void {
  const rates: { written: number[]; whole: number[] } = { written: [], whole: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const writer = influx.open!();
    let fields = 0;
    let writingS = 0;
    const beganS = cpuS();
    for (const slice of runSimulation(plan, createWorld(plan))) {
      const fromS = cpuS();
      writer.slice(slice);
      writingS += cpuS() - fromS;
      for (const pack of slice.packs) for (const frame of pack.frames) fields += frame.values.length + 1;
    }
    // The first round warms up.
    if (round === 0) continue;
    rates.written.push(fields / writingS);
    rates.whole.push(fields / (cpuS() - beganS));
  }
  console.log(
    `line protocol: ${millions(median(rates.written))} fields/s written, ${millions(median(rates.whole))} with physics, sensors and delivery`,
  );
}

function scaling(plan: Plan): void {
  const big = multiplied(plan, MANY);
  cost(plan, DAY_SLICES);
  const ratios = Array.from({ length: ROUNDS }, () => cost(big, DAY_SLICES).s / cost(plan, DAY_SLICES).s);
  console.log(`${MANY} times ${plan.assets.length} assets: ${median(ratios).toFixed(1)} times the time`);
}

/** Bytes that a world and its devices hold after an hour, beside their plan. */
function runtimeBytes(plan: Plan): number {
  collect();
  const before = process.memoryUsage();
  const world = createWorld(plan);
  const meter = new FleetMeter(plan, world);
  const block = new FrameBlock();
  for (let fromMs = plan.startMs; fromMs < plan.startMs + 12 * SLICE_MS; fromMs += SLICE_MS) {
    world.beginSlice(fromMs);
    block.reset(fromMs, fromMs + SLICE_MS);
    meter.measure(fromMs, fromMs + SLICE_MS, block);
    world.endSlice(fromMs + SLICE_MS);
  }
  collect();
  const after = process.memoryUsage();
  // Used after the measurement, so that nothing of it could be collected before.
  if (block.size > 0) meter.measure(0, 0, block);
  return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
}

function memory(plan: Plan): void {
  // The first run pays for what is compiled and cached once.
  runtimeBytes(multiplied(plan, MANY));
  const few = runtimeBytes(multiplied(plan, MANY));
  const many = runtimeBytes(multiplied(plan, 4 * MANY));
  const bytes = (many - few) / (3 * MANY * plan.assets.length);
  const batches = plan.batches.length / plan.assets.length;
  console.log(`memory beside the plan: ${Math.round(bytes)} B an asset, with ${batches.toFixed(1)} batches each`);
}

const demo = planOf({ scenario: 'demo' });
physics(demo);
lineProtocol(demo);
scaling(demo);
memory(demo);
await season();
