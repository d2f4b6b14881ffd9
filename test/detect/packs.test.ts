import { describe, expect, test } from 'vitest';
import type { AssetKind } from '../../src/contract/words.ts';
import { armingOf } from '../../src/detect/arming.ts';
import { profileOf } from '../../src/produce/pack/resolve.ts';
import { shippedPack } from '../../src/produce/packs.ts';
import { produceNamed } from '../../src/produce/profiles.ts';
import { atMinute, chunkOf, foldAll } from './frames.ts';

/** How long and what: minutes from the start, and what every frame of them shows. */
type Stretch = readonly [minutes: number, values: Readonly<Record<string, number>>];

/** What a pack finds in frames some minutes apart: `rule from–raised`, by minutes. */
function found(pack: string, stretches: readonly Stretch[], everyMin = 5, kind: AssetKind = 'reefer-truck'): string[] {
  const profile = profileOf(produceNamed('prune')!.limits, shippedPack(pack).rules);
  const stay = { asset: 'org/asset', fromMs: atMinute(0), toMs: null };
  const arming = armingOf([stay], [{ ...stay, profile }], () => kind);
  let minute = 0;
  const rows = stretches.flatMap(([minutes, values]) => {
    const from = minute;
    minute += minutes;
    return Array.from({ length: minutes / everyMin }, (_, i) => ({ timeMs: atMinute(from + i * everyMin), values }));
  });
  const { breaches } = foldAll('org/dev', [chunkOf('org/dev', rows)], arming, rows.at(-1)!.timeMs);
  const toMinute = (timeMs: number) => (timeMs - atMinute(0)) / 60_000;
  return breaches.map((b) => `${b.rule} ${toMinute(b.startMs)}–${toMinute(b.raisedMs)}`).sort();
}

const HOUR = 60;

describe('what the packs say, as their clauses have it', () => {
  test('WHO shipping indicator: 45 °C for an hour, at the limit too', () => {
    const hot = (valueC: number, minutes: number): Stretch[] => [
      [HOUR, { air: 20 }],
      [minutes, { air: valueC }],
      [HOUR, { air: 20 }],
    ];
    expect(found('who-shipping-1', hot(45, 65))).toEqual(['shipping-45c 60–120']);
    expect(found('who-shipping-1', hot(45, 55))).toEqual([]);
    expect(found('who-shipping-1', hot(44.9, 120))).toEqual([]);
  });

  test('WHO shipping indicator: 30 °C for ten hours in all, with type II 10 °C for twenty', () => {
    const days = Array.from({ length: 3 }, (): Stretch[] => [
      [4 * HOUR, { air: 30 }],
      [4 * HOUR, { air: 10 }],
      [2 * HOUR, { air: 5 }],
    ]).flat();
    // Time counts between two readings that are both beyond: each stretch is one interval of 5 min short.
    expect(found('who-shipping-1', days)).toEqual(['shipping-30c 0–1330']);
    expect(found('who-shipping-2', days)).toEqual(['shipping-10c 0–1450', 'shipping-30c 0–1330']);
  });

  test.each(['who-shipping-1', 'who-30-day-logger', 'who-pqs-e003'])('%s: −0.5 °C for an hour is frost', (pack) => {
    const name = { 'who-shipping-1': 'shipping', 'who-30-day-logger': 'logger', 'who-pqs-e003': 'e003' }[pack];
    expect(found(pack, [[70, { pulp: -0.5 }]])).toEqual([`${name}-freeze 0–60`]);
    expect(found(pack, [[200, { pulp: -0.4 }]])).toEqual([]);
  });

  test('WHO PQS E003: above 8 °C for ten hours without a break; a door for five minutes', () => {
    expect(found('who-pqs-e003', [[11 * HOUR, { air: 8.1 }]])).toEqual(['e003-heat 0–600']);
    const broken: Stretch[] = [
      [9 * HOUR, { air: 8.1 }],
      [5, { air: 8 }],
      [9 * HOUR, { air: 8.1 }],
    ];
    expect(found('who-pqs-e003', broken)).toEqual([]);
    expect(found('who-pqs-e003', [[15, { door: 1 }]])).toEqual(['e003-door 0–5']);
  });

  test('WHO logger and EN 12830: recorded as often as they ask, or not', () => {
    expect(found('who-30-day-logger', [[24 * HOUR, { air: 5 }]], 10)).toEqual([]);
    expect(found('who-30-day-logger', [[24 * HOUR, { air: 5 }]], 15)).toEqual([
      expect.stringMatching('logger-interval'),
    ]);
    expect(found('en-12830', [[24 * HOUR, { pulp: 0 }]], 15)).toEqual([]);
    expect(found('en-12830', [[24 * HOUR, { pulp: 0 }]], 20)).toEqual([expect.stringMatching('journey-recording')]);
    expect(found('en-12830', [[72 * HOUR, { pulp: 0 }]], 60, 'cold-store')).toEqual([]);
    expect(found('en-12830', [[72 * HOUR, { pulp: 0 }]], 80, 'cold-store')).toEqual([
      expect.stringMatching('storage-recording'),
    ]);
  });

  test('USP: the mean of a day that one warm hour spoils is above 4 °C long after it', () => {
    const day: Stretch[] = [
      [23 * HOUR, { pulp: 3 }],
      [HOUR, { pulp: 20 }],
      [4 * HOUR, { pulp: 3 }],
    ];
    expect(found('usp-mkt', day)).toHaveLength(1);
    expect(found('usp-mkt', [[30 * HOUR, { pulp: 3.9 }]])).toEqual([]);
  });

  test('GB/T 24616: chilled is below 8 °C and above freezing, frozen at −18 °C or below', () => {
    expect(found('gb-t-24616-chilled', [[2 * HOUR, { pulp: 8 }]])).toEqual(['chilled-high 0–60']);
    expect(found('gb-t-24616-chilled', [[2 * HOUR, { pulp: 7.9 }]])).toEqual([]);
    expect(found('gb-t-24616-chilled', [[2 * HOUR, { pulp: -1.6 }]])).toEqual(['chilled-low 0–60']);
    expect(found('gb-t-24616-frozen', [[2 * HOUR, { air: -17.9 }]])).toEqual(['frozen-high 0–60']);
    expect(found('gb-t-24616-frozen', [[2 * HOUR, { air: -18 }]])).toEqual([]);
  });

  test('HACCP and GB 31605: the limits are those of the produce', () => {
    const warm: Stretch[] = [[4 * HOUR, { pulp: 4.5 }]];
    expect(found('haccp', warm)).toEqual(['action-limit-high 0–30']);
    expect(found('gb-31605', warm)).toEqual(['alarm-high 0–60']);
    expect(found('gb-31605', [[8 * HOUR, { pulp: 0, humidity: 70 }]])).toEqual(['alarm-humidity 0–240']);
  });
});
