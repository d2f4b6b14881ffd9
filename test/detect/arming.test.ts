import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AssetKind } from '../../src/contract/words.ts';
import { armedAt, armingOf } from '../../src/detect/arming.ts';
import type { Profile } from '../../src/produce/profiles.ts';
import { testProfile } from './frames.ts';

const tender: Profile = { ...testProfile, name: 'tender', alarm: { lowC: -1, highC: 2 } };
const kinds: Record<string, AssetKind> = { 'o/truck': 'reefer-truck', 'o/store': 'cold-store' };
const assetKind = (asset: string) => kinds[asset];

const span = fc.record({
  asset: fc.constantFrom('o/truck', 'o/store', 'o/barn'),
  fromMs: fc.integer({ min: 0, max: 30 }),
  toMs: fc.option(fc.integer({ min: 0, max: 40 })),
});
const custody = fc.tuple(span, fc.constantFrom(testProfile, tender)).map(([s, profile]) => ({ ...s, profile }));

describe('arming', () => {
  test('at every instant it says what placements and custodies say, and it is disjoint, ascending and whole', () => {
    const covers = (s: { fromMs: number; toMs: number | null }, t: number) =>
      s.fromMs <= t && (s.toMs === null || t < s.toMs);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), fc.array(custody, { maxLength: 8 }), (placements, custodies) => {
        const arming = armingOf(placements, custodies, assetKind);
        for (let t = -1; t <= 45; t++) {
          const here = placements.filter((p) => covers(p, t));
          here.sort((a, b) => b.fromMs - a.fromMs || (a.asset > b.asset ? -1 : 1));
          const asset = here[0]?.asset;
          const held = custodies.filter((c) => c.asset === asset && covers(c, t)).map((c) => c.profile);
          const profile = held.includes(tender) ? tender : held[0];
          const expected =
            asset !== undefined && kinds[asset] !== undefined && profile ? `${asset} ${profile.name}` : undefined;
          const at = arming[armedAt(arming, t)];
          expect(at && `${at.asset} ${at.profile.name}`).toBe(expected);
        }
        arming.forEach((interval, i) => {
          expect(interval.fromMs).toBeLessThan(interval.toMs);
          const next = arming[i + 1];
          if (!next) return;
          expect(interval.toMs).toBeLessThanOrEqual(next.fromMs);
          const touching = interval.toMs === next.fromMs && interval.asset === next.asset;
          if (touching) expect(interval.profile.name).not.toBe(next.profile.name);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('the order of placements and custodies does not matter', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), fc.array(custody, { maxLength: 6 }), (placements, custodies) => {
        expect(armingOf([...placements].reverse(), [...custodies].reverse(), assetKind)).toEqual(
          armingOf(placements, custodies, assetKind),
        );
      }),
    );
  });

  test('of two produces at once, the one that tolerates least warmth is judged by', () => {
    const placements = [{ asset: 'o/truck', fromMs: 0, toMs: null }];
    const custodies = [
      { asset: 'o/truck', fromMs: 0, toMs: 30, profile: testProfile },
      { asset: 'o/truck', fromMs: 10, toMs: 20, profile: tender },
    ];
    expect(
      armingOf(placements, custodies, assetKind).map((i) => [i.fromMs, i.toMs, i.profile.name, i.endedBy]),
    ).toEqual([
      [0, 10, 'test', 'custody-ended'],
      [10, 20, 'tender', 'custody-ended'],
      [20, 30, 'test', 'custody-ended'],
    ]);
  });

  test('a store with ten thousand batches is armed without a stall', () => {
    const placements = [{ asset: 'o/store', fromMs: 0, toMs: null }];
    const custodies = Array.from({ length: 10_000 }, (_, i) => ({
      asset: 'o/store',
      fromMs: i * 10,
      toMs: i * 10 + 35,
      profile: testProfile,
    }));
    expect(armingOf(placements, custodies, assetKind)).toHaveLength(1);
  });
});
