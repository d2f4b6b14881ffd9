/**
 * A trace of one batch over 10⁷ stored channel readings against the same over 10⁶: same journey, ten times the fleet,
 * the batches and the breaches. Embedded stores, read by connections of their own. A B B A in one run, median and
 * spread; the trace of one batch is verified equal in both before anything is timed.
 *
 *   npx tsx test/bench/trace.ts
 */
import { join } from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { roundTo } from '../../src/contract/channel.ts';
import { type FrameChunk, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { monotonicMs } from '../../src/lib/clock.ts';
import { openSqliteFrames } from '../../src/store/frames/sqlite/store.ts';
import { noteChannels } from '../../src/store/ledger/device-channels.ts';
import { applyEvents } from '../../src/store/ledger/events.ts';
import { openLedger } from '../../src/store/ledger/ledger.ts';
import { importRegistry } from '../../src/store/ledger/registry.ts';
import { renderJson } from '../../src/trace/render-json.ts';
import { SummaryFold, summaryOf } from '../../src/trace/summary.ts';
import { type TraceStores, traceBatch } from '../../src/trace/trace.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';
import { commission, journaled, place, scan } from '../store/ledger/event-builders.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 7, 1);
/** Four days at a frame a minute, 10 channels each. */
const FRAMES_PER_DEVICE = 5760;
const CHANNELS = [
  'air-return',
  'air-supply',
  'ambient',
  'door',
  'humidity',
  'pulp-1',
  'pulp-2',
  'pulp-3',
  'set-point',
  'unit-on',
];
const LAYOUT = internLayout(CHANNELS);
const PAIRS = 10;
const TRACES_PER_TURN = 30;

interface World {
  readonly readings: number;
  readonly stores: TraceStores;
  readonly lots: readonly string[];
  close(): Promise<void>;
}

async function build(devices: number, dir: TempDir): Promise<World> {
  const ledgerFile = join(dir.path, `ledger-${devices}.db`);
  const framesFile = join(dir.path, `frames-${devices}.db`);
  const writer = await openSqliteFrames(framesFile);
  for (let from = 0; from < FRAMES_PER_DEVICE; from += 240) await writer.append(hours(devices, from, from + 240));
  await writer.close();
  const lots = await buildLedger(ledgerFile, devices);
  const ledger = await openLedger(ledgerFile, { readOnly: true });
  const frames = await openSqliteFrames(framesFile, { readOnly: true });
  return {
    readings: devices * FRAMES_PER_DEVICE * CHANNELS.length,
    stores: { ledger, frames },
    lots,
    close: async () => {
      await frames.close();
      await ledger.close();
    },
  };
}

/** Some hours of the fleet; a device's values depend on itself alone, so both worlds share those of the first ones. */
function hours(devices: number, fromMinute: number, toMinute: number) {
  const out = new FrameBatchBuilder();
  const values = new Float64Array(CHANNELS.length);
  for (let d = 0; d < devices; d++) {
    const random = xoroshiro128plus(d * 10_000 + fromMinute);
    for (let minute = fromMinute; minute < toMinute; minute++) {
      for (let c = 0; c < values.length; c++) values[c] = roundTo(uniformInt(random, -1500, 4500) / 1000, 3);
      out.add(`c/d${d}`, T0 + minute * MINUTE, minute, LAYOUT, values);
    }
  }
  return out.take();
}

/** Each device on an asset of its own; ten batches for each, a day in one asset, two in the next, a day in a third. */
async function buildLedger(file: string, devices: number): Promise<string[]> {
  const ledger = await openLedger(file);
  const asset = (d: number) => `c/a${d % devices}`;
  const lots = Array.from({ length: devices * 10 }, (_, i) => `LOT-${i}`);
  const events = Array.from({ length: devices }, (_, d) => place(T0, asset(d), [`c/d${d}`]));
  const journeys = lots.flatMap((lot, i) => [
    commission(T0, { lots: [lot], asset: asset(i), kg: 800 }),
    scan(T0 + 24 * HOUR, { lots: [lot], asset: asset(i + 1), party: 'carrier' }),
    scan(T0 + 72 * HOUR, { lots: [lot], asset: asset(i + 2), party: 'store' }),
    scan(T0 + 96 * HOUR, { lots: [lot], action: 'DELETE' }),
  ]);
  const from = monotonicMs();
  await ledger.transact(async (trx) => {
    await importRegistry(trx, {
      orgs: [],
      assets: events.map((_, d) => ({ key: asset(d), kind: 'reefer-truck' as const, name: `Asset ${d}` })),
      devices: [],
      clients: [],
      products: [{ companyPrefix: '9521141', itemRef: '012345', produce: 'prune' }],
    });
    const all = journaled([...events, ...journeys]);
    for (let at = 0; at < all.length; at += 500) await applyEvents(trx, all.slice(at, at + 500));
    await noteChannels(
      trx,
      events.map((_, d) => ({ device: `c/d${d}`, channels: CHANNELS })),
    );
  });
  const rate = (events.length + journeys.length) / ((monotonicMs() - from) / 1000);
  console.log(`ledger of ${lots.length} batches: ${Math.round(rate)} events/s taken in`);
  await ledger.close();
  return lots;
}

async function turn(world: World, pick: () => number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < TRACES_PER_TURN; n++) {
    const lot = world.lots[pick() % world.lots.length]!;
    const from = monotonicMs();
    await traceBatch(world.stores, lot);
    took.push(monotonicMs() - from);
  }
  return took;
}

