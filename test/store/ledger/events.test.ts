import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EpcisEvent } from '../../../src/contract/event.ts';
import { matchBatches } from '../../../src/store/ledger/batches.ts';
import { clearProjections } from '../../../src/store/ledger/clear.ts';
import { lifeFromEvents } from '../../../src/store/ledger/custody.ts';
import { eventId } from '../../../src/store/ledger/event-id.ts';
import { applyEvents } from '../../../src/store/ledger/events.ts';
import { placementsOfDevices, staysInAssets } from '../../../src/store/ledger/holdings.ts';
import { type Ledger, openLedger } from '../../../src/store/ledger/ledger.ts';
import { placementsFromEvents } from '../../../src/store/ledger/placement.ts';
import { importRegistry } from '../../../src/store/ledger/registry.ts';
import { type TempDir, tempDir } from '../../harness/temp-dir.ts';
import { batchId, commission, identified, journaled, pack, place, scan, transform } from './event-builders.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 7, 1);
const at = (hours: number) => T0 + hours * HOUR;

let dir: TempDir;
let ledger: Ledger;
beforeEach(async () => {
  dir = tempDir('ledger-events');
  ledger = await openLedger(join(dir.path, 'ledger.db'));
});
afterEach(async () => {
  await ledger.close();
  dir.remove();
});

const apply = (events: readonly EpcisEvent[]) => ledger.transact((trx) => applyEvents(trx, journaled(events)));

describe('custody', () => {
  const custody = (...events: ReturnType<typeof scan>[]) =>
    lifeFromEvents(batchId('A'), identified(events), () => undefined)!.custody.map((c) => [
      c.org,
      c.asset,
      (c.fromMs - T0) / HOUR,
      c.toMs === null ? null : (c.toMs - T0) / HOUR,
    ]);
  const lots = ['A'];

  test('goes from the commissioning through hand-overs to the end', () => {
    expect(
      custody(
        commission(at(0), { lots, asset: 'grower/room' }),
        scan(at(5), { lots, asset: 'carrier/truck', party: 'carrier' }),
        scan(at(9), { lots, asset: 'carrier/truck' }),
        scan(at(20), { lots, asset: 'store/cold', party: 'store' }),
        scan(at(30), { lots, action: 'DELETE' }),
      ),
    ).toEqual([
      ['grower', 'grower/room', 0, 5],
      ['carrier', 'carrier/truck', 5, 20],
      ['store', 'store/cold', 20, 30],
    ]);
  });

  test('moving alone does not hand over, handing over alone does not move', () => {
    expect(
      custody(
        commission(at(0), { lots, asset: 'grower/room', party: 'coop' }),
        scan(at(1), { lots, asset: 'carrier/truck' }),
        scan(at(2), { lots, party: 'carrier' }),
      ),
    ).toEqual([
      ['coop', 'grower/room', 0, 1],
      ['coop', 'carrier/truck', 1, 2],
      ['carrier', 'carrier/truck', 2, null],
    ]);
  });

  test('begins with the first place known where nobody reported the commissioning', () => {
    expect(custody(scan(at(1), { lots, party: 'carrier' }), scan(at(2), { lots, asset: 'store/cold' }))).toEqual([
      ['store', 'store/cold', 2, null],
    ]);
  });

  test('stays ended after DELETE until an ADD', () => {
    expect(
      custody(
        commission(at(0), { lots, asset: 'g/a' }),
        scan(at(1), { lots, action: 'DELETE' }),
        scan(at(2), { lots, asset: 'g/b' }),
        commission(at(3), { lots, asset: 'g/c' }),
      ),
    ).toEqual([
      ['g', 'g/a', 0, 1],
      ['g', 'g/c', 3, null],
    ]);
  });

  test('leaves no empty interval where two events share an instant', () => {
    expect(
      custody(
        commission(at(0), { lots, asset: 'g/a', id: '1' }),
        scan(at(2), { lots, asset: 'g/b', id: '2' }),
        scan(at(2), { lots, asset: 'g/c', id: '3' }),
      ),
    ).toEqual([
      ['g', 'g/a', 0, 2],
      ['g', 'g/c', 2, null],
    ]);
  });

  test.each([
    'possessing_party',
    'urn:epcglobal:cbv:sdt:possessing_party',
    'https://ref.gs1.org/cbv/SDT-possessing_party',
  ])('reads the party type written as %s', (type) => {
    const event = commission(at(0), { lots, asset: 'g/a', party: 'x' });
    event.destinationList![0]!.type = type;
    expect(custody(event)).toEqual([['x', 'g/a', 0, null]]);
  });

  test.each(['owning_party', 'urn:epcglobal:cbv:sdt:location'])('takes no holder from %s', (type) => {
    const event = commission(at(0), { lots, asset: 'g/a', party: 'x' });
    event.destinationList![0]!.type = type;
    expect(custody(event)).toEqual([['g', 'g/a', 0, null]]);
  });
});

