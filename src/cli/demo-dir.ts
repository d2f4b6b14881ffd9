import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths, lockDataDir } from '../data-dir.ts';
import { ColdtrailError } from '../lib/errors.ts';

/** Says that a directory was made by the demo and may be emptied by it. */
const MARKER = 'made-by-demo';

/** Makes the data directory, or empties that of an earlier demo; any other that is not empty is left alone. */
export function freshDataDir(dir: string): void {
  mkdirSync(dir, { recursive: true });
  const there = readdirSync(dir);
  if (there.length > 0 && !there.includes(MARKER)) {
    throw new ColdtrailError('DATA_DIR_IN_USE', `${dir} was not made by the demo: ${there.slice(0, 3).join(', ')} …`, {
      hint: 'The demo empties its data directory. Give it one of its own with --data.',
    });
  }
  // Taking the lock first: a running demo keeps its files.
  lockDataDir(dir)();
  const { journal, ledger, frames } = dataPaths(dir);
  for (const file of [journal, ledger, frames]) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  }
  writeFileSync(join(dir, MARKER), 'coldtrail demo empties this directory when it starts\n');
}
