/**
 * What alerts cost a cycle of the projections: processor time for 1000 breach changes on 300 assets, in ledgers that
 * keep ever more alerts of the past. Each case is its own ledger; they take turns, the median of the rounds is told.
 *
 *   npx tsx test/bench/alerts.ts
 */
import { join } from 'node:path';
import type { Breach, BreachChange } from '../../src/contract/breach.ts';
import { projectAlerts } from '../../src/project/alert-projection.ts';
import { type Ledger, openLedger } from '../../src/store/ledger/ledger.ts';
import { breach } from '../alerts/breaches.ts';
import { tempDir } from '../harness/temp-dir.ts';

const ASSETS = 300;
const KEPT = [1000, 10_000, 40_000];
const ROUNDS = 7;
const CHANGES_PER_CYCLE = 50;
const CYCLES = 1000 / CHANGES_PER_CYCLE;
const HOUR_MS = 3_600_000;
const OPTIONS = {
  groupGapMs: HOUR_MS / 2,
  escalateAfterMs: HOUR_MS,
  outOfCoverageMs: 0,
  spoolMax: 100_000,
  notify: true,
};

const assetOf = (n: number) => `c/truck-${n % ASSETS}`;
const breachOf = (n: number, startMs: number, endMs: number | null): Breach =>
  breach({ id: `${assetOf(n)}:${startMs}:${n}`, asset: assetOf(n), startMs, endMs });

interface Case {
  readonly kept: number;
  readonly ledger: Ledger;
  offset: number;
  nowMs: number;
  readonly cpuMs: number[];
}

async function cycle(one: Case, breachChanges: readonly BreachChange[]): Promise<void> {
  const at = { fromOffset: one.offset, toOffset: ++one.offset, clockMs: one.nowMs };
  await one.ledger.transact((trx) => projectAlerts(trx, { breachChanges, changedHolders: [], ...at }, OPTIONS));
}

/** A ledger in which every asset has had its share of alerts, each over before the next. */
async function filled(kept: number, file: string): Promise<Case> {
  const one: Case = { kept, ledger: await openLedger(file), offset: 0, nowMs: 0, cpuMs: [] };
  for (let n = 0; n < kept; n += ASSETS) {
    one.nowMs += 3 * HOUR_MS;
    const count = Math.min(ASSETS, kept - n);
    const over = Array.from({ length: count }, (_, i) => breachOf(i, one.nowMs, one.nowMs + HOUR_MS));
    await cycle(
      one,
      over.map((b): BreachChange => ({ change: 'raised', breach: b })),
    );
  }
  return one;
}

/** 1000 changes: breaches are raised, go on beside another of the same asset, and clear. */
async function round(one: Case): Promise<void> {
  one.nowMs += 3 * HOUR_MS;
  const startMs = one.nowMs;
  const before = process.cpuUsage();
  for (let c = 0; c < CYCLES; c++) {
    one.nowMs += HOUR_MS / CYCLES;
    const changes = Array.from({ length: CHANGES_PER_CYCLE }, (_, i): BreachChange => {
      const n = (c * CHANGES_PER_CYCLE + i) % 500;
      return c < CYCLES / 2
        ? { change: 'raised', breach: breachOf(n, startMs, null) }
        : { change: 'cleared', breach: breachOf(n, startMs, startMs + HOUR_MS) };
    });
    await cycle(one, changes);
  }
  const { user, system } = process.cpuUsage(before);
  one.cpuMs.push((user + system) / 1000);
}

const dir = tempDir('bench-alerts');
try {
  const cases: Case[] = [];
  for (const kept of KEPT) cases.push(await filled(kept, join(dir.path, `${kept}.db`)));
  for (let r = 0; r < ROUNDS; r++) {
    for (const one of r % 2 === 0 ? cases : [...cases].reverse()) await round(one);
  }
  console.log(
    `node ${process.version}, ${ASSETS} assets, cycles of ${CHANGES_PER_CYCLE} breach changes, ${ROUNDS} rounds`,
  );
  for (const { kept, cpuMs } of cases) {
    const [low, median, high] = [0, cpuMs.length >> 1, cpuMs.length - 1].map(
      (n) => cpuMs.toSorted((a, b) => a - b)[n]!,
    );
    const told = `${median!.toFixed(0)} ms (${low!.toFixed(0)}–${high!.toFixed(0)})`;
    console.log(`${String(kept).padStart(6)} alerts kept: ${told} of processor time for 1000 breach changes`);
  }
  for (const { ledger } of cases) await ledger.close();
} finally {
  dir.remove();
}
