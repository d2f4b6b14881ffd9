import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundTo } from '../../src/contract/channel.ts';
import { FRAMES_PER_CHUNK_MAX, type FrameStore, type Slice } from '../../src/store/frames/store.ts';
import { FrameStoreModel, foldBuckets, plainDownsampled } from './frame-store-model.ts';
import { allOf, batchOf, chunksOf, frame, type PlainFrame, plain, rangeOf } from './frames.ts';

export interface OpenedFrameStore {
  readonly store: FrameStore;
  /** Ends what `open` started, after the store is closed. */
  release(): Promise<void>;
}

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 7, 20, 6);

/**
 * The contract of the FrameStore port, run on every adapter. Each test uses devices of its own; only the last one
 * clears the store.
 */
export function frameStoreConformance(name: string, open: () => Promise<OpenedFrameStore>): void {
  describe(`FrameStore contract: ${name}`, () => {
    let opened: OpenedFrameStore;
    let store: FrameStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await store?.close();
      await opened?.release();
    });

    test('a store that nobody told to drop frames keeps everything', async () => {
      expect(await store.retention()).toBeNull();
    });

    test('values, sequence numbers and times come back bit for bit', async () => {
      const device = 'grower/bits';
      const odd = [0, 1, -1, 0.1 + 0.2, -40.125, 1 / 3, 5e-324, 2 ** 53 - 1, 1.7976931348623157e308, 1e21, 1e-7];
      const frames = [
        ...odd.map((value, i) => frame(device, T0 + i, { 'pulp-1': value, 'air-return': -value || 0 }, i)),
        frame(device, T0 + 500, { 'pulp-1': roundTo(0.1 + 0.2, 3) }, 2 ** 53 - 1),
        frame(device, T0 + 501, { lat: 39.467123, lon: 75.989999 }, null),
        frame(device, T0 + 502, { humidity: 91.5 }, 0),
      ];
      expect(await store.append(batchOf(frames))).toEqual({ refused: [] });
      expect(await rangeOf(store, [allOf(device)])).toEqual(frames.map(plain));
    });

    test('appending the same frames again changes nothing', async () => {
      const device = 'grower/again';
      const frames = Array.from({ length: 40 }, (_, i) => frame(device, T0 + i * MINUTE, { 'pulp-1': i / 8 }, i));
      for (let times = 0; times < 3; times++) await store.append(batchOf(frames));
      await store.append(batchOf(frames.slice(10, 20)));
      expect(await rangeOf(store, [allOf(device)])).toEqual(frames.map(plain));
      const [series] = await store.downsample([allOf(device)], ['pulp-1'], 60 * MINUTE);
      expect(series!.count[0]).toBe(40);
    });

    test('a frame replaces the one of its identity, here by the union with late channels', async () => {
      const device = 'grower/union';
      await store.append(batchOf([frame(device, T0, { 'pulp-1': 1 }, 7), frame(device, T0 + 1, { 'pulp-1': 2 })]));
      await store.append(batchOf([frame(device, T0, { 'pulp-1': 1, 'air-return': 3, humidity: 90 }, 7)]));
      expect(await rangeOf(store, [allOf(device)])).toEqual([
        { device, timeMs: T0, seq: 7, channels: { 'air-return': 3, humidity: 90, 'pulp-1': 1 } },
        { device, timeMs: T0 + 1, seq: null, channels: { 'pulp-1': 2 } },
      ]);
    });

    test('frames appended in any order come back in order of time', async () => {
      const device = 'grower/order';
      const times = [50, 3, 999, 7, 0, 500, 4, 1, 2];
      await store.append(batchOf(times.map((t) => frame(device, T0 + t, { door: t % 2 }))));
      await store.append(batchOf([frame(device, T0 + 5, { door: 1 })]));
      const found = await rangeOf(store, [allOf(device)]);
      expect(found.map((f) => f.timeMs - T0)).toEqual([0, 1, 2, 3, 4, 5, 7, 50, 500, 999]);
    });

    test('slices come in the order asked, half-open, the same device twice if asked twice', async () => {
      const [a, b] = ['grower/slice-a', 'grower/slice-b'];
      const times = [0, 10, 20, 30];
      await store.append(batchOf(times.flatMap((t) => [a, b].map((d) => frame(d, T0 + t, { ambient: t })))));
      const found = await rangeOf(store, [
        { device: b, fromMs: T0 + 10, toMs: T0 + 30 },
        { device: a, fromMs: T0 + 30, toMs: T0 + 31 },
        { device: a, fromMs: T0, toMs: T0 + 10 },
        { device: b, fromMs: T0 + 10, toMs: T0 + 11 },
      ]);
      expect(found.map((f) => `${f.device} ${f.timeMs - T0}`)).toEqual([
        `${b} 10`,
        `${b} 20`,
        `${a} 30`,
        `${a} 0`,
        `${b} 10`,
      ]);
    });

    test('many slices at once keep their order', async () => {
      const devices = Array.from({ length: 27 }, (_, d) => `grower/many-${d}`);
      await store.append(batchOf(devices.map((device, d) => frame(device, T0 + d, { battery: d }))));
      const asked = devices.toReversed();
      expect((await rangeOf(store, asked.map(allOf))).map((f) => f.device)).toEqual(asked);
    });

    test('several layouts of one device come back as the same frames', async () => {
      const device = 'grower/layouts';
      const frames = [
        frame(device, T0, { 'pulp-1': 1, 'pulp-2': 2 }, 1),
        frame(device, T0 + 1, { door: 1 }, 2),
        frame(device, T0 + 2, { 'pulp-2': 3, humidity: 80 }, 3),
        frame(device, T0 + 3, { 'pulp-1': 4, 'pulp-2': 5 }, 4),
      ];
      await store.append(batchOf(frames));
      expect(await rangeOf(store, [allOf(device)])).toEqual(frames.map(plain));
    });

    test('with channels, only those; frames without any of them are left out', async () => {
      const device = 'grower/channels';
      await store.append(
        batchOf([
          frame(device, T0, { 'pulp-1': 1, door: 0, humidity: 80 }, 1),
          frame(device, T0 + 1, { door: 1 }, 2),
          frame(device, T0 + 2, { humidity: 81 }, 3),
          frame(device, T0 + 3, { speed: 3 }, 4),
        ]),
      );
      expect(await rangeOf(store, [allOf(device)], ['pulp-1', 'humidity'])).toEqual([
        { device, timeMs: T0, seq: 1, channels: { humidity: 80, 'pulp-1': 1 } },
        { device, timeMs: T0 + 2, seq: 3, channels: { humidity: 81 } },
      ]);
      expect(await rangeOf(store, [allOf(device)], ['set-point'])).toEqual([]);
      expect(await rangeOf(store, [allOf(device)], [])).toEqual([]);
    });

    test('empty ranges, unknown devices and no slices yield nothing', async () => {
      const device = 'grower/empty';
      await store.append(batchOf([frame(device, T0, { ambient: 1 })]));
      expect(await rangeOf(store, [])).toEqual([]);
      expect(await rangeOf(store, [allOf('grower/nobody')])).toEqual([]);
      expect(await rangeOf(store, [{ device, fromMs: T0 + 1, toMs: T0 + 1000 }])).toEqual([]);
      expect(await rangeOf(store, [{ device, fromMs: T0, toMs: T0 }])).toEqual([]);
      expect(await rangeOf(store, [{ device, fromMs: T0 + 1, toMs: T0 - 1 }])).toEqual([]);
      expect(await store.append(batchOf([]))).toEqual({ refused: [] });
    });

    test('10,000 frames come in chunks that are not too long, each frame once', async () => {
      const device = 'grower/long';
      const count = 10_000;
      const frames = Array.from({ length: count }, (_, i) =>
        frame(device, T0 + i * 10, { 'air-return': i / 1000, 'air-supply': (count - i) / 7 }, i),
      );
      await store.append(batchOf(frames));
      const chunks = await chunksOf(store, [allOf(device)]);
      expect(Math.max(...chunks.map((chunk) => chunk.size))).toBeLessThanOrEqual(FRAMES_PER_CHUNK_MAX);
      expect(chunks.every((chunk) => chunk.device === device && chunk.layout.key === 'air-return,air-supply')).toBe(
        true,
      );
      const times = chunks.flatMap((chunk) => [...chunk.timeMs]);
      expect(times).toEqual(frames.map((f) => f.timeMs));
      expect(chunks.flatMap((chunk) => [...chunk.values])).toEqual(frames.flatMap((f) => [...Array.from(f.values)]));
    });

    test('down-sampled series are the fold over the range, in buckets aligned to the epoch', async () => {
      const [a, b] = ['grower/down-a', 'grower/down-b'];
      const frames = Array.from({ length: 600 }, (_, i) =>
        frame(
          i % 2 ? a : b,
          T0 + i * 7_001,
          i % 5 ? { 'pulp-1': roundTo(Math.sin(i) * 30, 3) } : { 'pulp-1': i, door: 1 },
          i,
        ),
      );
      await store.append(batchOf(frames));
      const slices: Slice[] = [
        { device: b, fromMs: T0 + 100_000, toMs: T0 + 2_000_001 },
        { device: a, fromMs: T0, toMs: T0 + 5_000_000 },
        { device: 'grower/nobody', fromMs: T0, toMs: T0 + 1 },
        { device: a, fromMs: T0, toMs: T0 },
      ];
      const channels = ['door', 'pulp-1', 'speed'];
      for (const bucketMs of [1_000, 13 * MINUTE, 24 * 60 * MINUTE]) {
        const expected = [];
        for (const slice of slices) {
          const found = await rangeOf(store, [slice]);
          expected.push(...foldBuckets(slice.device, channels, found, bucketMs));
        }
        expect((await store.downsample(slices, channels, bucketMs)).map(plainDownsampled)).toEqual(expected);
      }
      expect(await store.downsample(slices, [], MINUTE)).toEqual([]);
      expect(await store.downsample([], channels, MINUTE)).toEqual([]);
    });

    test('latest gives the newest frame of the devices asked for, sorted by device', async () => {
      const [a, b, c] = ['grower/latest-a', 'grower/latest-b', 'grower/latest-c'];
      await store.append(
        batchOf([
          frame(c, T0 + 5, { ambient: 5, door: 1 }, 12),
          frame(c, T0 + 1, { ambient: 1, humidity: 70 }, 13),
          frame(a, T0 + 9, { lat: 39.5 }),
          frame(a, T0 + 8, { lat: 39.4, lon: 76 }),
          frame(b, T0 + 7, { lat: 1 }),
        ]),
      );
      expect(await store.latest([c, 'grower/nobody', a, c])).toEqual([
        { device: a, timeMs: T0 + 9, values: { lat: 39.5 } },
        { device: c, timeMs: T0 + 5, values: { ambient: 5, door: 1 } },
      ]);
      expect(await store.latest([])).toEqual([]);
    });

    test('any appends in any order: range, down-sampling and latest answer as the model does', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(appendPlan, { maxLength: 6 }),
          fc.array(slicePlan, { maxLength: 5 }),
          channelPlan,
          async (appends, sliceOf, channels) => {
            const org = `model-${run++}`;
            const model = new FrameStoreModel();
            for (const planned of appends) {
              const frames = distinct(planned.map((p) => merged(model, { ...p, device: `${org}/${p.device}` })));
              model.append(frames);
              expect(
                await store.append(batchOf(frames.map((f) => frame(f.device, f.timeMs, f.channels, f.seq)))),
              ).toEqual({ refused: [] });
            }
            const slices = sliceOf.map((s) => ({ ...s, device: `${org}/${s.device}` }));
            expect(await rangeOf(store, slices)).toEqual(model.range(slices));
            expect(await rangeOf(store, slices, channels)).toEqual(model.range(slices, channels));
            const devices = DEVICES.map((device) => `${org}/${device}`);
            expect(await store.latest(devices)).toEqual(model.latest(devices));
            const expected = slices.flatMap((slice) => foldBuckets(slice.device, channels, model.range([slice]), 7));
            expect((await store.downsample(slices, channels, 7)).map(plainDownsampled)).toEqual(expected);
          },
        ),
        { numRuns: 40 },
      );
    });

    test('clear removes every frame; what is appended afterwards is there; latest then names every device', async () => {
      await store.append(batchOf([frame('grower/old', T0, { ambient: 1 })]));
      await store.clear();
      expect(await store.latest()).toEqual([]);
      expect(await rangeOf(store, [allOf('grower/old')])).toEqual([]);
      await store.append(batchOf([frame('grower/z', T0, { ambient: 2 }), frame('grower/a', T0, { door: 1 })]));
      expect((await store.latest()).map((latest) => latest.device)).toEqual(['grower/a', 'grower/z']);
    });
  });
}

