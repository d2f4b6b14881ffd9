import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Frame, framesOfChunk, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { IdentityResolver } from '../../src/project/identity.ts';
import { openSqliteFrames } from '../../src/store/frames/sqlite/store.ts';
import { tempDir } from '../harness/temp-dir.ts';

const temp = tempDir('identity');
afterAll(() => temp.remove());
let files = 0;

const channelValues = fc.dictionary(
  fc.constantFrom('air-return', 'pulp-1', 'pulp-2', 'door'),
  fc.constantFrom(0, 1, 4.5),
  { minKeys: 1 },
);
const arrival = fc.record({
  device: fc.constantFrom('o/a', 'o/b'),
  // Across several blocks and look-up windows, with many collisions.
  timeMs: fc.constantFrom(0, 1000, 599_999, 600_000, 4_000_000, 4_000_001, 90_000_000),
  seq: fc.option(fc.nat(3)),
  values: channelValues,
});
type Arrival = typeof arrival extends fc.Arbitrary<infer T> ? T : never;

/** The rule in its plainest form: first journaled value stays, new channels join, a contradiction drops the frame. */
function model(arrivals: readonly Arrival[]) {
  const kept = new Map<string, { seq: number | null; values: Record<string, number> }>();
  let repeats = 0;
  let conflicts = 0;
  for (const { device, timeMs, seq, values } of arrivals) {
    const id = `${device} ${timeMs}`;
    const known = kept.get(id);
    if (!known) {
      kept.set(id, { seq, values: { ...values } });
    } else if (Object.entries(values).some(([channel, v]) => channel in known.values && known.values[channel] !== v)) {
      conflicts++;
    } else if (
      Object.keys(values).every((channel) => channel in known.values) &&
      (known.seq !== null || seq === null)
    ) {
      repeats++;
    } else {
      kept.set(id, { seq: known.seq ?? seq, values: { ...known.values, ...values } });
    }
  }
  return { kept, repeats, conflicts };
}

function frameOf({ device, timeMs, seq, values }: Arrival): Frame {
  const layout = internLayout(Object.keys(values));
  return { device, timeMs, seq, layout, values: layout.channels.map((channel) => values[channel]!) };
}

test('whatever the cycles and restarts, the store holds what the rule says, and every frame is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { maxLength: 40 }),
      fc.array(fc.record({ size: fc.integer({ min: 1, max: 9 }), restart: fc.boolean() }), { maxLength: 40 }),
      async (arrivals, cuts) => {
        const store = await openSqliteFrames(`${temp.path}/frames-${files++}.db`);
        let resolver = await IdentityResolver.open(store);
        const seen = { repeats: 0, conflicts: 0 };
        let from = 0;
        for (let c = 0; from < arrivals.length; c++) {
          const { size, restart } = cuts[c] ?? { size: 40, restart: false };
          if (restart) resolver = await IdentityResolver.open(store);
          const builder = new FrameBatchBuilder();
          for (const a of arrivals.slice(from, from + size)) builder.addFrame(frameOf(a));
          from += size;
          const resolved = await resolver.resolve([builder.take()]);
          await store.append(resolved.write);
          seen.repeats += resolved.repeats;
          seen.conflicts += resolved.conflicts.length;
        }
        const expected = model(arrivals);
        const stored = new Map<string, unknown>();
        const slices = ['o/a', 'o/b'].map((device) => ({ device, fromMs: 0, toMs: 1e12 }));
        for await (const chunk of store.range(slices)) {
          for (const f of framesOfChunk(chunk)) {
            const values = Object.fromEntries(f.layout.channels.map((channel, i) => [channel, f.values[i]]));
            stored.set(`${f.device} ${f.timeMs}`, { seq: f.seq, values });
          }
        }
        await store.close();
        expect(stored).toEqual(expected.kept);
        expect(seen).toEqual({ repeats: expected.repeats, conflicts: expected.conflicts });
      },
    ),
    { numRuns: 150 },
  );
});

test('tells from when on a device has to be folded again', async () => {
  const store = await openSqliteFrames(`${temp.path}/late.db`);
  const resolver = await IdentityResolver.open(store);
  const layout = internLayout(['pulp-1']);
  const resolve = async (...timesAndValues: [number, number][]) => {
    const builder = new FrameBatchBuilder();
    for (const [timeMs, value] of timesAndValues) builder.add('o/a', timeMs, Number.NaN, layout, [value]);
    const resolved = await resolver.resolve([builder.take()]);
    await store.append(resolved.write);
    return resolved;
  };
  expect((await resolve([1000, 1], [2000, 1])).late.size).toBe(0);
  expect((await resolve([1500, 1], [1200, 1], [3000, 1])).late.get('o/a')).toEqual({ fromMs: 1200, toMs: 1501 });
  const again = await resolve([1500, 1]);
  expect(again.late.size).toBe(0);
  expect([...again.repeated.timeMs]).toEqual([1500]);
  expect(again.write.size).toBe(0);
  const contradicted = await resolve([1500, 2]);
  expect(contradicted.conflicts).toMatchObject([{ channel: 'pulp-1', kept: 1 }]);
  expect(contradicted.write.size).toBe(0);
  await store.close();
});
