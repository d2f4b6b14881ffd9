import { createHash, type Hash } from 'node:crypto';
import { FleetMeter } from './device/fleet-meter.ts';
import { FrameBlock } from './device/frame-block.ts';
import type { Plan, World } from './plan/types.ts';
import { runSlices, scansEnd } from './run.ts';

/**
 * A run is digested in this many parts, whoever runs them: the digest must not tell how many threads there were.
 * Assets and scans are dealt out in turn, so that the parts are of one size.
 */
export const SHARDS = 8;

export const shardOf = (ix: number): number => ix % SHARDS;

/** What some shards have done up to an instant. */
export interface ShardTotals {
  readonly worldTimeMs: number;
  readonly frames: number;
  readonly readings: number;
  readonly events: number;
}

/** One shard's frames and scans, on their way into its SHA-256. */
class ShardDigest {
  readonly #hash: Hash = createHash('sha256');
  readonly #meter: FleetMeter;

  constructor(plan: Plan, world: World, shard: number) {
    this.#meter = new FleetMeter(plan, world, (assetIx) => shardOf(assetIx) === shard);
  }

  measure(fromMs: number, toMs: number, block: FrameBlock): void {
    block.reset(fromMs, toMs);
    this.#meter.measure(fromMs, toMs, block);
    const { size, deviceIx, timeMs, seq, values, valuesSize } = block;
    this.#hash.update(`${fromMs} ${size} frames\n`);
    this.#hash.update(deviceIx.subarray(0, size)).update(timeMs.subarray(0, size)).update(seq.subarray(0, size));
    this.#hash.update(values.subarray(0, valuesSize));
  }

  scan(org: string, event: unknown): void {
    this.#hash.update(`${org} ${JSON.stringify(event)}\n`);
  }

  end(): string {
    return this.#hash.digest('hex');
  }
}

/**
 * Runs some shards of a plan in one world, which must have their assets, and digests what they measure and scan.
 * Yields after each slice; returns the digest of each shard.
 */
export function* runShards(
  plan: Plan,
  world: World,
  shards: readonly number[],
): Generator<ShardTotals, Map<number, string>> {
  const digests = new Map(shards.map((shard) => [shard, new ShardDigest(plan, world, shard)]));
  const block = new FrameBlock();
  let nextScan = 0;
  let frames = 0;
  let readings = 0;
  let events = 0;
  const slices = runSlices(plan, world, (fromMs, toMs) => {
    for (const digest of digests.values()) {
      digest.measure(fromMs, toMs, block);
      frames += block.size;
      readings += block.readings;
    }
    for (const end = scansEnd(plan, nextScan, toMs); nextScan < end; nextScan++) {
      const digest = digests.get(shardOf(nextScan));
      if (!digest) continue;
      const { org, event } = plan.scans.at(nextScan);
      digest.scan(org, event);
      events++;
    }
  });
  for (const { toMs } of slices) yield { worldTimeMs: toMs, frames, readings, events };
  return new Map(Array.from(digests, ([shard, digest]) => [shard, digest.end()]));
}

/** The digest of a whole run. @param byShard the digests of all its shards */
export function digestOf(byShard: ReadonlyMap<number, string>): string {
  const whole = createHash('sha256');
  for (let shard = 0; shard < SHARDS; shard++) whole.update(byShard.get(shard)!);
  return whole.digest('hex');
}
