import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench [-- [--write] name …]`: the benchmarks, one after the other, each a process of its own. Ratios come
 * from one interleaved run; absolute rates are of this machine at this moment. With --write, what was
 * printed takes its place in docs/benchmarks.md; the benchmarks that were not run keep theirs.
 */
const BENCHES: Readonly<Record<string, string>> = {
  codec: 'SenML decode and encode against JSON.parse and cbor-x',
  detect: 'the prune rules over frames',
  alerts: 'alerts of 1000 breach changes, with ever more alerts kept',
  rules: 'what the rules cost the projections in live use',
  ingest: 'durable ingest through the embedded broker: against no fsync, and 500 clients against 10',
  trace: 'a trace over 10⁷ stored readings against 10⁶',
  simulate: 'the simulator: one core, line protocol, scaling, memory, and the season on two cores',
  lab: 'seeds of season-day simulated, judged and scored on one core',
  soak: 'memory and event-loop stalls over 10⁷ frames (about ten minutes)',
};

const write = process.argv.includes('--write');
const asked = process.argv.slice(2).filter((word) => word !== '--write');
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}

const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);
const model = cpus()[0]?.model.trim() ?? 'unknown processor';
const head =
  '# Benchmarks\n\nMade by `npm run bench -- --write`. Trust the ratios; the rates are of one machine at one moment.\n\n' +
  `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`;

/** What was measured before, by benchmark. */
function sectionsWritten(): Map<string, string> {
  const [, ...sections] = readFileSync(PAGE, 'utf8').split(/^(?=## )/m);
  return new Map(sections.map((section) => [/^## (\w+)/.exec(section)![1]!, section.trimEnd()]));
}

const sections = sectionsWritten();
process.stdout.write(head);
for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  let section = '';
  const say = (text: string) => {
    section += text;
    process.stdout.write(text);
  };
  say(`\n## ${name}: ${BENCHES[name]}\n\n\`\`\`text\n`);
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', say);
  const [status] = await once(child, 'close');
  if (status !== 0) process.exit(status ?? 1);
  say('```\n');
  sections.set(name, section.trim());
}
if (write) {
  const known = Object.keys(BENCHES).flatMap((name) => sections.get(name) ?? []);
  writeFileSync(PAGE, [head.trimEnd(), ...known].join('\n\n').concat('\n'));
}
