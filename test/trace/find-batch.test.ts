import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ColdtrailError } from '../../src/lib/errors.ts';
import { findBatch } from '../../src/trace/find-batch.ts';
import { batchId, commission } from '../store/ledger/event-builders.ts';
import { at, type Chain, openChain } from './chain.ts';

let chain: Chain;
beforeAll(async () => {
  chain = await openChain();
  const lots = ['JS-0801-01', 'JS-0801-02', 'JS-0802-01', 'SHORT', 'LONG-SHORT', 'pct%01', "o'lot"];
  await chain.events(commission(at(0), { lots, asset: 'grower/room-1' }));
});
afterAll(() => chain.close());

const find = (code: string) => findBatch(chain.ledger.db, code);
const failure = (code: string): Promise<ColdtrailError> =>
  find(code).then(
    () => Promise.reject(),
    (e) => e,
  );

test.each([
  [batchId('JS-0801-01'), 'JS-0801-01'],
  ['JS-0801-01', 'JS-0801-01'],
  ['801-02', 'JS-0801-02'],
  ['012345.JS-0802-01', 'JS-0802-01'],
  ['SHORT', 'SHORT'],
  ['G-SHORT', 'LONG-SHORT'],
  ['%01', 'pct%01'],
  ["o'lot", "o'lot"],
])('%s is %s', async (code, lot) => {
  expect((await find(code)).lot).toBe(lot);
});

test('an end that several share names them', async () => {
  const error = await failure('-01');
  expect(error.code).toBe('BATCH_AMBIGUOUS');
  expect(error.message).toContain(batchId('JS-0801-01'));
  expect(error.message).toContain(batchId('JS-0802-01'));
  expect(error.message).not.toContain('JS-0801-02');
});

test.each(['JS-0801-03', 'js-0801-01', batchId('JS-0801-10')])(
  '%s is unknown, and near ones are named',
  async (code) => {
    const error = await failure(code);
    expect(error.code).toBe('BATCH_UNKNOWN');
    expect(error.hint).toContain('JS-0801-01');
  },
);

test.each(['', 'hort', '%', 'nothing like it'])('"%s" fits no batch by accident', async (code) => {
  expect((await failure(code)).code).toMatch(/BATCH_/);
});
