/**
 * The simulator on one core: physics into packed frames, line protocol, how cost and memory grow with the fleet; and on
 * two: a day's digest against that of one, and the season. Rates are per second of processor time, since other work on
 * the machine is nobody's fault. `--without-season` leaves out what takes most of the time.
 *
 *   npx tsx test/bench/simulate.ts
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FleetMeter } from '../../simulators/device/fleet-meter.ts';
import { FrameBlock } from '../../simulators/device/frame-block.ts';
import { digestSimulation } from '../../simulators/digest.ts';
import { influx } from '../../simulators/output/influx.ts';
import { type Plan, QUANTITIES, SLICE_MS, type World } from '../../simulators/plan/types.ts';
import { runBlocks, runSimulation } from '../../simulators/run.ts';
import { planOf } from '../../simulators/source.ts';
import { createWorld } from '../../simulators/world/world.ts';

const DAY_SLICES = 86_400_000 / SLICE_MS;
const ROUNDS = 3;
const MANY = 10;
const WORKERS = 2;
const PAIRS = 5;
const FEW_TRUCKS = 1000;
const MANY_TRUCKS = 5000;
const DAY = 'season-day';

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
  const small = () => cost(plan, DAY_SLICES).s;
  const large = () => cost(big, DAY_SLICES).s;
  small();
  large();
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    // In turns, and each first as often as last: what else the machine does falls on both.
    const [a, b] = [small(), large()];
    const [d, c] = [large(), small()];
    ratios.push((b + d) / (a + c));
  }
  const sorted = ratios.map((ratio) => ratio.toFixed(1)).sort((a, b) => Number(a) - Number(b));
  console.log(
    `${MANY} times ${plan.assets.length} assets: ${median(ratios).toFixed(1)} times the time (${PAIRS} pairs: ${sorted.join(', ')})`,
  );
}

/** Trucks of the demo's make on duty for a day, each with a device and, if asked for, a load of its own. */
function trucks(demo: Plan, count: number, loaded: boolean): Plan {
  const truckIx = demo.assets.findIndex(({ kind, duties }) => kind === 'reefer-truck' && duties.length > 0);
  const truck = demo.assets[truckIx]!;
  const device = demo.devices.find(({ assetIx }) => assetIx === truckIx)!;
  const { fromMs, track } = truck.duties[0]!;
  const toMs = fromMs + DAY_SLICES * SLICE_MS;
  const duty = { fromMs, toMs, track, doors: [], unpowered: [], unreached: [] };
  const each = Array.from({ length: count }, (_, ix) => ix);
  return {
    ...demo,
    startMs: fromMs,
    endMs: toMs,
    assets: each.map((ix) => ({ ...truck, key: `truck-${ix}`, duties: [duty] })),
    devices: each.map((ix) => ({ ...device, key: `device-${ix}`, assetIx: ix })),
    batches: loaded ? each.map((ix) => ({ id: `batch-${ix}`, massKg: 20_000, harvestPulpC: 2 })) : [],
    moves: loaded
      ? each.map((ix) => ({ timeMs: fromMs, batchIx: ix, fromAssetIx: null, toAssetIx: ix, warmerK: 0 }))
      : [],
    blends: [],
    faults: [],
    scans: { ...demo.scans, size: 0 },
  };
}

function usedBytes(): number {
  // Twice: arrays that the first one finds unused are given back by the time of the second.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** An hour of a world's beginning. What its devices measure is output, not state: it is dropped at the end. */
function runAnHour(plan: Plan, world: World, meter: FleetMeter | undefined): void {
  const block = new FrameBlock();
  for (let fromMs = plan.startMs; fromMs < plan.startMs + 12 * SLICE_MS; fromMs += SLICE_MS) {
    world.beginSlice(fromMs);
    block.reset(fromMs, fromMs + SLICE_MS);
    meter?.measure(fromMs, fromMs + SLICE_MS, block);
    world.endSlice(fromMs + SLICE_MS);
  }
}

/** Bytes that a world and, if asked for, its devices hold after an hour, beside their plan. */
function runtimeBytes(plan: Plan, equipped: boolean): number {
  const before = usedBytes();
  const world = createWorld(plan);
  const meter = equipped ? new FleetMeter(plan, world) : undefined;
  runAnHour(plan, world, meter);
  const bytes = usedBytes() - before;
  // Used after the measurement, so that nothing of it could be collected before.
  world.read(0, new Float64Array(QUANTITIES.length));
  meter?.measure(0, 0, new FrameBlock());
  return bytes;
}

/** What one more truck takes: the difference of two fleets, so that what is there once does not count. */
function bytesATruck(demo: Plan, loaded: boolean, equipped: boolean): number {
  const of = (count: number) => runtimeBytes(trucks(demo, count, loaded), equipped);
  // The first run pays for what is compiled and cached once.
  of(FEW_TRUCKS);
  return (of(MANY_TRUCKS) - of(FEW_TRUCKS)) / (MANY_TRUCKS - FEW_TRUCKS);
}

function memory(demo: Plan): void {
  const worldB = bytesATruck(demo, false, false);
  const equippedB = bytesATruck(demo, false, true);
  const loadedB = bytesATruck(demo, true, true);
  console.log(
    `memory of a truck on duty: ${Math.round(worldB)} B in the world, ${Math.round(equippedB - worldB)} B for its device of ${trucks(demo, 1, false).devices[0]!.channels.length} channels, ${Math.round(loadedB - equippedB)} B for the batch in it; together ${Math.round(loadedB)} B of 2048`,
  );
  const before = usedBytes();
  const plan = planOf({ scenario: DAY });
  const planB = usedBytes() - before;
  const { assets, devices, batches } = plan;
  console.log(
    `its plan is counted apart: ${DAY} has ${(planB / 2 ** 20).toFixed(0)} MiB for ${assets.length} assets, ${devices.length} devices and ${batches.length} batches, ${Math.round(planB / assets.length)} B an asset; so are frames kept offline`,
  );
}

/** The same frames and scans, whoever runs them. */
async function workers(): Promise<void> {
  const runs: { seconds: number; digest: string | null }[] = [];
  for (const count of [1, WORKERS]) {
    const { elapsedMs, digest } = await digestSimulation({ scenario: DAY }, { workers: count });
    runs.push({ seconds: elapsedMs / 1000, digest });
  }
  const [one, two] = runs;
  const isSame = one!.digest !== null && one!.digest === two!.digest;
  if (!isSame) process.exitCode = 1;
  console.log(
    `${DAY} with 1 worker ${one!.seconds.toFixed(0)} s, with ${WORKERS} ${two!.seconds.toFixed(0)} s, planning included; digests ${isSame ? 'the same' : 'DIFFER'}: ${one!.digest?.slice(0, 8)}, ${two!.digest?.slice(0, 8)}`,
  );
}

const demo = planOf({ scenario: 'demo' });
physics(demo);
lineProtocol(demo);
scaling(demo);
memory(demo);
await workers();
if (!process.argv.includes('--without-season')) await season();
