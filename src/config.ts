import { z } from 'zod';
import { SEVERITIES } from './contract/breach.ts';
import { NAME_PATTERN } from './contract/words.ts';
import { ColdtrailError } from './lib/errors.ts';
import { dotted, type Problem, problemsOf, readSettings, type SettingsFile } from './settings-file.ts';

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

const BROKER_MODE = 'MQTT broker: the one inside, or another by its URL';
const STORE_KIND = 'where frames are kept: a file, InfluxDB 1.x, or InfluxDB 2.x';

const broker = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('embedded').describe(BROKER_MODE),
    host: z.string().default('127.0.0.1').describe('address to listen on'),
    port: z.int().min(0).max(65535).default(1883).describe('port to listen on; 0 takes a free one'),
    anonymous: z.boolean().default(false).describe('let clients in without a user name; only on a loopback address'),
  }),
  z.strictObject({
    mode: z.literal('external').describe(BROKER_MODE),
    url: z
      .url({ protocol: /^mqtts?$/ })
      .describe('mqtt:// or mqtts://, with user:password where the broker wants them'),
    clientId: z.string().min(1).default('coldtrail').describe('names the persistent session'),
    protocolVersion: z
      .union([z.literal(4), z.literal(5)])
      .default(4)
      .describe('MQTT version: 4 is 3.1.1, 5 is 5.0'),
  }),
]);

const store = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sqlite').describe(STORE_KIND) }),
  z.strictObject({
    kind: z.literal('influx1').describe(STORE_KIND),
    url: z.url().default('http://127.0.0.1:8086').describe('where the InfluxDB server answers'),
    database: z.string().min(1).default('coldtrail').describe('database; made where it is missing'),
    username: z.string().optional().describe('where the server asks for one'),
    password: z.string().optional().describe('where the server asks for one'),
  }),
  z.strictObject({
    kind: z.literal('influx2').describe(STORE_KIND),
    url: z.url().default('http://127.0.0.1:8086').describe('where the InfluxDB server answers'),
    org: z.string().min(1).default('coldtrail').describe('organisation that owns the bucket'),
    bucket: z.string().min(1).default('coldtrail').describe('bucket; it must be there already'),
    token: z.string().min(1).describe('API token that may read and write the bucket'),
  }),
]);

/** What of the alerts a receiver is told. */
const interest = {
  minSeverity: z
    .enum(SEVERITIES)
    .default('warning')
    .describe('the least severity it is told of, escalation counted in'),
  orgs: z
    .array(z.string().regex(NAME_PATTERN, 'must be the id of an org'))
    .min(1)
    .optional()
    .describe('the orgs whose alerts it is told of, in the environment with commas between; none: all'),
};