function foldRate(channelsPooled: number): number {
  const layout = internLayout(CHANNELS.filter((c) => c.startsWith('pulp')).slice(0, channelsPooled));
  const size = 2048;
  const random = xoroshiro128plus(1);
  const values = Float64Array.from({ length: size * channelsPooled }, () => uniformInt(random, -1500, 4500) / 1000);
  const chunks = Array.from({ length: 300 }, (_, n): FrameChunk => {
    const timeMs = Float64Array.from({ length: size }, (_, i) => (n * size + i) * MINUTE);
    return { device: 'c/d', layout, size, timeMs, seq: timeMs, values };
  });
  const whole = { fromMs: 0, toMs: chunks.length * size * MINUTE };
  const band = { lowC: -1.5, highC: 4 };
  const rates = Array.from({ length: 7 }, () => {
    const from = monotonicMs();
    const fold = new SummaryFold(whole, new Set(['pulp']), band, 15 * MINUTE);
    for (const chunk of chunks) fold.add(chunk);
    const { count } = summaryOf([fold.end()], whole, band);
    return count / ((monotonicMs() - from) / 1000);
  });
  return median(rates);
}

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[xs.length >> 1]!;

async function main(): Promise<void> {
  const dir = tempDir('bench-trace');
  try {
    const large = await build(174, dir);
    const small = await build(17, dir);
    const one = await Promise.all([large, small].map(async (w) => renderJson(await traceBatch(w.stores, 'LOT-0'))));
    if (one[0] !== one[1]) throw new Error('the same batch has unequal traces');
    const random = xoroshiro128plus(7);
    const pick = () => uniformInt(random, 0, 1_000_000);
    for (const world of [large, small]) await turn(world, pick);
    const ms: { large: number[]; small: number[] } = { large: [], small: [] };
    const ratios: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const a = await turn(large, pick);
      const b = [...(await turn(small, pick)), ...(await turn(small, pick))];
      a.push(...(await turn(large, pick)));
      ms.large.push(...a);
      ms.small.push(...b);
      ratios.push(median(a) / median(b));
    }
    for (const [name, world] of [
      ['large', large],
      ['small', small],
    ] as const) {
      const sorted = [...ms[name]].sort((x, y) => x - y);
      const p = (q: number) => sorted[Math.floor(q * sorted.length)]!.toFixed(1);
      console.log(
        `trace of ${FRAMES_PER_DEVICE} frames over ${world.readings.toExponential(1)} readings: p50 ${p(0.5)} ms, p95 ${p(0.95)} ms`,
      );
    }
    const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
    console.log(`ratio ${median(ratios).toFixed(2)} (${spread})`);
    for (const n of [1, 3]) console.log(`summary fold, ${n} channels: ${(foldRate(n) / 1e6).toFixed(1)}M values/s`);
    await Promise.all([large.close(), small.close()]);
  } finally {
    dir.remove();
  }
}

await main();
