import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertOptions, configSchema } from '../../src/config.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { JournalLog, JournalReader } from '../../src/journal/log.ts';
import { encodeRecord, type JournalDocument } from '../../src/journal/record.ts';
import { openDatabase } from '../../src/lib/sqlite.ts';
import { Projector } from '../../src/project/projector.ts';
import { openSqliteFrames } from '../../src/store/frames/sqlite/store.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { type Ledger, openLedger } from '../../src/store/ledger/ledger.ts';
import { importRegistry } from '../../src/store/ledger/registry.ts';
import { CHAIN_START_MS, smallChain } from '../harness/chain.ts';
import { swingingFrames } from '../harness/load.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

const HOUR_MS = 3_600_000;
const HOURS = 72;
const clock = { nowMs: () => CHAIN_START_MS };
const chain = smallChain(2);

let temp: TempDir;
let log: JournalLog;
let reader: JournalReader;
let ledger: Ledger;
beforeEach(async () => {
  temp = tempDir('new-rules');
  log = new JournalLog(join(temp.path, 'journal.db'), false);
  reader = new JournalReader(join(temp.path, 'journal.db'));
  ledger = await openLedger(join(temp.path, 'ledger.db'));
  await ledger.transact((trx) => importRegistry(trx, chain.registry));
});
afterEach(async () => {
  log.close();
  reader.close();
  await ledger.close();
  temp.remove();
});

/** Journals the swinging frames of each truck from one hour to another. */
function journal(fromH: number, toH: number, documents: readonly JournalDocument[] = []): void {
  const builder = new FrameBatchBuilder();
  for (const device of chain.devices) {
    for (const frame of swingingFrames(device, toH * 60).slice(fromH * 60)) builder.addFrame(frame);
  }
  const clockMs = CHAIN_START_MS + toH * HOUR_MS;
  const batch = builder.take();
  log.append({ arrivedMs: clockMs, clockMs, frames: batch.size }, encodeRecord(batch, documents));
}

/** Takes in all there is, as after a start. */
async function run(): Promise<void> {
  const frames = await openSqliteFrames(join(temp.path, 'frames.db'));
  const projector = await Projector.open(reader, frames, ledger, clock, alertOptions(configSchema.parse({})));
  while (await projector.cycle()) {}
  await projector.passTime(CHAIN_START_MS);
  while (await projector.cycle()) {}
  await frames.close();
}

/** Whatever was judged was judged by other rules. */
async function ageRules(): Promise<void> {
  for (const table of ['detect_state', 'detect_checkpoint'] as const) {
    const rows = await ledger.db.selectFrom(table).selectAll().execute();
    for (const { device, time_ms, state } of rows) {
      const aged = JSON.stringify({ ...JSON.parse(state), ruleSet: 'older' });
      const where = ledger.db.updateTable(table).set({ state: aged }).where('device', '=', device);
      await where.where('time_ms', '=', time_ms).execute();
    }
  }
}

const content = async () => ({
  breaches: await listBreaches(ledger.db),
  revisions: await ledger.db.selectFrom('breach_revision').selectAll().execute(),
});
const ruleSets = async () => {
  const rows = await ledger.db.selectFrom('detect_state').select('state').execute();
  return rows.map(({ state }) => JSON.parse(state).ruleSet as string);
};

beforeEach(async () => {
  journal(
    0,
    HOURS,
    chain.events.map((event): JournalDocument => ({ kind: 'event', org: 'carrier', event })),
  );
  await run();
  await ageRules();
});

test('what the rules say as they did before is not told again', async () => {
  const before = await content();
  expect(before.breaches.length).toBeGreaterThan(10);
  await run();
  expect(await content()).toEqual(before);
  expect(await ruleSets()).not.toContain('older');
});

test('what was found in frames that the store has dropped since stays, and new frames go on', async () => {
  const before = await content();
  const goneBeforeMs = CHAIN_START_MS + 48 * HOUR_MS;
  const db = openDatabase(join(temp.path, 'frames.db'));
  db.prepare('DELETE FROM block WHERE start_ms < ?').run(goneBeforeMs);
  db.close();
  journal(HOURS, HOURS + 1);
  await run();
  expect(await ruleSets()).not.toContain('older');
  const { breaches } = await content();
  const ended = before.breaches.filter(({ endMs }) => endMs !== null && endMs <= goneBeforeMs);
  expect(ended.length).toBeGreaterThan(10);
  expect(breaches).toEqual(expect.arrayContaining(ended));
  // Nothing new in the time of which no frame is left: its want is no silence.
  const ids = new Set(before.breaches.map(({ id }) => id));
  expect(breaches.filter(({ id, startMs }) => !ids.has(id) && startMs < goneBeforeMs)).toEqual([]);
  const taken = await ledger.db.selectFrom('breach').selectAll().where('withdrawn', '=', 1).execute();
  expect(taken.filter(({ start_ms }) => start_ms < goneBeforeMs)).toEqual([]);
});
