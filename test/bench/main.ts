import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench [name …]`: the benchmarks, one after the other, each a process of its own. Ratios come from one
 * interleaved run; absolute rates are of this machine at this moment.
 */
const BENCHES: Readonly<Record<string, string>> = {
  codec: 'SenML decode and encode against JSON.parse and cbor-x',
  detect: 'the prune rules over frames',
  ingest: 'durable ingest through the embedded broker: against no fsync, and 500 clients against 10',
  trace: 'a trace over 10⁷ stored readings against 10⁶',
  soak: 'memory and event-loop stalls over 10⁷ frames (about ten minutes)',
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const { model } = cpus()[0] ?? { model: 'unknown processor' };
console.log(`${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`);
for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  console.log(`## ${name}: ${BENCHES[name]}\n`);
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  console.log('');
}
