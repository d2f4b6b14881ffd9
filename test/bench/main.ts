import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench [-- [--write] name …]`: the benchmarks, one after the other, each a process of its own. Ratios come
 * from one interleaved run; absolute rates are of this machine at this moment. With --write, docs/benchmarks.md is
 * what was printed.
 */
const BENCHES: Readonly<Record<string, string>> = {
  codec: 'SenML decode and encode against JSON.parse and cbor-x',
  detect: 'the prune rules over frames',
  ingest: 'durable ingest through the embedded broker: against no fsync, and 500 clients against 10',
  trace: 'a trace over 10⁷ stored readings against 10⁶',
  soak: 'memory and event-loop stalls over 10⁷ frames (about ten minutes)',
};

const write = process.argv.includes('--write');
const asked = process.argv.slice(2).filter((word) => word !== '--write');
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}

let report = '';
const say = (text: string) => {
  report += text;
  process.stdout.write(text);
};

const model = cpus()[0]?.model.trim() ?? 'unknown processor';
say(
  '# Benchmarks\n\nMade by `npm run bench -- --write`. Trust the ratios; the rates are of one machine at one moment.\n\n',
);
say(`${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`);
for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  say(`\n## ${name}: ${BENCHES[name]}\n\n\`\`\`text\n`);
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', say);
  const [status] = await once(child, 'close');
  if (status !== 0) process.exit(status ?? 1);
  say('```\n');
}
if (write) writeFileSync(new URL('../../docs/benchmarks.md', import.meta.url), report);
