import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempDir {
  readonly path: string;
  /** Removes the folder and all in it; may be called twice. */
  remove(): void;
}

const kept = new Set<string>();
process.on('exit', () => {
  for (const path of kept) rmSync(path, { recursive: true, force: true });
});

/** A new empty folder below the system's temporary one, removed at the latest when the process exits. */
export function tempDir(purpose: string): TempDir {
  const path = mkdtempSync(join(tmpdir(), `coldtrail-${purpose}-`));
  kept.add(path);
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
      kept.delete(path);
    },
  };
}