test('a batch takes its facts from its commissioning', () => {
  const events = identified([
    scan(at(1), { lots: ['A'], asset: 'g/b', kg: 5, produce: 'other' }),
    commission(at(0), { lots: ['A', 'B'], asset: 'g/a', kg: 800, produce: 'prune' }),
  ]);
  expect(lifeFromEvents(batchId('A'), events, () => undefined)!.facts).toEqual({
    id: batchId('A'),
    companyPrefix: '9521141',
    itemRef: '012345',
    lot: 'A',
    produce: 'prune',
    quantityKg: 800,
    commissionedMs: at(0),
  });
});

describe('placement', () => {
  const placements = (...events: ReturnType<typeof place>[]) =>
    placementsFromEvents('c/d1', identified(events)).map((p) => [
      p.asset,
      (p.fromMs - T0) / HOUR,
      p.toMs === null ? null : (p.toMs - T0) / HOUR,
    ]);

  test('a device is on one asset at a time', () => {
    expect(
      placements(
        place(at(0), 'c/a', ['c/d1', 'c/d2']),
        place(at(1), 'c/a', ['c/d1']),
        place(at(2), 'c/b', ['c/d1']),
        place(at(3), 'c/a', ['c/d1'], 'DELETE'),
        place(at(4), 'c/b', ['c/d2'], 'DELETE'),
        place(at(5), 'c/b', ['c/d1'], 'DELETE'),
        place(at(7), 'c/a', ['c/d1']),
      ),
    ).toEqual([
      ['c/a', 0, 2],
      ['c/b', 2, 5],
      ['c/a', 7, null],
    ]);
  });

  test('taken off and put on again at one instant is one placement', () => {
    expect(
      placements(
        place(at(0), 'c/a', ['c/d1']),
        place(at(1), 'c/a', ['c/d1'], 'DELETE', '1'),
        place(at(1), 'c/a', ['c/d1'], 'ADD', '2'),
      ),
    ).toEqual([['c/a', 0, null]]);
  });
});

