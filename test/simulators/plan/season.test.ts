import { describe, expect, test } from 'vitest';
import { makePlan } from '../../../simulators/plan/plan.ts';
import { parseScenario } from '../../../simulators/scenario/load.ts';

const SEASON = `name: season
description: the whole season
start: 2026-07-01T00:00:00+08:00
duration: 92d
produce: prune
origins: [jiashi, shache]
fleet:
  trucks: auto
  railBoxes: 160
  preCoolingRooms: auto
  coldStores: 60
  forwardWarehouses: [xian, chengdu, urumqi, korla, zhengzhou, chongqing]
  shopsPerCity: 2
trips:
  season: { from: 07-05, peak: 08-22, to: 09-25 }
rail:
  trains:
    - { from: kashgar, to: xian, depart: 12d, every: 2d, boxes: 32 }
faults:
  draw: { unit-failure: 100, skipped-pre-cooling: 50 }
`;

describe('the season', () => {
  const scenario = parseScenario(SEASON, 'season.yaml');
  const beforeBytes = process.memoryUsage().heapUsed;
  const before = process.cpuUsage();
  const plan = makePlan(scenario);
  const tookMs = process.cpuUsage(before).user / 1000;
  const grownBytes = process.memoryUsage().heapUsed - beforeBytes;
  const hauls = plan.assets.flatMap(({ kind, duties }) =>
    /truck|box/.test(kind) ? duties.map((d) => ({ kind, ...d })) : [],
  );

  test('is 15,000 loads by truck and train, all delivered', () => {
    expect(hauls).toHaveLength(15_000);
    const byRail = hauls.filter((h) => h.kind === 'rail-reefer-box').length;
    expect(byRail).toBeGreaterThan(400);
    expect(plan.faults).toHaveLength(150);
  });

  test('is planned in seconds and a fraction of a gigabyte', () => {
    // 6 s and 140 MB; 10 s and 1 GB are promised. Time of the processor, since other tests run beside.
    expect(tookMs).toBeLessThan(15_000);
    expect(grownBytes).toBeLessThan(1e9);
  });

  test('swells to its peak in late August and ebbs away', () => {
    const days = new Array<number>(92).fill(0);
    for (const haul of hauls) days[Math.floor((haul.fromMs - plan.startMs) / 86_400_000)]!++;
    const peak = days.indexOf(Math.max(...days));
    expect(peak).toBeGreaterThan(44);
    expect(peak).toBeLessThan(58);
    expect(days[6]!).toBeLessThan(days[peak]! / 4);
    expect(days[85]!).toBeLessThan(days[peak]! / 4);
  });

  test('uses each truck again and again, never twice at once', () => {
    const trucks = plan.assets.filter((a) => a.kind === 'reefer-truck');
    expect(trucks.length).toBeLessThan(15_000 / 5);
    for (const { duties } of trucks) {
      for (let i = 1; i < duties.length; i++) expect(duties[i]!.fromMs).toBeGreaterThan(duties[i - 1]!.toMs);
    }
  });
});
