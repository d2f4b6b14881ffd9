import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Attribution, type Measures, NO_FAULT, type Parts } from '../../../simulators/truth/attribution.ts';

const measures = (loss: number): Measures => Float64Array.of(loss, 10 * loss, 0);
const lossOf = (parts: Parts) => Object.fromEntries([...parts].map(([faultIx, [loss]]) => [faultIx, loss]));
const batch = (id: string, massKg: number) => ({ id, massKg, harvestPulpC: 25 });

describe('attribution', () => {
  it('gives what grows before any fault to none, then to the fault at work, and after its end still to it', () => {
    const attribution = new Attribution([batch('a', 1)]);
    attribution.strike(0, [3], measures(1));
    expect(lossOf(attribution.partsOf(0, measures(5)))).toEqual({ [NO_FAULT]: 1, 3: 4 });
  });

  it('shares equally between faults at work at the same time', () => {
    const attribution = new Attribution([batch('a', 1)]);
    attribution.strike(0, [0], measures(0));
    attribution.strike(0, [0, 1], measures(2));
    attribution.strike(0, [0], measures(6));
    expect(lossOf(attribution.partsOf(0, measures(7)))).toEqual({ 0: 2 + 2 + 1, 1: 2 });
  });

  it('a blend hands parts and culprits on by mass', () => {
    const attribution = new Attribution([batch('a', 300), batch('b', 100), batch('c', 400)]);
    attribution.strike(0, [2], measures(0));
    const at = [4, 0];
    attribution.blend({ timeMs: 0, assetIx: 0, inputs: [0, 1], outputs: [2], warmerK: 0 }, (ix) => measures(at[ix]!));
    expect(lossOf(attribution.partsOf(2, measures(3)))).toEqual({ 2: 3 });
    expect(lossOf(attribution.partsOf(2, measures(3.5)))).toEqual({ 2: 3.5 });
  });

  it('an instant at which the difference cannot be told moves nothing', () => {
    const attribution = new Attribution([batch('a', 1)]);
    attribution.strike(0, [0], measures(1));
    attribution.strike(0, [1], null);
    expect(lossOf(attribution.partsOf(0, measures(3)))).toEqual({ [NO_FAULT]: 1, 1: 2 });
  });

  it('parts always add up to the difference', () => {
    const step = fc.oneof(
      fc.record({
        batchIx: fc.nat(2),
        faults: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }).map((faults) => faults.sort()),
        difference: fc.option(fc.double({ min: -50, max: 50, noNaN: true })),
      }),
      fc.constant('blend' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.double({ min: -9, max: 9, noNaN: true }), (steps, last) => {
        const attribution = new Attribution([batch('a', 5), batch('b', 2), batch('c', 3), batch('d', 4)]);
        let blended = false;
        for (const one of steps) {
          if (one === 'blend') {
            if (blended) continue;
            blended = true;
            const blend = { timeMs: 0, assetIx: 0, inputs: [0, 1], outputs: [3], warmerK: 0 };
            attribution.blend(blend, (ix) => measures(ix + last));
          } else {
            const { batchIx, faults, difference } = one;
            attribution.strike(
              blended && batchIx < 2 ? 3 : batchIx,
              faults,
              difference === null ? null : measures(difference),
            );
          }
        }
        for (const ix of blended ? [2, 3] : [0, 1, 2]) {
          const parts = [...attribution.partsOf(ix, measures(last)).values()];
          expect(parts.reduce((sum, [loss]) => sum + loss!, 0)).toBeCloseTo(last, 9);
          expect(parts.reduce((sum, [, alarm]) => sum + alarm!, 0)).toBeCloseTo(10 * last, 8);
        }
      }),
    );
  });
});
