import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { listScenarios } from '../../simulators/scenario/load.ts';
import { ruleSetDigest } from '../../src/lab/baselines.ts';
import { loadRuleSet } from '../../src/lab/rule-file.ts';

const page = readFileSync(new URL('../../docs/detection.md', import.meta.url), 'utf8');

test('docs/detection.md has every shipped scenario but the whole season', () => {
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  for (const { name } of listScenarios()) if (name !== 'season') expect(sections).toContain(name);
});

test('docs/detection.md is of the rules that are shipped: `npm run docs:detection` measures anew', async () => {
  expect(page).toContain(ruleSetDigest(await loadRuleSet('prune')));
});
