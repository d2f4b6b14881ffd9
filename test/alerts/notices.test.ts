import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertNotice } from '../../src/contract/alert.ts';
import { type Ledger, openLedger } from '../../src/store/ledger/ledger.ts';
import {
  addNotice,
  keepNotifiers,
  noticesAfter,
  notifierSeq,
  pruneNotices,
  setNotifierSeq,
} from '../../src/store/ledger/notices.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

let dir: TempDir;
let ledger: Ledger;
beforeEach(async () => {
  dir = tempDir('notices');
  ledger = await openLedger(join(dir.path, 'ledger.db'));
});
afterEach(async () => {
  await ledger.close();
  dir.remove();
});

const add = async (count: number) => {
  for (let n = 0; n < count; n++) await addNotice(ledger.db, { reason: 'raised' } as AlertNotice);
};
const seqs = async () => (await noticesAfter(ledger.db, 0, 100)).map(({ seq }) => seq);

test('a new notifier begins at the end of the spool, an old one where it stopped', async () => {
  await add(3);
  expect(await notifierSeq(ledger.db, 'webhook')).toBe(3);
  await add(2);
  await setNotifierSeq(ledger.db, 'webhook', 4);
  expect(await notifierSeq(ledger.db, 'webhook')).toBe(4);
});

test('what all have dealt with is dropped, and the oldest beyond the bound; numbers are not given twice', async () => {
  await notifierSeq(ledger.db, 'webhook');
  await notifierSeq(ledger.db, 'mqtt');
  await add(6);
  await setNotifierSeq(ledger.db, 'webhook', 5);
  await setNotifierSeq(ledger.db, 'mqtt', 2);
  await pruneNotices(ledger.db, 100);
  expect(await seqs()).toEqual([3, 4, 5, 6]);
  await pruneNotices(ledger.db, 3);
  expect(await seqs()).toEqual([4, 5, 6]);
  await keepNotifiers(ledger.db, ['webhook']);
  await setNotifierSeq(ledger.db, 'webhook', 6);
  await pruneNotices(ledger.db, 100);
  await add(1);
  expect(await seqs()).toEqual([6, 7]);
});
