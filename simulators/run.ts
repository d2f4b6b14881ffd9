import type { Frame } from '../src/contract/frame.ts';
import type { DeviceKey } from '../src/contract/words.ts';
import { Device } from './device/device.ts';
import { linksOf } from './device/link.ts';
import { type Plan, type PlannedScan, QUANTITIES, type World } from './plan/types.ts';
import { randomStream } from './random-stream.ts';

/** What leaves one device at one instant. */
export interface DevicePack {
  readonly device: DeviceKey;
  /** When it leaves the device; its frames are from then or, after an outage, from before. */
  readonly timeMs: number;
  readonly frames: readonly Frame[];
}

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
  /** Frames that devices hold at the slice's end, waiting for their link. */
  readonly framesKept: number;
}

export const SLICE_MS = 5 * 60_000;

/**
 * Devices do not sample all at the same instant, but on a grid of this width, so that the world need not be
 * brought to a different instant for every device.
 */
const PHASE_STEP_MS = 20_000;

/**
 * Runs a plan through its world. Everything but the cuts between slices is a function of the plan alone: the same
 * packs and scans come in the same order whatever the slice length.
 */
export function* runSimulation(
  plan: Plan,
  world: World,
  options: { readonly sliceMs?: number } = {},
): Generator<Slice> {
  const sliceMs = options.sliceMs ?? SLICE_MS;
  const links = linksOf(plan.outages, plan.devices.length);
  const devices = plan.devices.map((planned, ix) => new Device(plan.seed, planned, links[ix]!));
  const schedule = new Schedule(plan, devices);
  const truth = new Float64Array(QUANTITIES.length);
  let nextScan = 0;
  let lostBefore = 0;

  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += sliceMs) {
    const toMs = Math.min(fromMs + sliceMs, plan.endMs);
    const packs: DevicePack[] = [];
    while (schedule.nextMs < toMs) {
      const timeMs = schedule.nextMs;
      world.advanceTo(timeMs);
      for (const device of schedule.takeDue()) {
        world.read(device.plan.assetIx, truth);
        device.sample(timeMs, truth, (frames) => packs.push({ device: device.plan.key, timeMs, frames }));
      }
    }
    if (toMs === plan.endMs) world.advanceTo(toMs);
    const firstScan = nextScan;
    while (nextScan < plan.scans.length && isWithin(plan.scans[nextScan]!.timeMs, toMs, plan.endMs)) nextScan++;
    const lost = devices.reduce((sum, d) => sum + d.lost, 0);
    yield {
      fromMs,
      toMs,
      scans: plan.scans.slice(firstScan, nextScan),
      packs,
      framesLost: lost - lostBefore,
      framesKept: devices.reduce((sum, d) => sum + d.kept, 0),
    };
    lostBefore = lost;
  }
}

const isWithin = (timeMs: number, toMs: number, endMs: number) => timeMs < toMs || (toMs === endMs && timeMs === endMs);

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

/** Devices that sample at the same instants. */
interface Cohort {
  nextMs: number;
  readonly everyMs: number;
  readonly devices: Device[];
}

/** Says which devices sample when, in order of (time, device key). */
class Schedule {
  readonly #cohorts: readonly Cohort[];
  readonly #rank = new Map<Device, number>();

  constructor(plan: Plan, devices: readonly Device[]) {
    const sorted = [...devices].sort((a, b) => (a.plan.key < b.plan.key ? -1 : 1));
    const cohorts = new Map<string, Cohort>();
    for (const [rank, device] of sorted.entries()) {
      this.#rank.set(device, rank);
      const everyMs = device.plan.sampleMs;
      const phaseMs = phaseOf(plan.seed, device.plan.key, everyMs);
      const key = `${everyMs}+${phaseMs}`;
      // Aligned to the epoch: a device on a 1-min interval samples at the same second of every minute.
      const nextMs = Math.ceil((plan.startMs - phaseMs) / everyMs) * everyMs + phaseMs;
      const cohort = cohorts.get(key) ?? { nextMs, everyMs, devices: [] };
      cohort.devices.push(device);
      cohorts.set(key, cohort);
    }
    this.#cohorts = [...cohorts.values()];
  }

  /** The next instant at which any device samples; Infinity without devices. */
  get nextMs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const cohort of this.#cohorts) if (cohort.nextMs < earliest) earliest = cohort.nextMs;
    return earliest;
  }

  /** The devices that sample at {@link nextMs}; moves on past it. */
  takeDue(): readonly Device[] {
    const timeMs = this.nextMs;
    const due = this.#cohorts.filter((cohort) => cohort.nextMs === timeMs);
    for (const cohort of due) cohort.nextMs += cohort.everyMs;
    if (due.length === 1) return due[0]!.devices;
    return due.flatMap((c) => c.devices).sort((a, b) => this.#rank.get(a)! - this.#rank.get(b)!);
  }
}

function phaseOf(seed: number, device: DeviceKey, everyMs: number): number {
  const steps = Math.max(1, Math.floor(everyMs / PHASE_STEP_MS));
  return ((randomStream(seed, 'phase', device).next() >>> 0) % steps) * PHASE_STEP_MS;
}
