import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batchesInUnit } from '../../src/trace/find-unit.ts';
import { renderJson } from '../../src/trace/render-json.ts';
import { traceBatch } from '../../src/trace/trace.ts';
import { isBreached } from '../../src/trace/verdict.ts';
import {
  batchId,
  commission,
  pack,
  place,
  scan,
  transform,
  unitDigits,
  unitUri,
} from '../store/ledger/event-builders.ts';
import { at, breachOn, type Chain, openChain } from './chain.ts';

let chain: Chain;
beforeEach(async () => {
  chain = await openChain();
});
afterEach(() => chain.close());

/** Two harvests on the truck, packed into two loads in the store, one of them split for two shops. */
async function season() {
  await chain.events(
    place(at(0), 'carrier/truck-1', ['carrier/tu-1']),
    place(at(0), 'store/cold-1', ['store/wall-1']),
    commission(at(0), { lots: ['H-1'], asset: 'grower/room-1', kg: 600, produce: 'prune' }),
    commission(at(1), { lots: ['H-2'], asset: 'grower/room-1', kg: 400, produce: 'prune' }),
    scan(at(6), { lots: ['H-1'], asset: 'carrier/truck-1', party: 'carrier' }),
    scan(at(10), { lots: ['H-1', 'H-2'], asset: 'store/cold-1', party: 'store' }),
    transform(at(12), { inputs: { 'H-1': 600, 'H-2': 400 }, outputs: { 'L-1': 500, 'L-2': 480 } }),
    transform(at(20), { inputs: { 'L-1': 500 }, outputs: { 'S-1': 300, 'S-2': 200 } }),
    scan(at(30), { lots: ['S-1'], action: 'DELETE' }),
  );
  await chain.send('carrier/tu-1', at(6), at(10), 10, () => ({ 'pulp-1': 6 }));
  await chain.send('store/wall-1', at(10), at(30), 10, () => ({ pulp: 1 }));
  await chain.raise(breachOn({ startMs: at(7), endMs: at(9) }));
}

describe('a shop lot', () => {
  beforeEach(season);

  test('says what it was made from and what its siblings are, without following them', async () => {
    const t = await traceBatch(chain, 'S-1');
    expect(t.madeFrom.map((k) => [k.lot, k.quantityKg, k.timeMs])).toEqual([['L-1', 500, at(20)]]);
    expect(t).toMatchObject({ ancestors: null, ancestorsLeftOut: 0, became: [] });
    expect(t.batch).toMatchObject({ produce: 'prune', quantityKg: 300, commissionedMs: at(20) });
    expect(t.legs.map((leg) => [leg.asset, leg.fromMs, leg.toMs])).toEqual([['store/cold-1', at(20), at(30)]]);
  });

  test('is followed to the harvest, with the evidence of each leg, harvest first', async () => {
    const t = await traceBatch(chain, 'S-1', { wholeChain: true });
    expect(t.ancestors!.map((a) => a.batch.lot)).toEqual(['H-1', 'H-2', 'L-1']);
    const [h1, h2, l1] = t.ancestors!;
    expect(h1!.legs.map((leg) => [leg.asset, leg.fromMs, leg.toMs, leg.pulp.meanC])).toEqual([
      ['grower/room-1', at(0), at(6), null],
      ['carrier/truck-1', at(6), at(10), 6],
      ['store/cold-1', at(10), at(12), 1],
    ]);
    expect(h1!.became.map((k) => [k.lot, k.quantityKg])).toEqual([
      ['L-1', 500],
      ['L-2', 480],
    ]);
    expect(l1!.madeFrom.map((k) => k.lot)).toEqual(['H-1', 'H-2']);
    expect(l1!.legs.map((leg) => [leg.asset, leg.fromMs, leg.toMs])).toEqual([['store/cold-1', at(12), at(20)]]);
    // The breach stays with the batch that was there.
    expect(h1!.verdict.result).toBe('breached');
    expect([h2, l1, t].map((one) => one!.verdict.result)).toEqual(['ok', 'ok', 'ok']);
    expect([isBreached(t), isBreached(await traceBatch(chain, 'S-1'))]).toEqual([true, false]);
  });

  test('of the whole chain is by itself the same as alone', async () => {
    const { ancestors, ...whole } = await traceBatch(chain, 'S-1', { wholeChain: true });
    expect(renderJson({ ...whole, ancestors: null })).toBe(renderJson(await traceBatch(chain, 'S-1')));
    const { ancestors: none, ancestorsLeftOut, ...alone } = await traceBatch(chain, 'L-1');
    expect(ancestors!.at(-1)).toEqual(alone);
  });
});

test('a harvest has no ancestors; a ring of batches does not hold it up', async () => {
  await chain.events(
    transform(at(1), { inputs: { A: 1 }, outputs: { B: 1 } }),
    transform(at(2), { inputs: { B: 1 }, outputs: { A: 1 } }),
    commission(at(0), { lots: ['H'], asset: 'grower/room-1' }),
  );
  expect((await traceBatch(chain, 'H', { wholeChain: true })).ancestors).toEqual([]);
  const ring = await traceBatch(chain, 'A', { wholeChain: true });
  expect(ring.ancestors!.map((a) => a.batch.lot)).toEqual(['B']);
});

describe('a unit', () => {
  const inUnit = (code: string) => batchesInUnit(chain.ledger.db, code);

  test('is the batches in it and in the units within it, by URI or label', async () => {
    await chain.events(
      pack(at(1), { unit: 1, lots: { A: 300, B: 100 } }),
      pack(at(1), { unit: 2, lots: { C: 50, A: 20 } }),
      pack(at(2), { unit: 3, units: [1, 2] }),
      pack(at(3), { unit: 1, lots: { B: 100 } }, 'DELETE'),
    );
    for (const code of [unitUri(3), unitDigits(3), `(00)${unitDigits(3)}`]) {
      expect(await inUnit(code)).toEqual([batchId('A'), batchId('C')]);
    }
    expect(await inUnit(unitUri(2))).toEqual([batchId('A'), batchId('C')]);
  });

  test('that was emptied is what was in it; a ring of units ends', async () => {
    await chain.events(
      pack(at(1), { unit: 1, lots: { A: 300 }, units: [2] }),
      pack(at(1), { unit: 2, units: [1] }),
      pack(at(2), { unit: 1 }, 'DELETE'),
    );
    expect(await inUnit(unitUri(1))).toEqual([batchId('A')]);
  });

  test('that nobody packed, or a code that is none, is left to others', async () => {
    expect(await inUnit(unitUri(9))).toBeUndefined();
    expect(await inUnit('JS-0801-01')).toBeUndefined();
  });
});
