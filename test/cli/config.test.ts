import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { envVariable, loadConfig, settingPaths } from '../../src/config.ts';
import { ColdtrailError } from '../../src/lib/errors.ts';
import { loadRegistry } from '../../src/registry-file.ts';
import { tempDir } from '../harness/temp-dir.ts';
import { coldtrail } from './coldtrail.ts';

const temp = tempDir('config');
afterAll(() => temp.remove());

let files = 0;
/** A file of its own with this text. */
function file(text: string, name = `settings-${++files}.yaml`): string {
  mkdirSync(temp.path, { recursive: true });
  const path = join(temp.path, name);
  writeFileSync(path, text);
  return path;
}

/** The problems of an error of ours, one a line, with the file's path taken out. */
async function problems(loading: Promise<unknown>, path?: string): Promise<string[]> {
  const error = await loading.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof ColdtrailError)) throw error ?? new Error('nothing was wrong');
  expect(error.code).toBe('CONFIG_INVALID');
  return error.message.split('\n').map((line) => (path === undefined ? line : line.replace(path, 'FILE')));
}

describe('where a setting comes from', () => {
  test('flag > environment > file > default', async () => {
    const path = file('broker: { port: 1 }\nlog: { level: warn }\nclock: simulation\n');
    const env = { COLDTRAIL_BROKER_PORT: '2', COLDTRAIL_LOG_LEVEL: 'error' };
    const config = await loadConfig({ file: path, env, flags: { 'broker.port': 3, dataDir: undefined } });
    expect(config.broker).toMatchObject({ mode: 'embedded', host: '127.0.0.1', port: 3 });
    expect(config.log.level).toBe('error');
    expect(config.clock).toBe('simulation');
    expect(config.dataDir).toBe('./coldtrail-data');
  });

  test('an empty variable is none', async () => {
    expect((await loadConfig({ env: { COLDTRAIL_BROKER_PORT: '' } })).broker).toMatchObject({ port: 1883 });
  });

  test('a variable gives a list with commas between', async () => {
    const env = { COLDTRAIL_ALERTS_MQTT_ORGS: 'carrier, 123', COLDTRAIL_ALERTS_MQTT_ENABLED: 'true' };
    expect((await loadConfig({ env })).alerts.mqtt).toEqual({
      enabled: true,
      minSeverity: 'warning',
      orgs: ['carrier', '123'],
    });
    const packs = loadConfig({ env: { COLDTRAIL_RULES_PACKS: 'haccp, mine.yaml' } });
    expect((await packs).rules.packs).toEqual(['haccp', 'mine.yaml']);
    const wrong = loadConfig({ env: { COLDTRAIL_ALERTS_LOG_ORGS: 'Not an org' } });
    expect(await problems(wrong)).toEqual(['COLDTRAIL_ALERTS_LOG_ORGS: alerts.log.orgs.0: must be the id of an org']);
  });

  test('JSON is taken as well, and an empty file says nothing', async () => {
    const json = file(JSON.stringify({ journal: { fsync: false } }), 'settings.json');
    expect((await loadConfig({ file: json })).journal.fsync).toBe(false);
    expect(await loadConfig({ file: file('') })).toEqual(await loadConfig({}));
  });

  test("a broker's URL from a flag or a variable goes before an embedded broker in the file", async () => {
    const path = file('broker: { mode: embedded, port: 1884, anonymous: true }\n');
    const url = 'mqtt://127.0.0.1:1';
    const external = { mode: 'external', url, clientId: 'coldtrail', protocolVersion: 4 };
    expect((await loadConfig({ file: path, flags: { 'broker.url': url } })).broker).toEqual(external);
    expect((await loadConfig({ file: path, env: { COLDTRAIL_BROKER_URL: url } })).broker).toEqual(external);
  });

  test('kind and mode are implied where only one fits', async () => {
    const influx2 = await loadConfig({ env: { COLDTRAIL_STORE_TOKEN: '123', COLDTRAIL_STORE_ORG: 'true' } });
    expect(influx2.store).toMatchObject({ kind: 'influx2', token: '123', org: 'true' });
    expect((await loadConfig({ env: { COLDTRAIL_STORE_DATABASE: '7' } })).store).toMatchObject({
      kind: 'influx1',
      database: '7',
    });
    expect((await loadConfig({ env: { COLDTRAIL_REGISTRY: '5' } })).registry).toBe('5');
  });

  test('each setting has a variable of its own', () => {
    const variables = settingPaths().map(envVariable);
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toContain('COLDTRAIL_INGEST_MAX_PAYLOAD_BYTES');
  });

  test('no text in a variable or a file ends in anything but a configuration or an error of ours', async () => {
    const paths = settingPaths().map((path) => envVariable(path));
    const texts = fc.oneof(fc.string(), fc.constantFrom('true', '-1', '0', '1e3', 'sqlite', 'influx1', 'embedded'));
    const env = fc.dictionary(fc.constantFrom(...paths), texts, { maxKeys: 4 });
    const section = fc.constantFrom(
      '',
      'broker:',
      'broker: 5',
      'store: []',
      'log: {level: x}',
      'a: b',
      '- 1',
      '{',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(env, fc.array(section, { maxLength: 2 }), async (variables, lines) => {
        const path = file(lines.join('\n'), 'any.yaml');
        await loadConfig({ file: path, env: variables }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(ColdtrailError);
        });
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is wrong is told at once, with its place', () => {
  test('in a file: line and column, also of keys that are not known', async () => {
    const path = file(
      'dataDir: 3\nbrokr: {}\nbroker:\n  mode: embedded\n  port: 99999\n  url: mqtt://x\nlog:\n  level: loud\n',
    );
    expect(await problems(loadConfig({ file: path }), path)).toEqual([
      'FILE:1:10: dataDir: Invalid input: expected string, received number',
      'FILE:2:1: brokr: is no known setting',
      'FILE:5:9: broker.port: Too big: expected number to be <=65535',
      'FILE:6:3: broker.url: does not go with mode embedded',
      expect.stringMatching(/^FILE:8:10: log\.level: Invalid option/),
    ]);
  });

  test('in the environment and in flags: their names', async () => {
    const env = { COLDTRAIL_LOG_LEVEL: 'loud', COLDTRAIL_JOURNAL_KEEP_MS: 'long', COLDTRAIL_STORE_URL: 'http://h' };
    expect(await problems(loadConfig({ env, flags: { 'broker.url': 'no url' } }))).toEqual([
      expect.stringMatching(/^--broker: broker\.url: /),
      'COLDTRAIL_STORE_URL: store.url: does not go with kind sqlite',
      expect.stringMatching(/^COLDTRAIL_JOURNAL_KEEP_MS: journal\.keepMs: /),
      expect.stringMatching(/^COLDTRAIL_LOG_LEVEL: log\.level: /),
    ]);
  });

  test('a missing one: where it should stand', async () => {
    const path = file('clock: wall\nstore:\n  kind: influx2\n');
    expect(await problems(loadConfig({ file: path }), path)).toEqual([
      expect.stringMatching(/^FILE:3:3: store\.token: /),
    ]);
  });

  test('YAML that is none, keys written twice, a list', async () => {
    for (const [text, problem] of [
      ['a: 1\na: 2\n', 'FILE:2:1: this key is written twice'],
      ['a: [1\n', expect.stringMatching(/^FILE:\d+:\d+: [^:]+$/)],
      ['- 1\n', 'FILE:1:1: the file must hold a mapping of settings'],
    ]) {
      const path = file(text as string);
      expect(await problems(loadConfig({ file: path }), path)).toEqual([problem]);
    }
  });

  test('a registry: the same', async () => {
    const path = file('orgs: [{ id: BAD, name: x, rol: y }]\ndevices: [{ key: a }]\n');
    expect(await problems(loadRegistry(path), path)).toEqual([
      expect.stringMatching(/^FILE:1:14: orgs\.0\.id: /),
      'FILE:1:28: orgs.0.rol: is no known setting',
      'FILE:2:18: devices.0.key: must be {org}/{name}, each of a-z 0-9 . _ -',
    ]);
  });

  test('a file that is not there', async () => {
    await expect(loadConfig({ file: '/no/such/file' })).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
  });
});

describe('coldtrail config', { timeout: 60_000 }, () => {
  test('print hides secrets, and prints what can be read again', async () => {
    const path = file(
      'store: { kind: influx1, url: "http://me:geheim@h:1", password: geheim }\nlog: { level: warn }\n',
    );
    const env = { COLDTRAIL_BROKER_URL: 'mqtt://:geheim@127.0.0.1:1', COLDTRAIL_LOG_LEVEL: 'error' };
    const { code, stdout, stderr } = await coldtrail(['config', 'print', '-c', path], env);
    expect(stdout).not.toContain('geheim');
    expect(parse(stdout)).toMatchObject({
      broker: { mode: 'external', url: 'mqtt://:***@127.0.0.1:1' },
      store: { kind: 'influx1', url: 'http://me:***@h:1/', password: '***' },
      log: { level: 'error' },
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('print --env lists every variable with its setting', async () => {
    const { stdout } = await coldtrail(['config', 'print', '--env']);
    expect(stdout.trim().split('\n')).toEqual(settingPaths().map((path) => `${envVariable(path)}\t${path.join('.')}`));
  });

  test('validate: 0 and a word, or 2 and every problem', async () => {
    const registry = file('devices: [{ key: a/b }]\n');
    const good = file(`registry: ${registry}\n`);
    expect(await coldtrail(['config', 'validate', '-c', good])).toEqual({ code: 0, stdout: 'valid\n', stderr: '' });
    const bad = file('clock: x\nlog: { level: y }\n');
    const { code, stdout, stderr } = await coldtrail(['config', 'validate', '-c', bad]);
    expect(stderr).toMatch(/^CONFIG_INVALID: .*:1:8: clock: .*\n.*:2:15: log\.level: .*\n→ `coldtrail config print`/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
