import { expect, test } from 'vitest';
import { chunksByDevice } from '../../src/project/forward.ts';
import { RecentFrames } from '../../src/project/recent-frames.ts';
import { batchOf, frame } from '../conformance/frames.ts';

const DEVICE = 'org/dev';

/** What a cycle stored: a frame a second. */
const stored = (fromMs: number, count: number, device = DEVICE) =>
  chunksByDevice(batchOf(Array.from({ length: count }, (_, i) => frame(device, fromMs + i * 1000, { 'pulp-1': i }))));

const times = (recent: RecentFrames, fromMs: number, toMs: number) =>
  recent.of({ device: DEVICE, fromMs, toMs })?.flatMap((chunk) => [...chunk.timeMs]);

test('what came since it began to listen is there, what came before is not', () => {
  const recent = new RecentFrames();
  recent.take(stored(10_000, 2), () => 9000);
  recent.take(stored(12_000, 2), () => 11_000);
  expect(times(recent, 10_000, 14_000)).toEqual([10_000, 11_000, 12_000, 13_000]);
  expect(times(recent, 12_000, 12_500)).toEqual([12_000, 13_000]);
  expect(times(recent, 20_000, 21_000)).toEqual([]);
  expect(times(recent, 9000, 14_000)).toBeUndefined();
});

test('a late frame is in the store alone, and what was held with it', () => {
  const recent = new RecentFrames();
  recent.take(stored(10_000, 2), () => 0);
  recent.take(stored(10_500, 1), () => 11_000);
  expect(times(recent, 10_000, 12_000)).toBeUndefined();
  recent.take(stored(12_000, 1), () => 11_000);
  expect(times(recent, 11_000, 13_000)).toBeUndefined();
  expect(times(recent, 12_000, 13_000)).toEqual([12_000]);
});

test('the oldest go where there are too many', () => {
  const recent = new RecentFrames();
  recent.take(stored(0, 2000), () => -1);
  for (let n = 0; n < 100; n++) recent.take(stored(n * 2_000_000, 2000, 'org/other'), () => n * 2_000_000 - 1);
  expect(times(recent, 0, 1000)).toBeUndefined();
  expect(times(recent, 2_000_000, 3_000_000)).toEqual([]);
});
