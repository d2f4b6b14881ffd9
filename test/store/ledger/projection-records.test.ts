import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registrySchema } from '../../../src/contract/registry.ts';
import {
  countDeadLettersByReason,
  DEAD_LETTER_PAYLOAD_MAX,
  type DeadLetter,
  insertDeadLetters,
  listDeadLetters,
  pruneDeadLetters,
} from '../../../src/store/ledger/dead-letters.ts';
import {
  clearDetection,
  dropCheckpoints,
  earliestCheckpointFrom,
  latestCheckpointBefore,
  loadState,
  pruneCheckpoints,
  saveCheckpoints,
  saveStates,
} from '../../../src/store/ledger/detect-state.ts';
import { channelsOfDevices, noteChannels } from '../../../src/store/ledger/device-channels.ts';
import { readAssets, readOrgNames } from '../../../src/store/ledger/holdings.ts';
import { type Ledger, openLedger } from '../../../src/store/ledger/ledger.ts';
import { assetKinds, importRegistry, readPrincipals } from '../../../src/store/ledger/registry.ts';
import { type TempDir, tempDir } from '../../harness/temp-dir.ts';

let dir: TempDir;
let ledger: Ledger;
beforeEach(async () => {
  dir = tempDir('ledger-records');
  ledger = await openLedger(join(dir.path, 'ledger.db'));
});
afterEach(async () => {
  await ledger.close();
  dir.remove();
});

describe('dead letters', () => {
  const letter = (over: Partial<DeadLetter> = {}): DeadLetter => ({
    id: '7:0',
    reason: 'json-syntax',
    topic: 'coldtrail/v1/c/d1/frames',
    payload: Uint8Array.of(0, 255, 13, 10),
    payloadBytes: 4,
    arrivedMs: 100,
    device: 'c/d1',
    detail: null,
    ...over,
  });

  test('come back byte for byte; a repeat is not a second one', async () => {
    await insertDeadLetters(ledger.db, [letter()]);
    await insertDeadLetters(ledger.db, [letter({ detail: 'again' })]);
    const [only, ...more] = await listDeadLetters(ledger.db, { limit: 10 });
    expect(more).toEqual([]);
    expect({ ...only, payload: [...only!.payload] }).toEqual({ ...letter(), payload: [0, 255, 13, 10] });
  });

  test('are pruned oldest first, and only beyond the number to keep', async () => {
    await insertDeadLetters(
      ledger.db,
      [1, 2, 3, 4, 5].map((n) => letter({ id: `${n}:0`, arrivedMs: n })),
    );
    const kept = async () => (await listDeadLetters(ledger.db, { limit: 10 })).map((l) => l.arrivedMs);
    await pruneDeadLetters(ledger.db, 5);
    expect(await kept()).toEqual([5, 4, 3, 2, 1]);
    await pruneDeadLetters(ledger.db, 2);
    expect(await kept()).toEqual([5, 4]);
  });

  test('keep the first bytes of a long payload, and its length', async () => {
    const payload = new Uint8Array(DEAD_LETTER_PAYLOAD_MAX + 1000).fill(65);
    await insertDeadLetters(ledger.db, [letter({ payload, payloadBytes: 300_000 })]);
    const [kept] = await listDeadLetters(ledger.db, { limit: 1 });
    expect(kept!.payload).toHaveLength(DEAD_LETTER_PAYLOAD_MAX);
    expect(kept!.payloadBytes).toBe(300_000);
  });

  test('are listed newest first and counted by reason', async () => {
    await insertDeadLetters(ledger.db, [
      letter({ id: '1:0', arrivedMs: 1 }),
      letter({ id: '2:0', arrivedMs: 2, reason: 'wrong-unit' }),
      letter({ id: '3:0', arrivedMs: 3 }),
    ]);
    expect((await listDeadLetters(ledger.db, { limit: 2 })).map((l) => l.id)).toEqual(['3:0', '2:0']);
    expect((await listDeadLetters(ledger.db, { limit: 9, reason: 'wrong-unit' })).map((l) => l.id)).toEqual(['2:0']);
    expect([...(await countDeadLettersByReason(ledger.db))]).toEqual([
      ['json-syntax', 2],
      ['wrong-unit', 1],
    ]);
  });
});

