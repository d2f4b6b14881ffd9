import { join } from 'node:path';
import { alertOptions, configSchema } from '../../src/config.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { JournalLog, JournalReader } from '../../src/journal/log.ts';
import { encodeRecord, type JournalDocument } from '../../src/journal/record.ts';
import { monotonicMs } from '../../src/lib/clock.ts';
import { Projector } from '../../src/project/projector.ts';
import { openSqliteFrames } from '../../src/store/frames/sqlite/store.ts';
import { openLedger } from '../../src/store/ledger/ledger.ts';
import { importRegistry } from '../../src/store/ledger/registry.ts';
import { CHAIN_START_MS, smallChain } from '../harness/chain.ts';
import { tempDir } from '../harness/temp-dir.ts';
import { BENCH_TRUCKS, IngestServer, told as toldRates } from './server-process.ts';
import { LAYOUT } from './truck-frames.ts';
import { truckValues } from './truck-load.ts';

/**
 * What the rules cost in live use: the projections of one journal (identity, frame store, ledger, detection), once with
 * prunes in every truck and once with a produce that has no profile, so that no rule is armed. By CPU time; the runs take turns.
 * Then the whole of it, from clients over MQTT to acknowledgement and store, by the wall's clock.
 *
 *   npx tsx test/bench/rules.ts
 */
const TRUCKS = 200;
const RECORDS = 240;
/** Of each truck in a record: one a minute. */
const FRAMES = 5;
const ROUNDS = 3;
const PAIRS = 5;
/** A produce that has no profile. */
const UNJUDGED = 'gravel';

const chains = { on: smallChain(TRUCKS), off: smallChain(TRUCKS, UNJUDGED) };
const chainOf = (armed: boolean) => (armed ? chains.on : chains.off);

function writeJournal(file: string, armed: boolean): void {
  const log = new JournalLog(file, false);
  const documents = chainOf(armed).events.map((event): JournalDocument => ({ kind: 'event', org: 'carrier', event }));
  for (let r = 0; r < RECORDS; r++) {
    const builder = new FrameBatchBuilder();
    for (let n = 0; n < FRAMES; n++) {
      const minute = r * FRAMES + n;
      for (const [d, device] of chainOf(armed).devices.entries()) {
        builder.add(device, CHAIN_START_MS + minute * 60_000, minute, LAYOUT, truckValues(d, minute));
      }
    }
    const clockMs = CHAIN_START_MS + (r + 1) * FRAMES * 60_000;
    const body = encodeRecord(builder.take(), r === 0 ? documents : []);
    log.append({ arrivedMs: clockMs, clockMs, frames: TRUCKS * FRAMES }, body);
  }
  log.close();
}

/** CPU time of taking the journal in, ms. */
async function projectedMs(armed: boolean): Promise<number> {
  const dir = tempDir('bench-rules');
  writeJournal(join(dir.path, 'journal.db'), armed);
  const reader = new JournalReader(join(dir.path, 'journal.db'));
  const ledger = await openLedger(join(dir.path, 'ledger.db'));
  await ledger.transact((trx) => importRegistry(trx, chainOf(armed).registry));
  const frames = await openSqliteFrames(join(dir.path, 'frames.db'));
  const wall = { nowMs: () => CHAIN_START_MS };
  const projector = await Projector.open(reader, frames, ledger, wall, alertOptions(configSchema.parse({})));
  const before = process.cpuUsage();
  while (await projector.cycle()) {}
  const { user, system } = process.cpuUsage(before);
  await frames.close();
  await ledger.close();
  reader.close();
  dir.remove();
  return (user + system) / 1000;
}

const runs = { on: [] as number[], off: [] as number[] };
await projectedMs(true);
for (let round = 0; round < ROUNDS; round++) {
  for (const which of round % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const)) {
    runs[which].push(await projectedMs(which === 'on'));
  }
}
const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[list.length >> 1]!;
const readings = TRUCKS * RECORDS * FRAMES * LAYOUT.channels.length;
const told = (ms: number) => `${((readings / ms) * 1e-3).toFixed(2)} M readings/s of CPU`;
console.log(`${TRUCKS} trucks, ${readings} readings in records of ${FRAMES} frames a truck`);
console.log(`rules off                    ${told(median(runs.off))}`);
console.log(`rules on                     ${told(median(runs.on))}`);
const moreUs = ((median(runs.on) - median(runs.off)) * 1000) / (readings / LAYOUT.channels.length);
console.log(
  `on / off                     ${(median(runs.off) / median(runs.on)).toFixed(2)}; ${moreUs.toFixed(1)} µs a frame`,
);

/** Frames a second, acknowledged and then stored and judged, and the processor time of the server for each, µs. */
interface Through {
  readonly acknowledged: number;
  readonly stored: number;
  readonly cpuUs: number;
}

/** A server and the world time up to which its trucks have reported. */
interface Live {
  readonly server: IngestServer;
  nextMs: number;
}

/** One load of trucks that go on where the last one ended; what waits when it ends counts as not yet stored. */
async function throughput(live: Live): Promise<Through> {
  const { server, nextMs } = live;
  const before = await server.ask('settle');
  const fromMs = monotonicMs();
  const load = { clients: BENCH_TRUCKS, window: 8, seconds: 5, startMs: nextMs, trucks: true };
  const { framesPerS, framesMax } = await server.load(load);
  const { frames, projected, cpuMs } = await server.ask('settle');
  if (frames !== projected) throw new Error(`${frames} frames were accepted, ${projected} stored`);
  live.nextMs += framesMax * 60_000;
  const through = projected - before.projected;
  const elapsedS = (monotonicMs() - fromMs) / 1000;
  return { acknowledged: framesPerS, stored: through / elapsedS, cpuUs: ((cpuMs - before.cpuMs) * 1000) / through };
}

const started = async (produce: string): Promise<Live> => {
  return { server: await IngestServer.start('fsync', produce), nextMs: CHAIN_START_MS };
};
const live = { on: await started('prune'), off: await started(UNJUDGED) };
await throughput(live.on);
await throughput(live.off);
const found: Record<'on' | 'off', Through[]> = { on: [], off: [] };
for (let pair = 0; pair < PAIRS; pair++) {
  for (const which of pair % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const)) {
    found[which].push(await throughput(live[which]));
  }
}
await live.on.server.stop();
await live.off.server.stop();
const each = (which: 'on' | 'off', what: keyof Through) => found[which].map((through) => through[what]);
const line = (what: string, values: readonly number[], digits: number, rest: string) =>
  console.log(`${what.padEnd(28)} ${toldRates(values, digits)} ${rest}`);
console.log(`live, ${BENCH_TRUCKS} trucks with a batch each, a frame of ${LAYOUT.channels.length} channels a publish`);
for (const what of ['acknowledged', 'stored'] as const) {
  line(`${what}, rules off`, each('off', what), 0, 'frames/s');
  line(`${what}, rules on`, each('on', what), 0, 'frames/s');
  const ratios = each('on', what).map((on, i) => on / each('off', what)[i]!);
  line('on / off', ratios, 2, '  floor 0.75');
}
line('server CPU, rules off', each('off', 'cpuUs'), 1, 'µs a frame');
line('server CPU, rules on', each('on', 'cpuUs'), 1, 'µs a frame');
line(
  'off / on',
  each('off', 'cpuUs').map((off, i) => off / each('on', 'cpuUs')[i]!),
  2,
  '',
);
