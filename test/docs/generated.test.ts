import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { docPages } from '../../scripts/docs/pages.ts';
import { envVariable, settingPaths } from '../../src/config.ts';
import { REASONS } from '../../src/contract/reason.ts';
import { ERROR_CODES } from '../../src/lib/errors.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const filesOf = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

/** The text of all files of folders, but for those named. */
const textOf = (folders: readonly string[], except: string) =>
  folders
    .flatMap(filesOf)
    .filter((file) => file !== except)
    .map(read)
    .join('\n');

describe('generated pages', () => {
  test.each([...docPages()])('%s is what `npm run docs` writes', (file, text) => {
    expect(read(file)).toBe(text);
  });

  test('the README has every setting with its variable', () => {
    const readme = read('README.md');
    for (const path of settingPaths()) {
      expect(readme).toContain(`\`${path.join('.')}\``);
      expect(readme).toContain(`\`${envVariable(path)}\``);
    }
  });
});

describe('codes', () => {
  const thrown = textOf(['src', 'simulators'], 'src/lib/errors.ts');
  test.each(Object.keys(ERROR_CODES))('the error %s is thrown somewhere', (code) => {
    expect(thrown).toMatch(new RegExp(`(ColdtrailError\\(|return |[?:] )\\s*'${code}'`));
  });

  const given = textOf(['src'], 'src/contract/reason.ts');
  test.each(Object.keys(REASONS))('the reason %s is given somewhere', (reason) => {
    expect(given).toContain(`'${reason}'`);
  });
});
