import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EpcisEvent } from '../../../src/contract/event.ts';
import { matchBatches } from '../../../src/store/ledger/batches.ts';
import { applyEvents } from '../../../src/store/ledger/events.ts';
import { readKin } from '../../../src/store/ledger/genealogy.ts';
import { custodyOfBatches } from '../../../src/store/ledger/holdings.ts';
import { type Ledger, openLedger } from '../../../src/store/ledger/ledger.ts';
import { type TempDir, tempDir } from '../../harness/temp-dir.ts';
import { batchId, commission, journaled, scan, transform } from './event-builders.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 7, 1);
const at = (hours: number) => T0 + hours * HOUR;

let dir: TempDir;
let ledger: Ledger;
beforeEach(async () => {
  dir = tempDir('ledger-genealogy');
  ledger = await openLedger(join(dir.path, 'ledger.db'));
});
afterEach(async () => {
  await ledger.close();
  dir.remove();
});

const apply = (...events: EpcisEvent[]) => ledger.transact((trx) => applyEvents(trx, journaled(events)));
const custodyOf = async (lot: string) =>
  (await custodyOfBatches(ledger.db, [batchId(lot)])).map((c) => [
    c.org,
    c.asset,
    (c.fromMs - T0) / HOUR,
    c.toMs === null ? null : (c.toMs - T0) / HOUR,
  ]);
const factsOf = async (lot: string) => (await matchBatches(ledger.db, { by: 'lot', text: lot }, 1))[0];

const harvest = () => [
  commission(at(0), { lots: ['A'], asset: 'g/room', party: 'coop', kg: 600, produce: 'prune' }),
  commission(at(1), { lots: ['B'], asset: 'g/room', party: 'coop', kg: 400, produce: 'prune' }),
];
const packing = () => transform(at(5), { inputs: { A: 600, B: 400 }, outputs: { P: 700, Q: 280 } });

describe('a transformation', () => {
  test('ends its inputs and begins its outputs with place, holder and produce of the inputs', async () => {
    await apply(...harvest(), packing());
    expect(await custodyOf('A')).toEqual([['coop', 'g/room', 0, 5]]);
    expect(await custodyOf('B')).toEqual([['coop', 'g/room', 1, 5]]);
    expect(await custodyOf('P')).toEqual([['coop', 'g/room', 5, null]]);
    expect(await factsOf('Q')).toMatchObject({ produce: 'prune', quantityKg: 280, commissionedMs: at(5) });
  });

  test('goes by what its event says where it says something', async () => {
    const said = { asset: 'h/hall', party: 'packer', produce: 'pear' };
    await apply(...harvest(), transform(at(5), { inputs: { A: 600 }, outputs: { P: 600 }, ...said }));
    expect(await custodyOf('P')).toEqual([['packer', 'h/hall', 5, null]]);
    expect(await factsOf('P')).toMatchObject({ produce: 'pear' });
  });

  test('bequeaths what it learns late, down to the last descendant', async () => {
    await apply(transform(at(8), { inputs: { P: null }, outputs: { R: null } }));
    await apply(packing());
    expect(await custodyOf('R')).toEqual([]);
    const changes = await apply(...harvest());
    expect(await custodyOf('R')).toEqual([['coop', 'g/room', 8, null]]);
    expect(await factsOf('R')).toMatchObject({ produce: 'prune' });
    expect(changes.changedAssets).toEqual([{ asset: 'g/room', fromMs: at(0) }]);
    // A move that nobody had told of puts the packing, and all after it, elsewhere.
    const moved = await apply(scan(at(4), { lots: ['A', 'B'], asset: 'g/hall' }));
    expect(await custodyOf('R')).toEqual([['coop', 'g/hall', 8, null]]);
    expect(moved.changedAssets).toEqual([
      { asset: 'g/hall', fromMs: at(4) },
      { asset: 'g/room', fromMs: at(4) },
    ]);
  });

  test('bequeaths nothing that its inputs differ in', async () => {
    await apply(
      commission(at(0), { lots: ['A'], asset: 'g/room', produce: 'prune' }),
      commission(at(0), { lots: ['B'], asset: 'g/hall', produce: 'pear' }),
      packing(),
    );
    expect(await custodyOf('P')).toEqual([]);
    expect(await factsOf('P')).toMatchObject({ produce: null });
  });

  test('at one instant comes before moves and after the commissioning', async () => {
    await apply(
      commission(at(5), { lots: ['A'], asset: 'g/room', id: 'z' }),
      transform(at(5), { inputs: { A: 1 }, outputs: { P: 1 }, id: 'y' }),
      scan(at(5), { lots: ['P'], asset: 'c/truck', party: 'c', id: 'x' }),
    );
    expect(await custodyOf('A')).toEqual([]);
    expect(await custodyOf('P')).toEqual([['c', 'c/truck', 5, null]]);
  });

  test.each([
    ['1', '2'],
    ['2', '1'],
  ])('made and used up at one instant, in whichever order, is gone (ids %s, %s)', async (made, used) => {
    await apply(
      ...harvest(),
      transform(at(5), { inputs: { A: 600 }, outputs: { P: 600 }, id: made }),
      transform(at(5), { inputs: { P: 600 }, outputs: { R: 600 }, id: used, asset: 'g/hall' }),
    );
    expect(await custodyOf('P')).toEqual([]);
    expect(await custodyOf('R')).toHaveLength(1);
  });

  test('of which inputs come from outputs, round in a ring, ends', async () => {
    await apply(
      transform(at(5), { inputs: { A: 1 }, outputs: { B: 1 } }),
      transform(at(5), { inputs: { B: 1 }, outputs: { A: 1 } }),
      transform(at(6), { inputs: { A: 1 }, outputs: { B: 1 } }),
      commission(at(0), { lots: ['A'], asset: 'g/room', produce: 'prune' }),
    );
    expect((await custodyOf('A'))[0]).toEqual(['g', 'g/room', 0, 5]);
  });
});

test('what a batch was made from and what it became, with masses', async () => {
  await apply(...harvest(), packing());
  const named = { ...{ inputs: { P: null }, outputs: { R: 690 } }, transformationID: 'urn:uuid:7' };
  await apply(transform(at(8), named));
  const common = { timeMs: at(5), transformation: null };
  expect(await readKin(ledger.db, [batchId('P'), batchId('A'), batchId('nobody')])).toEqual([
    {
      batch: batchId('P'),
      madeFrom: [
        { ...common, batch: batchId('A'), quantityKg: 600 },
        { ...common, batch: batchId('B'), quantityKg: 400 },
      ],
      became: [{ batch: batchId('R'), quantityKg: 690, timeMs: at(8), transformation: 'urn:uuid:7' }],
    },
    {
      batch: batchId('A'),
      madeFrom: [],
      became: [
        { ...common, batch: batchId('P'), quantityKg: 700 },
        { ...common, batch: batchId('Q'), quantityKg: 280 },
      ],
    },
    { batch: batchId('nobody'), madeFrom: [], became: [] },
  ]);
});

test('takes a hundred batches into a hundred', async () => {
  const masses = (letter: string) => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${letter}${i}`, 10]));
  await apply(
    commission(at(0), { lots: Object.keys(masses('I')), asset: 'g/a', produce: 'prune' }),
    transform(at(1), { inputs: masses('I'), outputs: masses('O') }),
  );
  expect(await custodyOf('O99')).toEqual([['g', 'g/a', 1, null]]);
  expect((await readKin(ledger.db, [batchId('O0')]))[0]!.madeFrom).toHaveLength(100);
});
