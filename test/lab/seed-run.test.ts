import { describe, expect, test } from 'vitest';
import { SLICE_MS } from '../../simulators/plan/types.ts';
import { workShareOf } from '../../simulators/plan/work.ts';
import { planOf } from '../../simulators/source.ts';
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
    const { sets } = tallySeed(run, [prune, silent], { everyRule: true });
    expect(sets[0]!.pack).toMatchObject({ harmful: 1, harmfulFound: 1, falseAlarms: 0 });
    expect(sets[0]!.rules['air-return-high']!.harmfulFound).toBe(1);
    expect(sets[1]!.rules['air-return-high']!.alarms).toBe(0);
    expect(sets[1]!.pack.delaysMin[0]!).toBeGreaterThan(sets[0]!.pack.delaysMin[0]!);
  });

  test('a scenario that is not there is told as such', async () => {
    const request = { scenario: 'no-such', sets: [prune], everyRule: true };
    await expect(runSeeds(request, [1], { workers: 1 })).rejects.toMatchObject({ name: 'ColdtrailError' });
  });
});

test('tells how much of the work is done, not of the time', () => {
  const plan = planOf({ scenario: 'tiny' });
  const first = runSeed('tiny', plan.seed, []).next();
  expect(first.value).toBe(workShareOf(plan)(plan.startMs + SLICE_MS));
});

test.each([1, 2])('%i threads come to the same result', { timeout: 120_000 }, async (workers) => {
  const request = { scenario: 'tiny', sets: [prune], everyRule: true, explain: true };
  const shares: number[] = [];
  const tallies = await runSeeds(request, [1], { workers, onProgress: (share) => shares.push(share) });
  expect(tallies).toEqual([tallySeed(seedRun('tiny', 1, [prune]), [prune], request)]);
  expect(shares.at(-1)).toBe(1);
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