const DEVICES = ['d1', 'd2', 'd3'] as const;
const CHANNELS = ['air-return', 'door', 'humidity', 'pulp-1', 'pulp-12'] as const;

const value = fc.oneof(
  fc.double({ min: -60, max: 60, noNaN: true }).map((v) => roundTo(v, 3)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v || 0),
);
const framePlan = fc.record({
  device: fc.constantFrom(...DEVICES),
  timeMs: fc.integer({ min: 0, max: 40 }).map((t) => T0 + t),
  seq: fc.option(fc.maxSafeNat()),
  channels: fc.dictionary(fc.constantFrom(...CHANNELS), value, { minKeys: 1, noNullPrototype: true }),
});
const appendPlan = fc.array(framePlan, { maxLength: 30 });
const slicePlan = fc
  .record({ device: fc.constantFrom(...DEVICES), from: fc.integer({ min: -1, max: 41 }), length: fc.nat(45) })
  .map(({ device, from, length }) => ({ device, fromMs: T0 + from, toMs: T0 + from + length }));
const channelPlan = fc.uniqueArray(fc.constantFrom(...CHANNELS), { minLength: 1 });

/** As the projector does: what is already kept for an identity stays, other channels join it. */
function merged(model: FrameStoreModel, planned: PlainFrame): PlainFrame {
  const kept = model.at(planned.device, planned.timeMs);
  if (!kept) return planned;
  return { ...planned, seq: kept.seq ?? planned.seq, channels: { ...planned.channels, ...kept.channels } };
}

/** Identities within one call are distinct: the first one stays. */
function distinct(frames: readonly PlainFrame[]): PlainFrame[] {
  const byIdentity = new Map<string, PlainFrame>();
  for (const f of frames) {
    const identity = `${f.device} ${f.timeMs}`;
    if (!byIdentity.has(identity)) byIdentity.set(identity, f);
  }
  return [...byIdentity.values()];
}
