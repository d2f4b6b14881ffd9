import { expect, test } from 'vitest';
import { detectionPage } from '../../scripts/docs/detection.ts';
import { BASELINES, baselineSets, ruleSetDigest } from '../../src/lab/baselines.ts';
import type { RuleSet } from '../../src/lab/engine.ts';
import type { ToldBreach } from '../../src/lab/heard-device.ts';
import { tallyOf } from '../../src/lab/tally.ts';
import { versus } from '../../src/lab/versus.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { breach, incident } from './cases.ts';

const pack: RuleSet = { name: 'prune', profile: profileFor('prune')! };

/** A threshold finds the fault up to 6 °C, and cries wolf once for each degree that it is too low. */
function saidBy({ profile }: RuleSet): ToldBreach[] {
  if (profile.rules.length > 1) return [breach(11, 12), breach(1, 2)];
  const { limitC } = profile.rules[0]!.params as { limitC: number };
  const wolves = Array.from({ length: Math.max(0, 10 - limitC) }, (_, i) => breach(30 + 3 * i, 31 + 3 * i));
  return limitC <= 6 ? [...wolves, breach(11, 12)] : wolves;
}

const versusPack = () =>
  versus(
    { scenario: 'toy', pack, baselines: BASELINES, tuneOn: [11, 12], scoreOn: [1, 2, 3] },
    async ({ sets }, seeds) =>
      seeds.map((seed) => ({
        seed,
        readings: 0,
        sets: sets.map((set) => ({ pack: tallyOf([incident()], saidBy(set), 10), rules: {} })),
      })),
  );

test('each baseline goes on at its best parameters, on seeds that it was not tuned on', async () => {
  const { contenders, scoredOn } = await versusPack();
  expect(scoredOn).toEqual([1, 2, 3]);
  expect(contenders).toHaveLength(1 + 2 * BASELINES.length);
  for (const contender of contenders.slice(1)) {
    expect(contender.params).toMatch(/^limitC 6, /);
    expect(contender.counts).toMatchObject({ harmful: 3, harmfulFound: 3, falseAlarms: 12 });
    expect(contender.falseAlarmRatio).toEqual({ value: 0.25, low: 0.25, high: 0.25 });
  }
});

test('where no point finds as much as the pack, those that find most are asked', async () => {
  const sets = baselineSets(BASELINES[0]!, pack);
  const { contenders } = await versus(
    { scenario: 'toy', pack, baselines: BASELINES, tuneOn: [1], scoreOn: [1] },
    async (request) => [
      {
        seed: 1,
        readings: 0,
        sets: request.sets.map((set) => {
          const said = set.profile.rules.length > 1 ? [breach(11, 12)] : [breach(30, 31)];
          return { pack: tallyOf([incident()], said, 10), rules: {} };
        }),
      },
    ],
  );
  expect(contenders[1]!.counts).toMatchObject({ harmfulFound: 0, falseAlarms: 1 });
  expect(sets.map(({ params }) => params)).toContain(contenders[1]!.params);
});

test('where nothing did harm, the quietest is the best', async () => {
  const { contenders } = await versus(
    { scenario: 'toy', pack, baselines: BASELINES, tuneOn: [1], scoreOn: [1] },
    async (request) => [
      { seed: 1, readings: 0, sets: request.sets.map((set) => ({ pack: tallyOf([], saidBy(set), 10), rules: {} })) },
    ],
  );
  for (const { params } of contenders.slice(1)) expect(params).toMatch(/^limitC 1[02], /);
});

test('the page has a section for each scenario, the seeds and the digest of the rules', async () => {
  const page = detectionPage(pack, [await versusPack()], 'npm run docs:detection -- --seeds 3');
  expect(page).toContain('## toy\n');
  expect(page).toContain('tuned on seeds 11 to 12, all scored on seeds 1 to 3: 3 harmful faults');
  expect(page).toContain(ruleSetDigest(pack));
  expect(page).toMatch(/\| prune +\| 1\.000 \(0\.\d+–1\.000\)/);
});
