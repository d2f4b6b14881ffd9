import { describe, expect, test } from 'vitest';
import { planOf } from '../../simulators/source.ts';
import { internLayout } from '../../src/contract/frame.ts';
import { DeviceRows } from '../../src/lab/device-rows.ts';
import { type RuleSet, withParams } from '../../src/lab/engine.ts';
import { historiesOf } from '../../src/lab/histories.ts';
import { runSeeds } from '../../src/lab/seed-pool.ts';
import { runSeed } from '../../src/lab/seed-run.ts';
import { tallySeed } from '../../src/lab/seed-tally.ts';
import { profileFor } from '../../src/produce/profiles.ts';

const prune: RuleSet = { name: 'prune', profile: profileFor('prune')! };

function seedRun(scenario: string, seed: number, sets: readonly RuleSet[]) {
  const run = runSeed(scenario, seed, sets);
  for (let step = run.next(); ; step = run.next()) if (step.done) return step.value;
}

describe('a seed of a scenario', () => {
  const silenced: [string, number][] = [
    ['air-return-high.limitC', 80],
    ['door-open.longestMs', 60 * 24 * 3_600_000],
  ];
  const silent = withParams(prune, new Map(silenced));
  const run = seedRun('open-door', 1, [prune, silent]);

  test('the door that was left open is found; without the rules on air and doors it is found later', () => {
    const { sets } = tallySeed(run, [prune, silent], true);
    expect(sets[0]!.pack).toMatchObject({ harmful: 1, harmfulFound: 1, falseAlarms: 0 });
    expect(sets[0]!.rules['air-return-high']!.harmfulFound).toBe(1);
    expect(sets[1]!.rules['air-return-high']!.alarms).toBe(0);
    expect(sets[1]!.pack.delaysMin[0]!).toBeGreaterThan(sets[0]!.pack.delaysMin[0]!);
  });

  test('threads come to the same result', async () => {
    const request = { scenario: 'open-door', sets: [prune, silent], everyRule: true };
    const shares: number[] = [];
    const tallies = await runSeeds(request, [1], { workers: 2, onProgress: (share) => shares.push(share) });
    expect(tallies).toEqual([tallySeed(run, [prune, silent], true)]);
    expect(shares.at(-1)).toBe(1);
  });

  test('a scenario that is not there is told as such', async () => {
    const request = { scenario: 'no-such', sets: [prune], everyRule: true };
    await expect(runSeeds(request, [1], { workers: 1 })).rejects.toMatchObject({ name: 'ColdtrailError' });
  });
});

test('fruit whose pre-cooling was cut short is followed to where it is too warm', () => {
  const { incidents } = seedRun('hurried-pre-cooling', 1, []);
  const hurried = incidents.find(({ kind }) => kind === 'hurried-pre-cooling')!;
  expect(hurried.windows.some(({ asset }) => asset.includes('/truck-'))).toBe(true);
  expect(hurried.damageMs).not.toBeNull();
});

test('custody of a plan: what was loaded arms the truck for as long as it is in it', () => {
  const plan = planOf({ scenario: 'tiny' });
  const histories = historiesOf(plan);
  const truck = plan.assets.findIndex(({ kind }) => kind === 'reefer-truck');
  const loads = plan.moves.filter(({ toAssetIx }) => toAssetIx === truck);
  const device = plan.devices.findIndex(({ assetIx }) => assetIx === truck);
  expect(histories[device]!.custodies.map(({ fromMs }) => fromMs)).toEqual(loads.map(({ timeMs }) => timeMs));
  expect(loads.length).toBeGreaterThan(0);
});

describe('rows of a device', () => {
  const layout = internLayout(['air', 'pulp-1']);
  const taken = (rows: DeviceRows) => {
    const { size, timeMs, values } = rows.take();
    return { size, timeMs: [...timeMs], values: [...values] };
  };

  test('come out as they went in, and once', () => {
    const rows = new DeviceRows('a/b', layout, true);
    rows.add(1, Float64Array.of(9, 10, 11), 1);
    rows.add(2, Float64Array.of(20, 21), 0);
    expect(taken(rows)).toEqual({ size: 2, timeMs: [1, 2], values: [10, 11, 20, 21] });
    expect(taken(rows).size).toBe(0);
  });

  test('where a clock runs back they are put in order, and of two for one instant the first counts', () => {
    const rows = new DeviceRows('a/b', layout, false);
    for (const [timeMs, value] of [
      [5, 50],
      [3, 30],
      [5, 51],
      [4, 40],
    ] as const) {
      rows.add(timeMs, Float64Array.of(value, value), 0);
    }
    expect(taken(rows)).toEqual({ size: 3, timeMs: [3, 4, 5], values: [30, 30, 40, 40, 50, 50] });
  });
});
