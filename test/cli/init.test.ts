import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../simulators/plan/plan.ts';
import { parseScenario } from '../../simulators/scenario/load.ts';
import { scenarioJsonSchema } from '../../simulators/scenario/schema.ts';
import { scenarioTemplate } from '../../src/cli/scenario-template.ts';
import { coldtrail } from './coldtrail.ts';

const dir = mkdtempSync(join(tmpdir(), 'coldtrail-init-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
}

/** Every key of the schema, at any depth. */
function keysOf(node: Node): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [key, ...keysOf(child)]);
  return [...own, ...(node.items ? keysOf(node.items) : [])];
}

describe('the scenario template', () => {
  it('fits the schema and can be planned, with its faults and trips', () => {
    const scenario = parseScenario(scenarioTemplate(), 'template');
    const plan = makePlan(scenario);
    expect(plan.faults.map((fault) => fault.kind).sort()).toEqual(['door-left-open', 'unit-failure']);
    expect(plan.batches.length).toBeGreaterThan(0);
  });

  it('names every key of the schema, each with a word on it', () => {
    const lines = scenarioTemplate().split('\n');
    for (const key of keysOf(scenarioJsonSchema() as Node)) {
      const at = lines.findIndex((line) => line.replace(/^[\s#]*/, '').startsWith(`${key}:`));
      expect(at, key).toBeGreaterThan(0);
      const said = `${lines[at - 1]!.trim()} ${lines[at]}`;
      expect(said, key).toMatch(/# *\S+ .*\S/);
    }
    expect(lines.filter((line) => line.length > 140)).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/undefined|\[object/);
  });

  it.each([
    'teaches',
    'origins',
    'railBoxes',
    'mobileColdRooms',
    'shopsPerCity',
    'loadKg',
    'preset',
    'roomsEvery',
    'railEvery',
    'reportEvery',
    'bufferFor',
    'reconnect',
    'duplicates',
    'missing',
    'late',
    'clockSkew',
    'loggers',
    'channels',
    'warm-loading',
    'clock-wrong',
  ])('what it suggests for %s is valid once the # is taken away', (key) => {
    const line = new RegExp(`^( *)# ${key}: `, 'm');
    expect(scenarioTemplate()).toMatch(line);
    // A scenario has either one origin or several.
    const template = scenarioTemplate().replace(key === 'origins' ? 'origin: jiashi\n' : '', '');
    makePlan(parseScenario(template.replace(line, `$1${key}: `), 'template'));
  });
});

describe('coldtrail init', { timeout: 60_000 }, () => {
  it('writes the file, and refuses to overwrite it without --force', async () => {
    const file = join(dir, 'mine.yaml');
    const first = await coldtrail(['init', file]);
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toBe(scenarioTemplate());
    writeFileSync(file, 'mine');
    const second = await coldtrail(['init', file]);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('is there already; --force replaces it');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await coldtrail(['init', file, '--force'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(scenarioTemplate());
  });
});
