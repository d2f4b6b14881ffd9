import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';

/** Builds dist/: the compiled source, and the data files that are read at run time. */
rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const file of ['simulators/scenario.schema.json', 'src/produce/pack.schema.json']) cpSync(file, `dist/${file}`);
for (const folder of ['simulators/scenarios', 'simulators/data', 'src/produce/packs']) {
  cpSync(folder, `dist/${folder}`, { recursive: true, filter: (file) => !file.endsWith('.ts') });
}
