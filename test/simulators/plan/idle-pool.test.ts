import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdlePool } from '../../../simulators/plan/idle-pool.ts';

test('a pool hands out what a search through all would: the longest idle, the lowest number', () => {
  const use = fc.record({ atMs: fc.nat(100), busyMs: fc.nat(60) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(use, { maxLength: 60 }), (size, uses) => {
      const numbers = Array.from({ length: size }, (_, n) => n);
      const pool = new IdlePool(numbers);
      const freeMs = numbers.map(() => Number.NEGATIVE_INFINITY);
      for (const { atMs, busyMs } of uses) {
        const idle = numbers.filter((n) => freeMs[n]! <= atMs).sort((a, b) => freeMs[a]! - freeMs[b]! || a - b);
        const taken = pool.take(atMs);
        expect(taken).toBe(idle[0]);
        if (taken === undefined) continue;
        freeMs[taken] = atMs + busyMs;
        pool.giveBack(taken, atMs + busyMs);
      }
    }),
  );
});

test('takes the first to come back where none is free, or grows where it may', () => {
  const pool = new IdlePool([0]);
  pool.giveBack(pool.take(0)!, 50);
  expect(pool.take(10)).toBeUndefined();
  expect(pool.takeFirst(10)).toEqual({ number: 0, freeMs: 50 });
  expect(pool.takeFirst(10)).toBeUndefined();
  let next = 3;
  const growing = new IdlePool([], () => next++);
  expect([growing.take(0), growing.takeFirst(7)]).toEqual([3, { number: 4, freeMs: 7 }]);
});
