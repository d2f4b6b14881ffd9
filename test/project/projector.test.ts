import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertOptions, configSchema } from '../../src/config.ts';
import { internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { JournalLog, JournalReader } from '../../src/journal/log.ts';
import { encodeRecord, type JournalDocument } from '../../src/journal/record.ts';
import { ColdtrailError } from '../../src/lib/errors.ts';
import { Projector } from '../../src/project/projector.ts';
import { PROJECTION } from '../../src/project/standing.ts';
import { LISTENS_FIRST_MS } from '../../src/project/watermark.ts';
import { rebuild } from '../../src/rebuild.ts';
import { openSqliteFrames } from '../../src/store/frames/sqlite/store.ts';
import type { FrameStore } from '../../src/store/frames/store.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { listDeadLetters } from '../../src/store/ledger/dead-letters.ts';
import { type Ledger, openLedger } from '../../src/store/ledger/ledger.ts';
import { getOffset, setOffset } from '../../src/store/ledger/offsets.ts';
import { importRegistry } from '../../src/store/ledger/registry.ts';
import { CHAIN_START_MS, smallChain } from '../harness/chain.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

const MINUTE_MS = 60_000;
let wallMs = CHAIN_START_MS;
const clock = { nowMs: () => wallMs };
const ALERTS = alertOptions(configSchema.parse({}));
const chain = smallChain(1);
const layout = internLayout(['pulp-1']);

let temp: TempDir;
let log: JournalLog;
let reader: JournalReader;
let ledger: Ledger;
let frames: FrameStore;
beforeEach(async () => {
  wallMs = CHAIN_START_MS;
  temp = tempDir('projector');
  log = new JournalLog(join(temp.path, 'journal.db'), false);
  reader = new JournalReader(join(temp.path, 'journal.db'));
  ledger = await openLedger(join(temp.path, 'ledger.db'));
  frames = await openSqliteFrames(join(temp.path, 'frames.db'));
  await ledger.transact((trx) => importRegistry(trx, chain.registry));
});
afterEach(async () => {
  log.close();
  reader.close();
  await ledger.close();
  await frames.close();
  temp.remove();
});

/** Journals one record: the pulp temperatures of the first device from a minute on, one a minute. */
function journal(fromMin: number, pulpC: readonly number[], documents: readonly JournalDocument[] = []): void {
  const builder = new FrameBatchBuilder();
  pulpC.forEach((valueC, i) => {
    builder.add(chain.devices[0]!, CHAIN_START_MS + (fromMin + i) * MINUTE_MS, Number.NaN, layout, [valueC]);
  });
  const meta = { arrivedMs: CHAIN_START_MS, clockMs: CHAIN_START_MS, frames: pulpC.length };
  log.append(meta, encodeRecord(builder.take(), documents));
}

const events = chain.events.map((event): JournalDocument => ({ kind: 'event', org: 'carrier', event }));

test('what the store refuses for good raises no breach, as no later refold would find it', async () => {
  const refusing: FrameStore = {
    ...bound(frames),
    append: async (batch) => {
      const refused = [...batch.timeMs.keys()].filter((i) => batch.values[batch.valueAt[i]!]! > 20);
      const builder = new FrameBatchBuilder();
      for (let i = 0; i < batch.size; i++) if (!refused.includes(i)) builder.addFrom(batch, i);
      await frames.append(builder.take());
      return { refused: refused.map((index) => ({ index, message: 'field type conflict' })) };
    },
  };
  const projector = await Projector.open(reader, refusing, ledger, clock, ALERTS);
  journal(0, [0, 0], events);
  await projector.cycle();
  journal(2, Array(300).fill(25));
  const report = await projector.cycle();
  expect(report).toMatchObject({ frames: 0, refused: 300, raised: 0 });
  expect(await listBreaches(ledger.db)).toEqual([]);
  expect((await listDeadLetters(ledger.db, { limit: 1 }))[0]).toMatchObject({ reason: 'store-refused' });
});

test('silence is told by the time that passes; a restart takes nothing back, and first listens', async () => {
  const atMin = (minute: number) => CHAIN_START_MS + minute * MINUTE_MS;
  const silences = async () => (await listBreaches(ledger.db)).filter(({ rule }) => rule === 'no-data');
  const takeAll = async (projector: Projector) => {
    while (await projector.cycle()) {}
  };
  journal(0, Array(10).fill(0), events);
  const projector = await Projector.open(reader, frames, ledger, clock, ALERTS);
  await takeAll(projector);
  expect(await projector.passTime(atMin(60))).toBeNull();
  expect(await projector.passTime(atMin(70))).toMatchObject({ raised: 1, frames: 0 });
  const [told] = await silences();
  expect(told).toMatchObject({ channel: 'frames', startMs: atMin(9), raisedMs: atMin(69), endMs: null, unit: 'min' });

  // Down from minute 70 to 200; what devices kept comes after the start, and was no silence.
  wallMs = atMin(200);
  const again = await Projector.open(reader, frames, ledger, clock, ALERTS);
  expect(await again.passTime(atMin(200))).toBeNull();
  expect(await silences()).toEqual([told]);
  journal(10, Array(191).fill(0));
  await takeAll(again);
  expect(await silences()).toEqual([]);
  wallMs += LISTENS_FIRST_MS;
  expect(await again.passTime(wallMs)).toBeNull();
  expect(await again.passTime(atMin(300))).toMatchObject({ raised: 1 });
});

test('a store that does not take a point for dashboards stops nothing, and is told of', async () => {
  const old: FrameStore = {
    ...bound(frames),
    publish: async () => {
      throw new ColdtrailError('STORE_REFUSED', 'points beyond retention policy dropped=1');
    },
  };
  const projector = await Projector.open(reader, old, ledger, clock, ALERTS);
  journal(0, [0], events);
  expect(await projector.cycle()).toMatchObject({ offset: 1, dashboardRefusal: expect.stringContaining('retention') });
  expect(await projector.cycle()).toBeNull();
});

test('a journal that ends before what was taken from it is refused, and a rebuild leaves everything as it is', async () => {
  journal(0, [0]);
  await ledger.transact((trx) => setOffset(trx, PROJECTION, 20));
  const refused = { code: 'JOURNAL_CORRUPT', message: expect.stringContaining('ends at record 1, but 20') };
  await expect(Projector.open(reader, frames, ledger, clock, ALERTS)).rejects.toMatchObject(refused);
  const config = configSchema.parse({ dataDir: temp.path });
  await expect(rebuild(config, () => {}, new AbortController().signal)).rejects.toMatchObject(refused);
  expect(await getOffset(ledger.db, PROJECTION)).toBe(20);
});

test('an event that an earlier version journaled and this one does not take becomes a dead letter, and the rest goes on', async () => {
  const unfit: JournalDocument = { kind: 'event', org: 'carrier', event: { type: 'TransactionEvent' } };
  const projector = await Projector.open(reader, frames, ledger, clock, ALERTS);
  journal(0, [0], [unfit, ...events]);
  expect(await projector.cycle()).toMatchObject({ offset: 1, frames: 1, refused: 1 });
  expect(await listDeadLetters(ledger.db, { limit: 2 })).toMatchObject([
    { id: '1:0', reason: 'bad-event', topic: 'coldtrail/v1/carrier/events' },
  ]);
  expect(await ledger.db.selectFrom('custody').selectAll().execute()).toHaveLength(1);
});

/** The store's methods as plain functions: a spread leaves out those of a class. */
function bound(store: FrameStore): FrameStore {
  return {
    kind: store.kind,
    append: (batch, signal) => store.append(batch, signal),
    range: (slices, channels) => store.range(slices, channels),
    downsample: (slices, channels, bucketMs) => store.downsample(slices, channels, bucketMs),
    latest: (devices) => store.latest(devices),
    retention: () => store.retention(),
    clear: () => store.clear(),
    close: () => store.close(),
  };
}