describe('applying events', () => {
  test('tells from when on assets and devices changed, and nothing for a repeat', async () => {
    const first = [
      place(at(0), 'c/truck', ['c/d1']),
      commission(at(1), { lots: ['A', 'B'], asset: 'g/room' }),
      scan(at(3), { lots: ['A'], asset: 'c/truck', party: 'c' }),
    ];
    expect(await apply(first)).toEqual({
      changedAssets: [
        { asset: 'c/truck', fromMs: at(3) },
        { asset: 'g/room', fromMs: at(1) },
      ],
      changedHolders: [
        { asset: 'c/truck', fromMs: at(3) },
        { asset: 'g/room', fromMs: at(1) },
      ],
      changedDevices: [{ device: 'c/d1', fromMs: at(0) }],
      changedPlacements: [{ asset: 'c/truck', fromMs: at(0) }],
      changedBatches: [batchId('A'), batchId('B')],
      conflicting: [],
    });
    expect(await apply(first)).toEqual({
      changedAssets: [],
      changedHolders: [],
      changedDevices: [],
      changedPlacements: [],
      changedBatches: [],
      conflicting: [],
    });

    // Late: the batch had left the room an hour earlier than was known, for another room.
    const late = await apply([scan(at(2), { lots: ['A'], asset: 'g/other' })]);
    expect(late.changedAssets).toEqual([
      { asset: 'g/other', fromMs: at(2) },
      { asset: 'g/room', fromMs: at(2) },
    ]);
  });

  test('a change of holder alone is no change of what an asset holds; a change of produce is', async () => {
    await apply([scan(at(1), { lots: ['A'], asset: 'c/truck', party: 'c' })]);
    const handedOver = await apply([scan(at(2), { lots: ['A'], party: 'd' })]);
    expect(handedOver.changedAssets).toEqual([]);
    expect(handedOver.changedHolders).toEqual([{ asset: 'c/truck', fromMs: at(2) }]);
    const produce = await apply([commission(at(0), { lots: ['A'], produce: 'prune' })]);
    expect(produce.changedAssets).toEqual([{ asset: 'c/truck', fromMs: at(1) }]);
  });

  test('keeps the first content of an id and names the other', async () => {
    const kept = scan(at(1), { lots: ['A'], asset: 'g/a', id: 'urn:uuid:1' });
    const other = scan(at(1), { lots: ['A'], asset: 'g/b', id: 'urn:uuid:1' });
    await apply([kept]);
    const changes = await apply([other]);
    expect(changes).toMatchObject({ changedAssets: [], changedDevices: [] });
    expect(changes.conflicting.map(({ id, event }) => ({ id, event }))).toEqual([{ id: 'urn:uuid:1', event: other }]);
    expect((await staysInAssets(ledger.db, ['g/a', 'g/b'])).map((s) => s.asset)).toEqual(['g/a']);
  });

  test('an event without an id is known by its content, whatever the order of its keys', () => {
    const event = scan(at(1), { lots: ['A'], asset: 'g/a' });
    const turned = Object.fromEntries(Object.entries(event).reverse()) as EpcisEvent;
    expect(eventId(turned)).toBe(eventId(event));
    expect(eventId(scan(at(2), { lots: ['A'], asset: 'g/a' }))).not.toBe(eventId(event));
  });

  test('produce falls back on the registry, whichever comes first', async () => {
    await apply([commission(at(0), { lots: ['A'], asset: 'g/a' })]);
    const stay = { asset: 'g/a', batch: batchId('A'), fromMs: at(0), toMs: null };
    expect(await staysInAssets(ledger.db, ['g/a'])).toEqual([{ ...stay, produce: null }]);
    const products = [{ companyPrefix: '9521141', itemRef: '012345', produce: 'prune' }];
    await importRegistry(ledger.db, { orgs: [], assets: [], devices: [], clients: [], products });
    expect(await staysInAssets(ledger.db, ['g/a'])).toEqual([{ ...stay, produce: 'prune' }]);
    expect((await matchBatches(ledger.db, { by: 'lot', text: 'A' }, 1))[0]?.produce).toBe('prune');
  });

  test('takes a thousand batches and devices in one event', async () => {
    const lots = Array.from({ length: 1000 }, (_, i) => `L${i}`);
    const devices = Array.from({ length: 1000 }, (_, i) => `c/d${i}`);
    const changes = await apply([commission(at(0), { lots, asset: 'g/a' }), place(at(0), 'g/a', devices)]);
    expect(changes.changedDevices).toHaveLength(1000);
    expect(await staysInAssets(ledger.db, ['g/a'])).toHaveLength(1000);
    expect(await placementsOfDevices(ledger.db, devices)).toHaveLength(1000);
  });
});

/** Few lots, assets, devices and hours, so that events meet. */
const anyEvent: fc.Arbitrary<EpcisEvent> = fc.oneof(
  fc
    .record({
      hour: fc.integer({ min: 0, max: 6 }),
      lots: fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), { minLength: 1, maxLength: 3 }),
      asset: fc.option(fc.constantFrom('g/a', 'g/b', 'h/c'), { nil: undefined }),
      party: fc.option(fc.constantFrom('g', 'h'), { nil: undefined }),
      action: fc.constantFrom('ADD', 'OBSERVE', 'OBSERVE', 'DELETE'),
      produce: fc.option(fc.constantFrom('prune', 'pear'), { nil: undefined }),
    })
    .map(({ hour, lots, asset, party, action, produce }) =>
      scan(at(hour), { lots, action, ...(asset && { asset }), ...(party && { party }), ...(produce && { produce }) }),
    ),
  fc
    .record({
      hour: fc.integer({ min: 0, max: 6 }),
      lots: fc.shuffledSubarray(['A', 'B', 'C', 'D'], { minLength: 2 }),
      inputs: fc.integer({ min: 1, max: 3 }),
      asset: fc.option(fc.constantFrom('g/a', 'h/c'), { nil: undefined }),
    })
    .map(({ hour, lots, inputs, asset }) => {
      const cut = Math.min(inputs, lots.length - 1);
      const masses = (some: string[]) => Object.fromEntries(some.map((lot) => [lot, 100]));
      const sides = { inputs: masses(lots.slice(0, cut)), outputs: masses(lots.slice(cut)) };
      return transform(at(hour), { ...sides, ...(asset && { asset }) });
    }),
  fc
    .record({
      hour: fc.integer({ min: 0, max: 6 }),
      lot: fc.constantFrom('A', 'B'),
      kg: fc.constantFrom(10, 20, null),
      action: fc.constantFrom('ADD' as const, 'OBSERVE' as const, 'DELETE' as const),
    })
    .map(({ hour, lot, kg, action }) => pack(at(hour), { unit: 1, lots: { [lot]: kg } }, action)),
  fc
    .tuple(
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom('g/a', 'g/b'),
      fc.uniqueArray(fc.constantFrom('g/d1', 'g/d2'), { minLength: 1 }),
      fc.constantFrom('ADD' as const, 'DELETE' as const),
    )
    .map(([hour, asset, devices, action]) => place(at(hour), asset, devices, action)),
);

