import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseData } from '../../src/lib/data-file.ts';
import { ColdtrailError } from '../../src/lib/errors.ts';
import { zoneOf } from '../plan/zone.ts';
import { checkScenario } from './check.ts';
import { type ScenarioData, scenarioSchema } from './schema.ts';

/** A scenario that fits its schema and does not contradict itself. */
export interface Scenario extends ScenarioData {
  readonly startMs: number;
  /** UTC offset that events are written with, e.g. `+08:00`. */
  readonly zone: string;
}

export interface ListedScenario {
  readonly name: string;
  readonly file: string;
  readonly description: string;
  /** What can be learned from it; empty where the file does not say. */
  readonly teaches: string;
}

const SHIPPED = fileURLToPath(new URL('../scenarios/', import.meta.url));
const BARE_NAME = /^[a-z0-9][a-z0-9-]*$/;

/** The scenarios that come with the program, by name. */
export function listScenarios(): ListedScenario[] {
  return shippedNames().map((shipped) => {
    const file = join(SHIPPED, `${shipped}.yaml`);
    const { name, description, teaches = '' } = loadScenario(file);
    return { name, file, description: description.trim(), teaches: teaches.trim() };
  });
}

function shippedNames(): string[] {
  const files = readdirSync(SHIPPED).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => basename(file, '.yaml')).sort();
}

/**
 * Reads a scenario. @param file a path, or the bare name of a shipped scenario
 * @throws ColdtrailError SCENARIO_UNREADABLE, or SCENARIO_INVALID listing every problem as `file:line:column path`
 */
export function loadScenario(file: string): Scenario {
  const path = BARE_NAME.test(file) ? join(SHIPPED, `${file}.yaml`) : file;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const hint = BARE_NAME.test(file)
      ? `scenarios that come with coldtrail: ${shippedNames().join(', ')}; anything else is read as a path`
      : 'give the path of a YAML file, or the name of a shipped scenario (coldtrail ls scenarios)';
    throw new ColdtrailError('SCENARIO_UNREADABLE', `cannot read scenario ${path}`, { hint, cause });
  }
  return parseScenario(text, path);
}

/**
 * Reads a scenario from its text. @param file what problems are reported under; a `data` folder is sought beside it
 * @throws ColdtrailError SCENARIO_INVALID listing every problem as `file:line:column path`
 */
export function parseScenario(text: string, file: string): Scenario {
  const { data, problems } = parseData(text, file, scenarioSchema, (read) => checkScenario(withFolder(read, file)));
  if (problems.length > 0 || !data) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    throw new ColdtrailError('SCENARIO_INVALID', `${count} in the scenario\n${problems.join('\n')}`, {
      hint: 'simulators/scenario.schema.json describes every key; `coldtrail ls scenarios` lists working examples',
    });
  }
  return { ...withFolder(data, file), startMs: Date.parse(data.start), zone: zoneOf(data.start) };
}

/** The scenario with its data folder as an absolute path. */
function withFolder(scenario: ScenarioData, file: string): ScenarioData {
  return scenario.data === undefined ? scenario : { ...scenario, data: resolve(dirname(file), scenario.data) };
}
