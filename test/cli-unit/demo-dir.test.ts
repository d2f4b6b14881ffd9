import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshDataDir } from '../../src/cli/demo-dir.ts';
import { dataPaths, lockDataDir } from '../../src/data-dir.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

let temp: TempDir;
beforeEach(() => {
  temp = tempDir('demo-dir');
});
afterEach(() => temp.remove());

test('a directory of its own is emptied, again and again', () => {
  const dir = join(temp.path, 'demo');
  freshDataDir(dir);
  writeFileSync(dataPaths(dir).journal, 'of the last demo');
  freshDataDir(dir);
  expect(existsSync(dataPaths(dir).journal)).toBe(false);
});

test('the data of a serve stays, though its files have the same names', () => {
  lockDataDir(temp.path)();
  writeFileSync(dataPaths(temp.path).journal, 'of a serve');
  expect(() => freshDataDir(temp.path)).toThrow(/was not made by the demo/);
  expect(existsSync(dataPaths(temp.path).journal)).toBe(true);
});

test('a demo that runs keeps its files', () => {
  freshDataDir(temp.path);
  const unlock = lockDataDir(temp.path);
  writeFileSync(dataPaths(temp.path).journal, 'in use');
  expect(() => freshDataDir(temp.path)).toThrow(/another coldtrail process/);
  unlock();
  expect(existsSync(dataPaths(temp.path).journal)).toBe(true);
});
