import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, framesOf, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';

const LAYOUTS = [
  ['air'],
  ['air', 'door'],
  ['pulp-2', 'pulp-1', 'lat', 'lon'],
  Array.from({ length: 99 }, (_, i) => `pulp-${i + 1}`),
].map(internLayout);

const frame: fc.Arbitrary<Frame> = fc
  .record({
    device: fc.constantFrom('a/1', 'a/2', 'b/1'),
    timeMs: fc.integer({ min: 0, max: 2 ** 42 }),
    seq: fc.option(fc.maxSafeNat()),
    layout: fc.constantFrom(...LAYOUTS),
    value: fc.double({ noNaN: true }),
  })
  .map(({ value, ...rest }) => ({ ...rest, values: Float64Array.from(rest.layout.channels, (_, i) => value + i) }));

const frames = fc.array(frame, { maxLength: 60 });

test('frames come out as they went in, in order', () => {
  fc.assert(
    fc.property(frames, (list) => {
      const builder = new FrameBatchBuilder();
      for (const f of list) builder.addFrame(f);
      expect(builder.size).toBe(list.length);
      expect(builder.readings).toBe(list.reduce((sum, f) => sum + f.layout.channels.length, 0));
      expect([...framesOf(builder.take())]).toEqual(list);
    }),
  );
});

test('a rollback leaves what was there at the mark, and adding goes on behind it', () => {
  fc.assert(
    fc.property(frames, frames, frames, (kept, dropped, later) => {
      const builder = new FrameBatchBuilder();
      for (const f of kept) builder.addFrame(f);
      const mark = builder.mark();
      for (const f of dropped) builder.addFrame(f);
      builder.rollback(mark);
      expect(builder.size).toBe(kept.length);
      for (const f of later) builder.addFrame(f);
      expect([...framesOf(builder.take())]).toEqual([...kept, ...later]);
    }),
  );
});

test('a taken batch is the caller’s own: the builder starts empty and does not write to it', () => {
  fc.assert(
    fc.property(frames, frames, (first, second) => {
      const builder = new FrameBatchBuilder();
      for (const f of first) builder.addFrame(f);
      const batch = builder.take();
      expect(builder.size).toBe(0);
      expect(builder.readings).toBe(0);
      for (const f of second) builder.addFrame(f);
      expect([...framesOf(batch)]).toEqual(first);
      expect([...framesOf(builder.take())]).toEqual(second);
    }),
  );
});

test('it grows past its first size in frames and in values', () => {
  const builder = new FrameBatchBuilder();
  const wide = LAYOUTS[3]!;
  for (let i = 0; i < 1000; i++)
    builder.add(
      `a/${i % 7}`,
      i,
      i,
      wide,
      Float64Array.from(wide.channels, (_, c) => i * 100 + c),
    );
  const batch = builder.take();
  expect(batch.devices).toHaveLength(7);
  expect(batch.layouts).toEqual([wide]);
  expect([...framesOf(batch)].every((f, i) => f.seq === i && f.values[98] === i * 100 + 98)).toBe(true);
});

test('frames copied from another batch are equal, values taken from where they lie', () => {
  fc.assert(
    fc.property(frames, (list) => {
      const source = new FrameBatchBuilder();
      for (const f of list) source.addFrame(f);
      const batch = source.take();
      const copy = new FrameBatchBuilder();
      for (let i = batch.size - 1; i >= 0; i--) copy.addFrom(batch, i);
      expect([...framesOf(copy.take())]).toEqual([...list].reverse());
    }),
  );
});

test('one set of channels has one layout, whatever its order', () => {
  expect(internLayout(['pulp-1', 'air'])).toBe(internLayout(['air', 'pulp-1']));
  expect(internLayout(['pulp-1', 'air']).key).toBe('air,pulp-1');
});
