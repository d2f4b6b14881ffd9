import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from './temp-dir.ts';

/** A rule on warm pulp in trucks, as a pack has it; its parameters stand on line 10. */
export const WARM_RULE = {
  name: 'pulp-strict',
  rule: 'high',
  severity: 'alarm',
  channels: '[pulp]',
  assets: '[vehicles]',
  params: '{ limitC: 2, hysteresisC: 0.5, dwellMin: 30 }',
};

/** The text of a pack with one rule. */
export function packText(name: string, rule: Partial<typeof WARM_RULE> = {}): string {
  const [first, ...rest] = Object.entries({ ...WARM_RULE, ...rule }).map(([key, value]) => `${key}: ${value}`);
  const lines = [`name: ${name}`, 'title: Rules of ours', 'for: A test.', 'rules:', `  - ${first}`];
  return [...lines, ...rest.map((line) => `    ${line}`), ''].join('\n');
}

/** Writes a pack with one rule to a file of its own. */
export function packFile(name: string, rule: Partial<typeof WARM_RULE> = {}): string {
  const { path } = tempDir('own-pack');
  mkdirSync(path, { recursive: true });
  const file = join(path, `${name}.yaml`);
  writeFileSync(file, packText(name, rule));
  return file;
}
