import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { startInfluxd } from './influxd.ts';
import { startMosquitto } from './mosquitto.ts';
import { missingProgramsMessage, programPath, TEST_PROGRAMS } from './programs.ts';
import { tempDir } from './temp-dir.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

describe('test harness', () => {
  test('influxd keeps its data over a restart and removes them at the end', async () => {
    const influxd = await startInfluxd();
    cleanups.push(() => influxd.stop());
    await influxd.query('CREATE DATABASE kept');
    await influxd.restart();
    const databases = (await influxd.query('SHOW DATABASES')).results[0]?.series?.[0]?.values;
    expect(databases).toContainEqual(['kept']);
  });

  test('mosquitto keeps a retained message over a restart, and lets in who has the password', async () => {
    const broker = await startMosquitto({ passwords: { grower: 'plum' } });
    cleanups.push(() => broker.stop());
    const publish = (password: string) =>
      spawnSync(programPath('mosquitto_pub'), [
        ...['-p', String(broker.port), '-h', '127.0.0.1', '-u', 'grower', '-P', password],
        ...['-t', 'a/b', '-m', 'hello', '-r', '-q', '1'],
      ]).status;
    expect(publish('wrong')).not.toBe(0);
    expect(publish('plum')).toBe(0);
    await broker.restart();
    expect(publish('plum')).toBe(0);
  });

  test('a missing program is named with its package and its variable', () => {
    const message = missingProgramsMessage([TEST_PROGRAMS[0], TEST_PROGRAMS[1]]);
    expect(message).toContain('apt-get install --no-install-recommends influxdb mosquitto');
    expect(message).toContain('COLDTRAIL_TEST_INFLUXD=/path/to/influxd');
  });

  test('a temporary folder is gone after remove', () => {
    const dir = tempDir('harness');
    expect(existsSync(dir.path)).toBe(true);
    dir.remove();
    dir.remove();
    expect(existsSync(dir.path)).toBe(false);
  });
});