describe('detection state', () => {
  const state = (device: string, timeMs: number) => ({ device, timeMs, state: { lastTimeMs: timeMs, rules: [1.5] } });

  test('the newest state of a device replaces the one before', async () => {
    await saveStates(ledger.db, [state('c/d1', 1), state('c/d2', 1)]);
    await saveStates(ledger.db, [state('c/d1', 2)]);
    expect(await loadState(ledger.db, 'c/d1')).toEqual(state('c/d1', 2));
    expect(await loadState(ledger.db, 'c/d2')).toEqual(state('c/d2', 1));
    expect(await loadState(ledger.db, 'c/none')).toBeUndefined();
  });

  test('finds checkpoints before and after an instant, and drops those of a stretch', async () => {
    await saveCheckpoints(ledger.db, [state('c/d1', 10), state('c/d1', 20), state('c/d1', 30), state('c/d2', 15)]);
    const newestBefore = async (ms: number) => (await latestCheckpointBefore(ledger.db, 'c/d1', ms))?.timeMs;
    expect(await Promise.all([10, 11, 20, 21].map(newestBefore))).toEqual([undefined, 10, 10, 20]);
    const oldestFrom = async (ms: number) => (await earliestCheckpointFrom(ledger.db, 'c/d1', ms))?.timeMs;
    expect(await Promise.all([0, 10, 11, 31].map(oldestFrom))).toEqual([10, 10, 20, undefined]);
    await dropCheckpoints(ledger.db, 'c/d1', { fromMs: 20, toMs: 30 });
    expect(await oldestFrom(11)).toBe(30);
    await dropCheckpoints(ledger.db, 'c/d1', { fromMs: 11, toMs: Number.POSITIVE_INFINITY });
    expect(await newestBefore(99)).toBe(10);
    expect((await latestCheckpointBefore(ledger.db, 'c/d2', 99))?.timeMs).toBe(15);
  });

  test('pruning leaves each device the newest checkpoint from before', async () => {
    await saveCheckpoints(ledger.db, [
      ...[10, 20, 30, 40].map((ms) => state('c/d1', ms)),
      ...[5, 6].map((ms) => state('c/d2', ms)),
    ]);
    await pruneCheckpoints(ledger.db, 30);
    const left = await ledger.db
      .selectFrom('detect_checkpoint')
      .select(['device', 'time_ms'])
      .orderBy('device')
      .orderBy('time_ms')
      .execute();
    expect(left.map((r) => `${r.device} ${r.time_ms}`)).toEqual(['c/d1 20', 'c/d1 30', 'c/d1 40', 'c/d2 6']);
    await ledger.transact(clearDetection);
    expect(await latestCheckpointBefore(ledger.db, 'c/d1', 99)).toBeUndefined();
  });
});

test('the registry is taken in, brought up to date, and read back', async () => {
  const hash = 'scrypt$16384$8$1$c2FsdA$aGFzaA';
  const registry = registrySchema.parse({
    orgs: [{ id: 'grower', name: 'Jiashi growers (simulated)' }],
    assets: [{ key: 'grower/room', kind: 'pre-cooling-room', name: 'Room', lat: 39.5, lon: 76.7 }],
    devices: [{ key: 'grower/logger', secretHash: hash }, { key: 'grower/bare' }],
    clients: [{ name: 'viewer', secretHash: hash, subscribe: ['coldtrail/v1/#'] }],
    products: [{ companyPrefix: '9521141', itemRef: '012345', produce: 'prune' }],
  });
  await ledger.transact((trx) => importRegistry(trx, registry));
  const renamed = structuredClone(registry);
  renamed.assets[0]!.name = 'Room 1';
  await ledger.transact((trx) => importRegistry(trx, renamed));

  expect([...(await assetKinds(ledger.db, ['grower/room', 'grower/none']))]).toEqual([
    ['grower/room', 'pre-cooling-room'],
  ]);
  expect((await readAssets(ledger.db, ['grower/room', 'x/y'])).get('grower/room')?.name).toBe('Room 1');
  expect([...(await readOrgNames(ledger.db, ['grower', 'x']))]).toEqual([['grower', 'Jiashi growers (simulated)']]);
  expect(await readPrincipals(ledger.db)).toEqual([
    { kind: 'device', name: 'grower/bare', secretHash: null },
    { kind: 'device', name: 'grower/logger', secretHash: hash },
    { kind: 'client', name: 'viewer', secretHash: hash, publish: [], subscribe: ['coldtrail/v1/#'] },
  ]);
});

test('channels of a device add up', async () => {
  await noteChannels(ledger.db, [{ device: 'c/d1', channels: ['pulp-1', 'door'] }]);
  await noteChannels(ledger.db, [{ device: 'c/d1', channels: ['air-return', 'door'] }]);
  const known = await channelsOfDevices(ledger.db, ['c/d1', 'c/d2']);
  expect([...known.get('c/d1')!].sort()).toEqual(['air-return', 'door', 'pulp-1']);
  expect(known.has('c/d2')).toBe(false);
});
