import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Link, linksOf } from '../../simulators/device/link.ts';
import { drawOutages } from '../../simulators/plan/links.ts';
import { randomStream } from '../../simulators/random-stream.ts';

const DAY_MS = 86_400_000;

describe('drawOutages', () => {
  it('draws ascending outages that never touch, within the run, the same for the same stream', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.double({ min: 1, max: DAY_MS, noNaN: true }),
        (seed, ratePerDay, meanMs) => {
          const draw = () => drawOutages(randomStream(seed, 'link'), 1000, 1000 + 3 * DAY_MS, ratePerDay, meanMs);
          const outages = draw();
          let before = 1000;
          for (const { fromMs, toMs } of outages) {
            expect(fromMs).toBeGreaterThan(before);
            expect(toMs).toBeGreaterThan(fromMs);
            before = toMs;
          }
          expect(before).toBeLessThanOrEqual(1000 + 3 * DAY_MS);
          expect(draw()).toEqual(outages);
        },
      ),
    );
  });

  it('keeps to its rate and mean length over a long run', () => {
    const days = 3000;
    const outages = drawOutages(randomStream(1, 'link'), 0, days * DAY_MS, 2, DAY_MS / 4);
    const meanMs = outages.reduce((sum, o) => sum + o.toMs - o.fromMs, 0) / outages.length;
    // One outage a cycle of half a day up and a quarter down: 4/3 a day.
    expect(outages.length / days).toBeCloseTo(4 / 3, 1);
    expect(meanMs / (DAY_MS / 4)).toBeCloseTo(1, 1);
  });

  it('draws none at a rate of zero', () => {
    expect(drawOutages(randomStream(1, 'link'), 0, DAY_MS, 0, 1000)).toEqual([]);
  });
});

describe('Link', () => {
  it('is down from ≤ t < to and up everywhere else', () => {
    const link = new Link([
      { fromMs: 10, toMs: 20 },
      { fromMs: 20, toMs: 25 },
      { fromMs: 40, toMs: 41 },
    ]);
    const downAt = Array.from({ length: 60 }, (_, t) => t).filter((t) => !link.isUp(t));
    expect(downAt).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 40]);
  });

  it('belongs to one device', () => {
    const links = linksOf([{ deviceIx: 1, fromMs: 0, toMs: 10 }], 2);
    expect(links.map((link) => link.isUp(5))).toEqual([true, false]);
  });
});
