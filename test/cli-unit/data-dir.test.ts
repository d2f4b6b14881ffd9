import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configSchema } from '../../src/config.ts';
import { lockDataDir } from '../../src/data-dir.ts';
import { rebuild } from '../../src/rebuild.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

let temp: TempDir;
beforeEach(() => {
  temp = tempDir('data-dir');
});
afterEach(() => temp.remove());

test('a second writer is told who holds the directory, and may have it afterwards', () => {
  const unlock = lockDataDir(temp.path);
  expect(() => lockDataDir(temp.path)).toThrow(
    expect.objectContaining({ code: 'DATA_DIR_IN_USE', message: expect.stringContaining(`pid ${process.pid}`) }),
  );
  unlock();
  lockDataDir(temp.path)();
});

test('a damaged lock file is not taken for another process', () => {
  mkdirSync(temp.path, { recursive: true });
  writeFileSync(join(temp.path, 'lock.db'), 'x'.repeat(5000));
  expect(() => lockDataDir(temp.path)).toThrow(/not a database/);
});

test('a rebuild without a journal says so and makes nothing', async () => {
  const dataDir = join(temp.path, 'mistyped');
  const config = configSchema.parse({ dataDir });
  await expect(rebuild(config, () => {}, new AbortController().signal)).rejects.toMatchObject({ code: 'NO_DATA' });
  expect(existsSync(dataDir)).toBe(false);
});
