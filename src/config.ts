import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { ColdtrailError } from './lib/errors.ts';

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

const broker = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('embedded'),
    host: z.string().default('127.0.0.1').describe('address to listen on'),
    port: z.int().min(0).max(65535).default(1883).describe('port to listen on; 0 takes a free one'),
    anonymous: z.boolean().default(false).describe('let clients in without a user name; only on a loopback address'),
  }),
  z.strictObject({
    mode: z.literal('external'),
    url: z
      .url({ protocol: /^mqtts?$/ })
      .describe('mqtt:// or mqtts://, with user:password where the broker wants them'),
    clientId: z.string().min(1).default('coldtrail').describe('names the persistent session'),
    protocolVersion: z
      .union([z.literal(4), z.literal(5)])
      .default(4)
      .describe('4 is MQTT 3.1.1'),
  }),
]);

const store = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sqlite') }),
  z.strictObject({
    kind: z.literal('influx1'),
    url: z.url().default('http://127.0.0.1:8086'),
    database: z.string().min(1).default('coldtrail'),
    username: z.string().optional(),
    password: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('influx2'),
    url: z.url().default('http://127.0.0.1:8086'),
    org: z.string().min(1).default('coldtrail'),
    bucket: z.string().min(1).default('coldtrail'),
    token: z.string().min(1),
  }),
]);

