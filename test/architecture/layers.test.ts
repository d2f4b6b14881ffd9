import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface SourceFile {
  /** From the root, e.g. `src/ingest/ingest.ts`. */
  readonly path: string;
  readonly text: string;
  /** What it imports: paths from the root, or names of packages. Type imports too. */
  readonly imports: readonly string[];
}

/** `from '…'`, `import '…'`, `import('…')`, and the module URLs of worker threads. */
const IMPORT = /(?:(?<!\.)\bfrom\s+|\bimport\s+|\bimport\(\s*)'([^']+)'|siblingModule\(import\.meta\.url, '([^']+)'/g;

function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imports = [...withoutComments(text).matchAll(IMPORT)].map((m) => {
    const name = m[1] ?? `${m[2]}.ts`;
    return name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), name)) : name;
  });
  return { path, text, imports };
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const sources = ['src', 'simulators'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => sourceFile(join(folder, name))),
);

const within = (path: string, folders: readonly string[]) => folders.some((folder) => path.startsWith(`${folder}/`));
const isOurs = (name: string) => within(name, ['src', 'simulators', 'test', 'scripts', 'dashboards']);

/** Imports that break a rule, as `file → import`. */
function strays(from: (path: string) => boolean, allowed: (name: string) => boolean): string[] {
  return sources
    .filter(({ path }) => from(path))
    .flatMap(({ path, imports }) => imports.filter((name) => !allowed(name)).map((name) => `${path} → ${name}`));
}

const folder = (name: string) => (path: string) => within(path, [name]);
const only = (folders: readonly string[]) => (name: string) => !isOurs(name) || within(name, folders);

/** The ports of the frame store: what a stage may know of where frames are. */
const FRAME_PORT = 'src/store/frames/store.ts';
const INNER = ['src/contract', 'src/produce', 'src/lib'];

test('the imports are found', () => {
  const pipeline = sources.find(({ path }) => path === 'src/pipeline.ts')!;
  expect(pipeline.imports).toContain('src/journal/journal.ts');
  expect(pipeline.imports).toContain('pino');
  const run = sources.find(({ path }) => path === 'src/cli/run.ts')!;
  expect(run.imports).toContain('src/cli/commands/trace.ts');
  const projections = sources.find(({ path }) => path === 'src/project/projections.ts')!;
  expect(projections.imports).toContain('src/project/worker.ts');
  const known = new Set(sources.map(({ path }) => path));
  expect(sources.flatMap(({ imports }) => imports.filter((name) => isOurs(name) && !known.has(name)))).toEqual([]);
});

describe('what may import what', () => {
  test('src imports simulators only where a command starts one, and in the lab', () => {
    const others = (path: string) => within(path, ['src']) && !within(path, ['src/cli', 'src/lab']);
    expect(strays(others, (name) => !within(name, ['simulators']))).toEqual([]);
  });

  test('the lab composes simulator and detection, and sees the rules in one file', () => {
    const allowed = only(['src/lab', 'src/detect', 'simulators', ...INNER]);
    expect(strays(folder('src/lab'), (name) => name === 'src/settings-file.ts' || allowed(name))).toEqual([]);
    const others = (path: string) => within(path, ['src/lab']) && path !== 'src/lab/engine.ts';
    expect(strays(others, (name) => !within(name, ['src/detect']))).toEqual([]);
  });

  test('simulators know the contract, the produce and the library, and nothing else of src', () => {
    expect(strays(folder('simulators'), only(['simulators', ...INNER]))).toEqual([]);
  });

  test('the contract stands alone, on zod and Node', () => {
    const allowed = (name: string) => within(name, ['src/contract']) || name === 'zod' || name.startsWith('node:');
    expect(strays(folder('src/contract'), allowed)).toEqual([]);
  });

  test('the library knows nothing of the rest', () => {
    expect(strays(folder('src/lib'), only(['src/lib']))).toEqual([]);
  });

  test('the produce knows the contract and the library', () => {
    expect(strays(folder('src/produce'), only(INNER))).toEqual([]);
  });

  test.each(['broker', 'ingest', 'journal', 'detect'])('the stage %s knows no other stage', (stage) => {
    const allowed = only([`src/${stage}`, ...INNER]);
    expect(strays(folder(`src/${stage}`), (name) => name === FRAME_PORT || allowed(name))).toEqual([]);
  });

  test('alerts group breaches and read the spool', () => {
    expect(strays(folder('src/alerts'), only(['src/alerts', 'src/store/ledger', ...INNER]))).toEqual([]);
  });

  test('trace reads the stores and knows no other stage', () => {
    const allowed = only(['src/trace', 'src/store/ledger', 'src/store/frames', ...INNER]);
    expect(strays(folder('src/trace'), allowed)).toEqual([]);
    // Which adapter it reads is none of its business.
    const adapters = ['sqlite', 'influx1', 'influx2', 'influxql'].map((kind) => `src/store/frames/${kind}`);
    expect(strays(folder('src/trace'), (name) => !within(name, adapters))).toEqual([]);
  });

  test('stores know the contract and the library', () => {
    expect(strays(folder('src/store'), only(['src/store', 'src/contract', 'src/lib']))).toEqual([]);
  });

  test('the projections compose journal, detection and stores', () => {
    const files = ['src/config.ts', 'src/data-dir.ts', 'src/rules-in-force.ts', 'src/stores.ts'];
    const allowed = only(['src/project', 'src/journal', 'src/detect', 'src/alerts', 'src/store', ...INNER]);
    expect(strays(folder('src/project'), (name) => files.includes(name) || allowed(name))).toEqual([]);
  });

  test('nothing but main.ts imports the command line', () => {
    const others = (path: string) => path !== 'src/main.ts' && !within(path, ['src/cli']);
    expect(strays(others, (name) => !within(name, ['src/cli']))).toEqual([]);
  });

  test('nothing imports a test', () => {
    expect(
      strays(
        () => true,
        (name) => !within(name, ['test', 'scripts']),
      ),
    ).toEqual([]);
  });
});

describe('what the sources hold', () => {
  const matches = (pattern: RegExp, except: readonly string[] = []) =>
    sources
      .filter(({ path }) => !except.includes(path))
      .filter(({ text }) => pattern.test(withoutComments(text)))
      .map(({ path }) => path);

  test('one file reads the clock', () => {
    const clock = ['src/lib/clock.ts'];
    expect(matches(/\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\.now\b|\bhrtime\b/, clock)).toEqual([]);
  });

  test('nothing draws numbers but from a seed', () => {
    expect(matches(/\bMath\.random\b|\brandomBytes\b|\brandomUUID\b|\bgetRandomValues\b/)).toEqual([]);
  });

  test('exports have names', () => {
    expect(matches(/\bexport\s+default\b|\bas\s+default\b/)).toEqual([]);
  });

  test('nothing is left to do', () => {
    const unfinished = sources.filter(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text));
    expect(unfinished.map(({ path }) => path)).toEqual([]);
  });

  test('no file is longer than 400 lines', () => {
    const lines = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    const long = lines.filter((file) => file.lines > 250).map((file) => `${file.path}: ${file.lines} lines`);
    if (long.length > 0) console.info(`longer than 250 lines, worth a look:\n${long.join('\n')}`);
    expect(lines.filter((file) => file.lines > 400)).toEqual([]);
  });
});