export const configSchema = z.strictObject({
  dataDir: z.string().min(1).default('./coldtrail-data').describe('journal, ledger and embedded frame store'),
  registry: z.string().optional().describe('orgs, assets, devices and their credentials; JSON or YAML'),
  clock: z
    .enum(['wall', 'simulation'])
    .default('wall')
    .describe('what decides which time is now: this machine, or the clock that a simulation publishes'),
  broker: broker.prefault({ mode: 'embedded' }),
  store: store.prefault({ kind: 'sqlite' }),
  ingest: z
    .strictObject({
      maxPayloadBytes: z
        .int()
        .min(256)
        .max(16 * MIB)
        .default(256 * 1024)
        .describe('longest MQTT payload taken in'),
      maxRecords: z.int().min(1).default(20_000).describe('SenML records in one pack'),
      futureToleranceMs: z
        .int()
        .min(0)
        .default(10 * 60_000)
        .describe('how far a frame may lie ahead of the clock, ms'),
    })
    .prefault({}),
  journal: z
    .strictObject({
      maxBytes: z
        .int()
        .min(MIB)
        .default(4096 * MIB)
        .describe('input that is not projected yet may take so many bytes; beyond, nothing is acknowledged'),
      keepBytes: z
        .int()
        .min(0)
        .default(2048 * MIB)
        .describe('bytes of projected input kept for `coldtrail rebuild`'),
      keepMs: z
        .int()
        .min(0)
        .default(30 * 24 * HOUR_MS)
        .describe('projected input older than this is dropped, ms'),
      fsync: z.boolean().default(true).describe('false gives up durability; only for measuring what it costs'),
    })
    .prefault({}),
  rules: z
    .strictObject({
      packs: z
        .array(z.string().min(1))
        .default([])
        .describe(
          'packs of rules in the place of shipped ones of the same name, or beside them: YAML files, or names of shipped' +
            ' packs; in the environment with commas between',
        ),
    })
    .prefault({}),
  alerts: z
    .strictObject({
      // ESTIMATE: a door, a defrost or an on-off unit lets a failing box recover for minutes, not for an hour.
      groupGapMs: z
        .int()
        .min(0)
        .default(30 * 60_000)
        .describe('breaches of one asset with no more than this between them are one alert, ms'),
      escalateAfterMs: z
        .int()
        .min(0)
        .default(HOUR_MS)
        .describe('an alert that nobody acknowledged for so long counts one severity higher, ms; 0 turns it off'),
      // ESTIMATE: 250 km of desert road without a mobile network, at 65 km/h.
      outOfCoverageMs: z
        .int()
        .min(0)
        .default(4 * HOUR_MS)
        .describe(
          'a device that fell silent on the move, with nothing wrong with its cargo, calls nobody before it has been' +
            ' silent for so long, ms',
        ),
      log: z
        .strictObject({ enabled: z.boolean().default(true).describe('log changes of alerts'), ...interest })
        .prefault({}),
      mqtt: z
        .strictObject({
          enabled: z
            .boolean()
            .default(false)
            .describe('publish changes of alerts to `coldtrail/v1/{org}/alerts` of the orgs they are assigned to'),
          ...interest,
        })
        .prefault({}),
      webhook: z
        .strictObject({
          url: z
            .url({ protocol: /^https?$/ })
            .optional()
            .describe('where changes of alerts are posted to as JSON; none: nowhere'),
          secret: z
            .string()
            .min(16)
            .optional()
            .describe('key of the HMAC-SHA256 signature of posts, at least 16 characters; none: not signed'),
          timeoutMs: z.int().min(100).default(10_000).describe('how long the receiver may take to answer, ms'),
          ...interest,
        })
        .prefault({}),
      spoolMax: z
        .int()
        .min(100)
        .default(100_000)
        .describe('changes kept for receivers that are away; the oldest go first'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['silent', 'error', 'warn', 'info', 'debug'])
        .default('info')
        .describe('least level that is logged on stderr'),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;

/** What becomes of breaches for people, and whether anybody outside is told. */
export function alertOptions({ alerts }: Config) {
  const { groupGapMs, escalateAfterMs, outOfCoverageMs, spoolMax } = alerts;
  const notify = alerts.log.enabled || alerts.mqtt.enabled || alerts.webhook.url !== undefined;
  return { groupGapMs, escalateAfterMs, outOfCoverageMs, spoolMax, notify };
}

export interface ConfigSources {
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings from flags, by dotted path: `broker.port`. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

const ENV_PREFIX = 'COLDTRAIL_';

/** Flags that are not called as the last part of their setting. */
const FLAG_NAMES: Readonly<Record<string, string>> = { dataDir: 'data', 'broker.url': 'broker' };

/**
 * Reads the configuration: flag > environment > file > default. Every problem is reported at once, with the line and
 * column where it came from a file, before anything connects.
 * @throws ColdtrailError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function loadConfig({ file, env = {}, flags = {} }: ConfigSources): Promise<Config> {
  const source = file === undefined ? undefined : await readSettings(file);
  const raw: Record<string, unknown> = source ? structuredClone(source.value) : {};
  const origin = new Map<string, string>();
  for (const [path, variable] of envPaths(env)) {
    setAt(raw, path, env[variable]);
    origin.set(path.join('.'), variable);
  }
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    setAt(raw, name.split('.'), value);
    origin.set(name, `--${FLAG_NAMES[name] ?? name.split('.').at(-1)}`);
  }
  const parsed = configSchema.safeParse(completed(raw, origin));
  if (parsed.success) return parsed.data;
  throw new ColdtrailError('CONFIG_INVALID', described(problemsOf(parsed.error), raw, origin, source), {
    hint: '`coldtrail config print` shows every setting with its default.',
  });
}

/** Every problem on a line, with where its setting came from; those of the file in the order of its lines. */
function described(
  problems: readonly Problem[],
  raw: Record<string, unknown>,
  origin: ReadonlyMap<string, string>,
  source: SettingsFile | undefined,
): string {
  const known = new Set(settingPaths().map((path) => path.join('.')));
  const lines = problems.map((problem) => {
    const name = dotted(problem);
    // Of a list, the whole comes from one place.
    const from = origin.get(name) ?? origin.get(name.replace(/\.\d+$/, ''));
    const place = from === undefined ? source?.locate(problem.path, problem.key) : undefined;
    const where = from ?? place?.text ?? 'default';
    const misplaced = problem.key !== undefined && known.has(name);
    const message = misplaced ? `does not go with ${chosen(raw, problem.path)}` : problem.message;
    return { text: `${where}: ${name}: ${message}`, offset: place?.offset ?? -1 };
  });
  return lines
    .sort((a, b) => a.offset - b.offset)
    .map((line) => line.text)
    .join('\n');
}

/** `mode embedded`, `kind sqlite`: what decides which settings a section has. */
function chosen(raw: Record<string, unknown>, path: readonly PropertyKey[]): string {
  const section = raw[String(path[0])] as Record<string, unknown>;
  return 'mode' in section ? `mode ${section['mode']}` : `kind ${section['kind']}`;
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

/** Settings that stay text even where they look like a number. */
const TEXTS = new Set(
  'url token secret password username clientId database org bucket host dataDir registry'.split(' '),
);

const LISTS = new Set(['orgs', 'packs']);

/**
 * Text from the environment becomes the number or truth value it spells; and a mode or kind that was left out is
 * implied where only one fits, so that `COLDTRAIL_BROKER_URL=…` alone is enough.
 */
function completed(raw: Record<string, unknown>, origin: ReadonlyMap<string, string>): Record<string, unknown> {
  for (const [name, from] of origin) {
    if (!from.startsWith(ENV_PREFIX)) continue;
    const path = name.split('.');
    const text = path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], raw) as string;
    if (TEXTS.has(path.at(-1)!)) continue;
    if (LISTS.has(path.at(-1)!)) {
      const parts = text.split(',').map((part) => part.trim());
      setAt(raw, path, parts);
    } else if (text === 'true' || text === 'false') setAt(raw, path, text === 'true');
    else if (/^-?\d+$/.test(text)) setAt(raw, path, Number(text));
  }
  const broker = raw['broker'];
  if (isSection(broker)) chooseBroker(broker, origin);
  const store = raw['store'];
  if (isSection(store) && store['kind'] === undefined) store['kind'] = storeKind(store);
  return raw;
}

/** A broker's URL from a flag or the environment chooses it over the embedded one that the file may describe. */
function chooseBroker(section: Record<string, unknown>, origin: ReadonlyMap<string, string>): void {
  if (origin.has('broker.url') && !origin.has('broker.mode')) {
    section['mode'] = 'external';
    for (const key of ['host', 'port', 'anonymous']) if (!origin.has(`broker.${key}`)) delete section[key];
  }
  if (section['mode'] === undefined) section['mode'] = section['url'] === undefined ? 'embedded' : 'external';
}

function storeKind(section: Record<string, unknown>): string {
  if (['token', 'org', 'bucket'].some((key) => key in section)) return 'influx2';
  return ['database', 'username', 'password'].some((key) => key in section) ? 'influx1' : 'sqlite';
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