export const configSchema = z.strictObject({
  dataDir: z.string().min(1).default('./coldtrail-data').describe('journal, ledger and embedded frame store'),
  registry: z.string().optional().describe('orgs, assets, devices and their credentials; JSON or YAML'),
  clock: z.enum(['wall', 'simulation']).default('wall').describe('what decides which time is now'),
  broker: broker.prefault({ mode: 'embedded' }),
  store: store.prefault({ kind: 'sqlite' }),
  ingest: z
    .strictObject({
      maxPayloadBytes: z
        .int()
        .min(256)
        .max(16 * MIB)
        .default(256 * 1024),
      maxRecords: z.int().min(1).default(20_000).describe('SenML records in one pack'),
      futureToleranceMs: z
        .int()
        .min(0)
        .default(10 * 60_000)
        .describe('how far a frame may lie ahead of the clock'),
    })
    .prefault({}),
  journal: z
    .strictObject({
      maxBytes: z
        .int()
        .min(MIB)
        .default(4096 * MIB)
        .describe('unprojected input beyond this is not acknowledged'),
      keepBytes: z
        .int()
        .min(0)
        .default(2048 * MIB)
        .describe('projected input kept for rebuild'),
      keepMs: z
        .int()
        .min(0)
        .default(30 * 24 * HOUR_MS)
        .describe('projected input older than this is trimmed'),
      fsync: z.boolean().default(true).describe('false gives up durability; only for measuring what it costs'),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info') }).prefault({}),
});

export type Config = z.infer<typeof configSchema>;

export interface ConfigSources {
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings from flags, by dotted path: `broker.port`. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

const ENV_PREFIX = 'COLDTRAIL_';

/**
 * Reads the configuration: flag > environment > file > default. Every problem is reported at once, with the line and
 * column where it came from a file, before anything connects.
 * @throws ColdtrailError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function loadConfig({ file, env = {}, flags = {} }: ConfigSources): Promise<Config> {
  const source = file === undefined ? undefined : await readSource(file);
  const raw: Record<string, unknown> = source ? structuredClone(source.value) : {};
  const origin = new Map<string, string>();
  for (const [path, variable] of envPaths(env)) {
    setAt(raw, path, env[variable]);
    origin.set(path.join('.'), variable);
  }
  for (const [dotted, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    setAt(raw, dotted.split('.'), value);
    origin.set(dotted, `--${dotted.split('.').at(-1)}`);
  }
  const parsed = configSchema.safeParse(coerced(raw, origin));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.');
    const where = origin.get(path) ?? (source ? source.locate(issue.path) : 'default');
    return `${where}: ${path || '(top level)'}: ${issue.message}`;
  });
  throw new ColdtrailError('CONFIG_INVALID', problems.join('\n'), {
    hint: '`coldtrail config print` shows every setting with its default.',
  });
}

/** A settings file: its value, and where each path stands in it. */
export interface YamlSource {
  readonly value: Record<string, unknown>;
  /** `file:line:column` of a path, or of its nearest parent that is in the file. */
  locate(path: readonly PropertyKey[]): string;
}

/** Reads a YAML or JSON file that holds one mapping. */
export async function readSource(file: string): Promise<YamlSource> {
  let text: string;
  try {
    text = await readFile(resolve(file), 'utf8');
  } catch (cause) {
    throw new ColdtrailError('CONFIG_UNREADABLE', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split('\n')[0]}`);
    throw new ColdtrailError('CONFIG_INVALID', problems.join('\n'));
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new ColdtrailError('CONFIG_INVALID', `${at(0)}: the file must hold a mapping of settings`);
  }
  return {
    value: (document.toJS() as Record<string, unknown> | null) ?? {},
    locate: (path) => {
      for (let n = path.length; n > 0; n--) {
        const node = document.getIn(path.slice(0, n), true) as { range?: [number, number, number] } | undefined;
        if (node?.range) return at(node.range[0]);
      }
      return file;
    },
  };
}

/** `COLDTRAIL_BROKER_PORT` → broker.port: every scalar setting has its variable. */
function envPaths(env: Readonly<Record<string, string | undefined>>): [string[], string][] {
  const found: [string[], string][] = [];
  for (const path of settingPaths()) {
    const variable = envVariable(path);
    if (env[variable] !== undefined && env[variable] !== '') found.push([path, variable]);
  }
  return found;
}

export function envVariable(path: readonly string[]): string {
  return ENV_PREFIX + path.map((part) => part.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()).join('_');
}

/** The dotted paths of all scalar settings, of every broker mode and store kind. */
export function settingPaths(): string[][] {
  const paths = new Map<string, string[]>();
  const walk = (schema: z.ZodType, path: string[]): void => {
    let inner = schema;
    while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional) {
      inner = inner.unwrap() as z.ZodType;
    }
    if (inner instanceof z.ZodObject) {
      for (const [key, child] of Object.entries(inner.shape)) walk(child as z.ZodType, [...path, key]);
    } else if (inner instanceof z.ZodDiscriminatedUnion) {
      for (const option of inner.options) walk(option as unknown as z.ZodType, path);
    } else {
      paths.set(path.join('.'), path);
    }
  };
  walk(configSchema, []);
  return [...paths.values()];
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let node = target;
  for (const key of path.slice(0, -1)) {
    const child = node[key];
    node[key] = typeof child === 'object' && child !== null ? child : {};
    node = node[key] as Record<string, unknown>;
  }
  node[path.at(-1)!] = value;
}

/**
 * Text from the environment becomes the number or truth value it spells; and a mode or kind that was left out is
 * implied where only one fits, so that `COLDTRAIL_BROKER_URL=…` alone is enough.
 */
function coerced(raw: Record<string, unknown>, origin: ReadonlyMap<string, string>): Record<string, unknown> {
  for (const [dotted, from] of origin) {
    if (!from.startsWith(ENV_PREFIX)) continue;
    const path = dotted.split('.');
    const text = path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], raw) as string;
    const isText = ['url', 'token', 'password', 'username', 'clientId', 'database', 'org', 'bucket', 'host', 'dataDir'];
    if (isText.includes(path.at(-1)!)) continue;
    if (text === 'true' || text === 'false') setAt(raw, path, text === 'true');
    else if (/^-?\d+$/.test(text)) setAt(raw, path, Number(text));
  }
  const brokerPart = raw['broker'] as Record<string, unknown> | undefined;
  if (brokerPart && brokerPart['mode'] === undefined) {
    brokerPart['mode'] = brokerPart['url'] === undefined ? 'embedded' : 'external';
  }
  const storePart = raw['store'] as Record<string, unknown> | undefined;
  if (storePart && storePart['kind'] === undefined) storePart['kind'] = 'sqlite';
  return raw;
}
