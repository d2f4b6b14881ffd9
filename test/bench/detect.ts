/**
 * The detection fold on one core: 10-channel frames of reefer trucks through the prune rules. Quiet cargo, cargo in
 * trouble, and the same frames one at a time, as they come live. Every case is checked against the others' breaches
 * before it is timed; cases take turns, the median of the rounds is told with its spread, by CPU time: one core's.
 *
 *   npx tsx test/bench/detect.ts
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { roundTo } from '../../src/contract/channel.ts';
import type { FrameChunk } from '../../src/contract/frame.ts';
import { armingOf } from '../../src/detect/arming.ts';
import { DeviceFold } from '../../src/detect/fold.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { LAYOUT, STEADY } from './truck-frames.ts';

const DEVICES = 8;
/** A week of minutes. */
const FRAMES = 10_080;
const CHUNK = 2048;
const ROUNDS = 5;
const START_MS = 1_692_576_000_000;
const WIDTH = LAYOUT.channels.length;

/** A sine of some hours about a middle, with sensor noise: `swingC` decides how much of it is beyond the limits. */
function trucks(swingC: number): FrameChunk[][] {
  const random = xoroshiro128plus(42);
  const noiseC = () => uniformInt(random, -150, 150) / 1000;
  return Array.from({ length: DEVICES }, (_, d) => {
    const chunks: FrameChunk[] = [];
    for (let from = 0; from < FRAMES; from += CHUNK) {
      const size = Math.min(CHUNK, FRAMES - from);
      const timeMs = new Float64Array(size);
      const values = new Float64Array(size * WIDTH);
      for (let i = 0; i < size; i++) {
        timeMs[i] = START_MS + (from + i) * 60_000;
        const wave = Math.sin((from + i) / 90 + d) * swingC;
        for (let c = 0; c < WIDTH; c++) {
          const steady = STEADY[LAYOUT.channels[c]!];
          values[i * WIDTH + c] = steady ?? roundTo(0.8 + wave + noiseC(), 3);
        }
      }
      chunks.push({ device: `carrier/truck-${d}`, layout: LAYOUT, size, timeMs, seq: new Float64Array(size), values });
    }
    return chunks;
  });
}

/** The same frames, each in a chunk of its own. */
function oneByOne(fleet: readonly FrameChunk[][]): FrameChunk[][] {
  return fleet.map((chunks) =>
    chunks.flatMap((chunk) =>
      Array.from({ length: chunk.size }, (_, i) => ({
        ...chunk,
        size: 1,
        timeMs: chunk.timeMs.subarray(i, i + 1),
        seq: chunk.seq.subarray(i, i + 1),
        values: chunk.values.subarray(i * WIDTH, (i + 1) * WIDTH),
      })),
    ),
  );
}

const placed = [{ asset: 'carrier/truck', fromMs: 0, toMs: null }];
const held = [{ asset: 'carrier/truck', fromMs: 0, toMs: null, profile: profileFor('prune')! }];
const armed = armingOf(placed, held, () => 'reefer-truck');

/** Folds the fleet; how many breaches and checkpoints came out. */
function run(fleet: readonly FrameChunk[][]): string {
  let breaches = 0;
  let checkpoints = 0;
  const sink = { closed: () => void breaches++, checkpoint: () => void checkpoints++ };
  for (const chunks of fleet) {
    const fold = new DeviceFold(chunks[0]!.device, armed);
    for (const chunk of chunks) fold.fold(chunk, sink);
    breaches += fold.openBreaches(fold.lastTimeMs).length;
  }
  return `${breaches} breaches, ${checkpoints} checkpoints`;
}

const quiet = trucks(0.8);
const trouble = trucks(6);
const cases = [
  { name: 'quiet', fleet: quiet },
  { name: 'in trouble', fleet: trouble },
  { name: 'quiet, frame by frame', fleet: oneByOne(quiet) },
  { name: 'in trouble, frame by frame', fleet: oneByOne(trouble) },
].map((c) => ({ ...c, rates: [] as number[] }));

const outcomes = cases.map((c) => run(c.fleet));
if (outcomes[0] !== outcomes[2] || outcomes[1] !== outcomes[3]) throw new Error(`outcomes differ: ${outcomes}`);

for (let round = 0; round < ROUNDS; round++) {
  for (const c of round % 2 === 0 ? cases : [...cases].reverse()) {
    const before = process.cpuUsage();
    run(c.fleet);
    const { user, system } = process.cpuUsage(before);
    c.rates.push((DEVICES * FRAMES * WIDTH) / (user + system));
  }
}
console.log(`node ${process.version}, ${DEVICES} devices × ${FRAMES} frames × ${WIDTH} channels, ${ROUNDS} rounds`);
cases.forEach(({ name, rates }, i) => {
  const [low, median, high] = [0, rates.length >> 1, rates.length - 1].map((n) => rates.toSorted((a, b) => a - b)[n]!);
  const told = `${median!.toFixed(1)} M readings/s (${low!.toFixed(1)}–${high!.toFixed(1)})`;
  console.log(`${name.padEnd(28)} ${told.padEnd(36)} ${outcomes[i]}`);
});
