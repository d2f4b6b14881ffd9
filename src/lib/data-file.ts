import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { nearest } from './nearest.ts';
import { RestOfData } from './rest-of-data.ts';

type Path = readonly PropertyKey[];

/** Something wrong with the data that its schema cannot see. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

/** What was read from a file: the data where it fits, and every problem as `file:line:column path: message`. */
export interface DataFile<T> {
  readonly data: T | undefined;
  readonly problems: readonly string[];
}

/** Reads a YAML file. @param check what the schema cannot see; asked only of data that fits the schema */
export function readDataFile<T>(
  file: string,
  schema: z.ZodType<T>,
  check: (data: T) => Iterable<Finding>,
): DataFile<T> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    return { data: undefined, problems: [`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code})`] };
  }
  return parseData(text, file, schema, check);
}

/** Reads YAML text. @param file what problems are reported under */
export function parseData<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  check: (data: T) => Iterable<Finding>,
): DataFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const found: { readonly offset: number; readonly text: string }[] = document.errors.map((error) => {
    const repeated = error.code === 'DUPLICATE_KEY';
    return { offset: error.pos[0], text: repeated ? 'this key is written twice' : error.message.split('\n')[0]! };
  });
  const report = (path: Path, message: string, key?: string): void => {
    const whole = key === undefined ? path : [...path, key];
    const where = whole.length > 0 ? `${textOf(whole)}: ` : '';
    found.push({ offset: offsetOf(document, path, key), text: where + message });
  };
  // Text that is no YAML has no values to check; with a mere repeated key the rest can be.
  const readable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const read = readable ? readAll(document, schema, check) : undefined;
  for (const { path, message, key } of read?.found ?? []) report(path, message, key);
  const problems = found
    .sort((a, b) => a.offset - b.offset)
    .map((problem) => {
      const { line, col } = lines.linePos(problem.offset);
      return `${file}:${line}:${col} ${problem.text}`;
    });
  return { data: read?.data, problems };
}

/** What is found with the rest of the data, once what was found before is left out: as deep as problems may hide others. */
const ROUNDS_MAX = 8;

interface Found extends Finding {
  /** Names a key itself rather than its value. */
  readonly key?: string;
}

/** The data where it fits the schema, and everything schema and check find, also behind what hides it from them. */
function readAll<T>(
  document: Document.Parsed,
  schema: z.ZodType<T>,
  check: (data: T) => Iterable<Finding>,
): { readonly data: T | undefined; readonly found: readonly Found[] } {
  const found: Found[] = [];
  let data: T | undefined;
  let rest: RestOfData | undefined = new RestOfData(document.toJS());
  for (let round = 0; rest && round < ROUNDS_MAX; round++) {
    const here: RestOfData = rest;
    const parsed = schema.safeParse(here.data);
    if (round === 0) data = parsed.data;
    const inWhole: Found[] = parsed.success
      ? Array.from(check(parsed.data), (finding) => ({ ...finding, path: here.original(finding.path) }))
      : parsed.error.issues.flatMap((issue) => findingsOf(issue, here.original(issue.path), document, schema));
    if (inWhole.length === 0) break;
    found.push(...inWhole.filter(({ path }) => !here.isTouched(path)));
    rest = here.without(inWhole.map(({ path, key }) => (key === undefined ? path : [...path, key])));
  }
  return { data, found };
}

/** One finding for each unknown key; one for any other issue. @param path of the whole document */
function findingsOf<T>(issue: z.core.$ZodIssue, path: Path, document: Document.Parsed, schema: z.ZodType<T>): Found[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ path, message: messageOf({ ...issue, path: [...path] }, document) }];
  const known = keysAt(schema, path);
  return issue.keys.map((key) => ({ path, key, message: `unknown key${nearest(key, known)}` }));
}

/** What the schema says, in plainer words where a value is missing or is none of those that are allowed. */
function messageOf(issue: z.core.$ZodIssue, document: Document.Parsed): string {
  const isMissing = issue.path.length > 0 && !document.hasIn(issue.path);
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const must = `must be one of ${allowed.join(', ')}`;
    return isMissing ? `is missing: ${must}` : must + nearest(String(document.getIn(issue.path)), allowed);
  }
  if (!isMissing) return issue.message;
  // Zod's own words are of types and of `undefined`; the schema's say what is wanted.
  return issue.message.startsWith('Invalid input') ? 'is missing' : `is missing: ${issue.message}`;
}

/** Where a value begins; for a missing one, where the nearest thing around it does. @param key names a key itself */
function offsetOf(document: Document.Parsed, path: Path, key?: string): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    if (!range) continue;
    const pair =
      key !== undefined && isMap(node) ? node.items.find((p) => isScalar(p.key) && p.key.value === key) : undefined;
    return isScalar(pair?.key) ? (pair.key.range?.[0] ?? range[0]) : range[0];
  }
  return 0;
}

/** The keys that a schema has at a path. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  type Node = { properties?: Record<string, Node>; additionalProperties?: Node; items?: Node };
  let node: Node | undefined = z.toJSONSchema(schema, { io: 'input' }) as Node;
  for (const part of path) {
    node = typeof part === 'number' ? node?.items : (node?.properties?.[String(part)] ?? node?.additionalProperties);
  }
  return Object.keys(node?.properties ?? {});
}

/** `roads[2].between[0]` */
function textOf(path: Path): string {
  return path.reduce<string>((text, part) => {
    return typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
