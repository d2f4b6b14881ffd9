import { join } from 'node:path';
import { openSqliteFrames } from '../../../src/store/frames/sqlite/store.ts';
import { frameStoreConformance } from '../../conformance/frame-store.ts';
import { tempDir } from '../../harness/temp-dir.ts';

frameStoreConformance('SQLite', async () => {
  const dir = tempDir('frames');
  const store = await openSqliteFrames(join(dir.path, 'frames.db'));
  return { store, release: async () => dir.remove() };
});