async function tables(from: Ledger) {
  const [placement, custody, batch, genealogy, content] = await Promise.all([
    from.db.selectFrom('placement').selectAll().orderBy('device').orderBy('from_ms').execute(),
    from.db.selectFrom('custody').selectAll().orderBy('batch').orderBy('from_ms').execute(),
    from.db.selectFrom('batch').selectAll().orderBy('id').execute(),
    from.db.selectFrom('genealogy').selectAll().orderBy('event_id').orderBy('role').orderBy('batch').execute(),
    from.db.selectFrom('unit_content').selectAll().orderBy('child').orderBy('from_ms').execute(),
  ]);
  return { placement, custody, batch, genealogy, content };
}

async function wipe(trx: Ledger['db']): Promise<void> {
  await clearProjections(trx, 'projections');
}

test('order of arrival, repeats and how events are grouped never matter', async () => {
  const arrivals = fc.array(anyEvent, { minLength: 1, maxLength: 12 }).chain((events) =>
    fc.record({
      events: fc.constant(events),
      arrived: fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
      group: fc.integer({ min: 1, max: 5 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ events, arrived, group }) => {
      await ledger.transact(wipe);
      await apply(events);
      const expected = await tables(ledger);
      await ledger.transact(wipe);
      for (let i = 0; i < arrived.length; i += group) await apply(arrived.slice(i, i + group));
      expect(await tables(ledger)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('before the instant it names, what an asset holds and where a device is stays as it was', async () => {
  const holdsAt = async (asset: string, ms: number) =>
    (await staysInAssets(ledger.db, [asset]))
      .filter((s) => s.fromMs <= ms && ms < (s.toMs ?? Infinity))
      .map((s) => `${s.batch} ${s.produce}`)
      .sort();
  const placedAt = async (device: string, ms: number) =>
    (await placementsOfDevices(ledger.db, [device])).find((p) => p.fromMs <= ms && ms < (p.toMs ?? Infinity))?.asset;
  const snapshot = async () => {
    const seen = new Map<string, unknown>();
    for (let hour = 0; hour <= 7; hour++) {
      for (const asset of ['g/a', 'g/b', 'h/c']) seen.set(`${asset} ${hour}`, await holdsAt(asset, at(hour)));
      for (const device of ['g/d1', 'g/d2']) seen.set(`${device} ${hour}`, await placedAt(device, at(hour)));
    }
    return seen;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 8 }), anyEvent, async (before, late) => {
      await ledger.transact(wipe);
      await apply(before);
      const old = await snapshot();
      const changes = await apply([late]);
      const changedFrom = new Map<string, number>([
        ...changes.changedAssets.map((c): [string, number] => [c.asset, c.fromMs]),
        ...changes.changedDevices.map((c): [string, number] => [c.device, c.fromMs]),
      ]);
      for (const [key, now] of await snapshot()) {
        const [subject, hour] = key.split(' ') as [string, string];
        const fromMs = changedFrom.get(subject) ?? Infinity;
        if (at(Number(hour)) < fromMs) expect(now, key).toEqual(old.get(key));
        // And it is the first such instant: there, something does differ.
        if (at(Number(hour)) === fromMs) expect(now, key).not.toEqual(old.get(key));
      }
    }),
    { numRuns: 40 },
  );
});
