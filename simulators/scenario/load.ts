import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ColdtrailError } from '../../src/lib/errors.ts';
import { checkScenario } from './check.ts';
import { nearest } from './nearest.ts';
import { type ScenarioData, scenarioJsonSchema, scenarioSchema } from './schema.ts';

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
}

interface Problem {
  readonly line: number;
  readonly col: number;
  readonly path: string;
  readonly message: string;
}

const SHIPPED = fileURLToPath(new URL('../scenarios/', import.meta.url));
const BARE_NAME = /^[a-z0-9][a-z0-9-]*$/;

/** The scenarios that come with the program, by name. */
export function listScenarios(): ListedScenario[] {
  const files = readdirSync(SHIPPED).filter((file) => file.endsWith('.yaml'));
  return files.sort().map((file) => {
    const { name, description } = loadScenario(join(SHIPPED, file));
    return { name, file: join(SHIPPED, file), description: description.trim() };
  });
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
    const shipped = readdirSync(SHIPPED).map((f) => basename(f, '.yaml'));
    const hint = BARE_NAME.test(file)
      ? `scenarios that come with coldtrail: ${shipped.sort().join(', ')}; anything else is read as a path`
      : 'give the path of a YAML file, or the name of a shipped scenario (coldtrail ls scenarios)';
    throw new ColdtrailError('SCENARIO_UNREADABLE', `cannot read scenario ${path}`, { hint, cause });
  }
  return parseScenario(text, path);
}

/** Reads a scenario from its text. @param file what problems are reported under */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problems: Problem[] = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return {
      line,
      col,
      path: '',
      message: error.code === 'DUPLICATE_KEY' ? 'this key is written twice' : error.message.split('\n')[0]!,
    };
  });
  // Text that is no YAML has no values to check; with a mere repeated key the rest can be.
  const readable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const parsed = readable ? scenarioSchema.safeParse(document.toJS()) : undefined;
  const at = (path: readonly PropertyKey[], key?: string) => positionOf(document, lines, path, key);
  if (parsed && !parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => schemaProblems(issue, at)));
  if (parsed?.success) {
    for (const { path, message } of checkScenario(parsed.data))
      problems.push({ ...at(path), path: textOf(path), message });
  }
  if (problems.length > 0 || !parsed?.success) throw invalid(file, problems);
  const { start } = parsed.data;
  const zone = start.endsWith('Z') ? '+00:00' : start.slice(-6);
  return { ...parsed.data, startMs: Date.parse(start), zone };
}

function invalid(file: string, problems: readonly Problem[]): ColdtrailError {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.col - b.col);
  const list = sorted.map(
    ({ line, col, path, message }) => `${file}:${line}:${col} ${path ? `${path}: ` : ''}${message}`,
  );
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new ColdtrailError('SCENARIO_INVALID', `${count} in the scenario\n${list.join('\n')}`, {
    hint: 'simulators/scenario.schema.json describes every key; `coldtrail ls scenarios` lists working examples',
  });
}

type At = (path: readonly PropertyKey[], key?: string) => { line: number; col: number };

/** One problem for each unknown key; one for any other issue. */
function schemaProblems(issue: z.core.$ZodIssue, at: At): Problem[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ ...at(issue.path), path: textOf(issue.path), message: issue.message }];
  }
  const known = knownKeys(issue.path);
  return issue.keys.map((key) => ({
    ...at(issue.path, key),
    path: textOf([...issue.path, key]),
    message: `unknown key${nearest(key, known)}`,
  }));
}

/** The keys that the schema has at a path. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  type Node = { properties?: Record<string, Node>; items?: Node };
  let node: Node | undefined = scenarioJsonSchema();
  for (const part of path) node = typeof part === 'number' ? node?.items : node?.properties?.[String(part)];
  return Object.keys(node?.properties ?? {});
}

/** Where a value stands; for a missing one, where the nearest thing around it does. @param key names a key itself */
function positionOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[], key?: string) {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    if (!range) continue;
    const pair =
      key !== undefined && isMap(node) ? node.items.find((p) => isScalar(p.key) && p.key.value === key) : undefined;
    const offset = isScalar(pair?.key) ? (pair.key.range?.[0] ?? range[0]) : range[0];
    return lines.linePos(offset);
  }
  return { line: 1, col: 1 };
}

/** `trips.list[2].to` */
function textOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    return typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
