import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noteChannels } from '../../src/store/ledger/device-channels.ts';
import { openLedger } from '../../src/store/ledger/ledger.ts';
import { renderJson } from '../../src/trace/render-json.ts';
import { traceBatch } from '../../src/trace/trace.ts';
import { batchId, commission, place, scan } from '../store/ledger/event-builders.ts';
import { at, breachOn, type Chain, HOUR, MINUTE, openChain } from './chain.ts';

let chain: Chain;
beforeEach(async () => {
  chain = await openChain();
});
afterEach(() => chain.close());

const lots = ['JS-0801-01'];
const trace = (code = 'JS-0801-01', asOfMs?: number) => traceBatch(chain, code, asOfMs === undefined ? {} : { asOfMs });

/** Six hours in the room, four on the truck, then in the store. */
async function usualJourney() {
  await chain.events(
    place(at(-24), 'grower/room-1', ['grower/logger-1']),
    place(at(-24), 'carrier/truck-1', ['carrier/tu-1']),
    commission(at(0), { lots, asset: 'grower/room-1', kg: 800 }),
    scan(at(6), { lots, asset: 'carrier/truck-1', party: 'carrier' }),
    scan(at(10), { lots, asset: 'store/cold-1', party: 'store' }),
  );
}

describe('a journey reckoned by hand', () => {
  beforeEach(async () => {
    await usualJourney();
    // Room: fruit cools from 20 °C by 1 °C every 20 min for 6 h: 18 frames, 20, 19 … 3.
    await chain.send('grower/logger-1', at(0), at(6), 20, (m) => ({ pulp: 20 - m / 20, humidity: 90 }));
    // Truck: an hour at 2 °C, an hour at 6 °C, an hour without frames, an hour at 2 °C; every 10 min.
    const truck = (pulp: number) => () => ({ 'pulp-1': pulp, 'pulp-2': pulp - 1, 'air-return': 1, 'air-supply': -3 });
    await chain.send('carrier/tu-1', at(6), at(7), 10, truck(2));
    await chain.send('carrier/tu-1', at(7), at(8), 10, truck(6));
    await chain.send('carrier/tu-1', at(9), at(10), 10, truck(2));
    // Another load's frames, before and after, must not count.
    await chain.send('carrier/tu-1', at(4), at(6), 10, truck(30));
    await chain.send('carrier/tu-1', at(10), at(12), 10, truck(30));
  });

  test('legs, evidence and verdict', async () => {
    await chain.raise(breachOn({}));
    const t = await trace();
    expect(t.batch).toEqual({
      id: batchId('JS-0801-01'),
      lot: 'JS-0801-01',
      produce: 'prune',
      quantityKg: 800,
      commissionedMs: at(0),
    });
    expect(t.legs.map((leg) => [leg.org, leg.orgName, leg.assetName, leg.assetKind, leg.fromMs, leg.toMs])).toEqual([
      ['grower', 'Jiashi growers (simulated)', 'Pre-cooling room 1', 'pre-cooling-room', at(0), at(6)],
      ['carrier', 'Carrier one (simulated)', 'Truck 1', 'reefer-truck', at(6), at(10)],
      ['store', 'store', 'Cold store 1', 'cold-store', at(10), null],
    ]);

    // 20 min between frames, of which 15 are evidence: 18 × 15 min; in range (≤ 4 °C) are 4 and 3 °C.
    const room = t.legs[0]!;
    expect(room.devices).toEqual(['grower/logger-1']);
    expect(room.pulp).toMatchObject({ count: 18, minC: 3, meanC: 11.5, maxC: 20, coveredMs: 18 * 15 * MINUTE });
    expect(room.pulp.outOfRangeMs).toBe(16 * 15 * MINUTE);
    expect(room.pulp.gaps).toHaveLength(18);
    expect(room.air).toMatchObject({ count: 0, meanC: null, mktC: null, outOfRangeMs: null, coveredMs: 0 });

    // 6 frames each at 2/1, 6/5 and 2/1 °C; the last before the silence holds 15 of its 60 min.
    const truck = t.legs[1]!;
    const coveredMin = 60 + 65 + 60;
    expect(truck.pulp).toMatchObject({
      count: 36,
      minC: 1,
      maxC: 6,
      coveredMs: coveredMin * MINUTE,
      outOfRangeMs: 65 * MINUTE,
      gaps: [{ fromMs: at(8) + 5 * MINUTE, toMs: at(9) }],
    });
    expect(truck.pulp.meanC).toBeCloseTo((60 * 1.5 + 65 * 5.5 + 60 * 1.5) / coveredMin, 3);
    const rate = (c: number) => Math.exp(-10_000 / (c + 273.15));
    const meanRate = (120 * ((rate(2) + rate(1)) / 2) + 65 * ((rate(6) + rate(5)) / 2)) / coveredMin;
    expect(truck.pulp.mktC).toBeCloseTo(10_000 / -Math.log(meanRate) - 273.15, 3);
    // Supply air is not what surrounds the fruit.
    expect(truck.air).toMatchObject({ count: 18, minC: 1, meanC: 1, maxC: 1, outOfRangeMs: null });

    expect(t.breaches).toEqual([
      { ...breachOn({}), heldBy: 'carrier', exposedFromMs: at(7), exposedToMs: at(9), legs: [1] },
    ]);
    expect(t.verdict).toEqual({
      result: 'breached',
      reasons: [
        'alarm: pulp above 4 °C in leg 2 (Truck 1), at worst 6 °C on pulp-1; held by carrier',
        'leg 1 (Pre-cooling room 1) is covered for 75 % of its time',
        'leg 2 (Truck 1) is covered for 77 % of its time',
        'leg 3 (Cold store 1) has no temperatures: neither good nor bad',
      ],
    });
  });

  test('asking the store for all channels or for the known ones is the same trace', async () => {
    const all = renderJson(await trace());
    await noteChannels(chain.ledger.db, [
      { device: 'grower/logger-1', channels: ['pulp', 'humidity'] },
      { device: 'carrier/tu-1', channels: ['pulp-1', 'pulp-2', 'air-return', 'air-supply'] },
    ]);
    expect(renderJson(await trace())).toBe(all);
  });

  test('a reader in another connection, while a writer is at work, gives the same bytes', async () => {
    const ours = renderJson(await trace());
    const reader = await openLedger(chain.ledger.file, { readOnly: true });
    await chain.ledger.transact(async (trx) => {
      await trx.deleteFrom('custody').execute();
      expect(renderJson(await traceBatch({ ledger: reader, frames: chain.frames }, 'JS-0801-01'))).toBe(ours);
      await trx.deleteFrom('breach').execute();
    });
    await reader.close();
  });
});

describe('a custody that is still open', () => {
  beforeEach(() =>
    chain.events(
      place(at(-1), 'store/cold-1', ['store/wall-1', 'store/wall-2']),
      commission(at(0), { lots, asset: 'store/cold-1' }),
    ),
  );

  test('is looked at up to and with the newest frame of its devices', async () => {
    await chain.send('store/wall-1', at(0), at(1), 10, () => ({ air: 0.5 }));
    await chain.send('store/wall-2', at(0.5), at(2), 10, () => ({ air: 1.5 }));
    const t = await trace();
    expect(t.asOfMs).toBe(at(2) - 10 * MINUTE);
    expect(t.legs[0]!.air).toMatchObject({ count: 6 + 9, coveredMs: 110 * MINUTE + 1, gaps: [] });
    expect(t.verdict).toEqual({ result: 'ok', reasons: ['no rule was broken'] });
  });

  test('shows a single frame sent by hand', async () => {
    await chain.send('store/wall-1', at(3), at(3) + 1, 10, () => ({ air: 0.5 }));
    const t = await trace();
    expect(t.legs[0]!.air).toMatchObject({ count: 1, minC: 0.5, meanC: 0.5, maxC: 0.5, mktC: 0.5 });
  });

  test('is looked at up to a given instant', async () => {
    await chain.send('store/wall-1', at(0), at(1), 10, () => ({ air: 0.5 }));
    expect((await trace(undefined, at(4))).legs[0]!.gaps).toEqual([{ fromMs: at(0) + 65 * MINUTE, toMs: at(4) + 1 }]);
    expect((await trace(undefined, at(0.5))).legs[0]!.air.count).toBe(4);
  });

  test('without any frame is no evidence, neither good nor bad', async () => {
    expect((await trace()).verdict).toEqual({
      result: 'no-evidence',
      reasons: ['no temperature was recorded in any custody'],
    });
  });
});

test('devices that come and go during a custody each speak for their own time', async () => {
  await chain.events(
    commission(at(0), { lots, asset: 'store/cold-1' }),
    place(at(0), 'store/cold-1', ['store/a']),
    place(at(2), 'grower/room-1', ['store/a']),
    place(at(3), 'store/cold-1', ['store/a', 'store/b']),
    scan(at(4), { lots, action: 'DELETE' }),
  );
  await chain.send('store/a', at(0), at(5), 10, (m) => ({ pulp: m >= 120 && m < 180 ? 25 : 0 }));
  await chain.send('store/b', at(0), at(5), 10, (m) => ({ pulp: m < 180 ? 25 : 2 }));
  const t = await trace();
  expect(t.legs).toHaveLength(1);
  expect(t.legs[0]!.devices).toEqual(['store/a', 'store/b']);
  expect(t.legs[0]!.pulp).toMatchObject({
    count: 12 + 6 + 6,
    minC: 0,
    meanC: 0.5,
    maxC: 2,
    coveredMs: 3 * HOUR,
    gaps: [{ fromMs: at(2), toMs: at(3) }],
  });
  expect(t.asOfMs).toBe(at(4));
});

describe('who answers for a breach', () => {
  const breachesOf = async () => (await trace()).breaches.map((b) => [b.id, b.heldBy, b.legs]);

  test('the one who held the batch when it began, though it lasted into the next custody', async () => {
    await chain.events(
      commission(at(0), { lots, asset: 'carrier/truck-1', party: 'grower' }),
      scan(at(8), { lots, party: 'carrier' }),
    );
    await chain.raise(breachOn({ id: 'x', startMs: at(7), endMs: at(9) }));
    const [breach] = (await trace()).breaches;
    expect(breach).toMatchObject({ heldBy: 'grower', exposedFromMs: at(7), exposedToMs: at(9), legs: [0, 1] });
  });

  test('the one who brought the batch into a breach that was there before', async () => {
    await usualJourney();
    await chain.raise(breachOn({ id: 'x', startMs: at(5), endMs: null, endedBy: null }));
    const [breach] = (await trace()).breaches;
    expect(breach).toMatchObject({ heldBy: 'carrier', exposedFromMs: at(6), exposedToMs: at(10), legs: [1] });
  });

  test('nobody, where the batch was not there, the produce was another, or it was withdrawn', async () => {
    await usualJourney();
    await chain.raise(
      breachOn({ id: 'before', startMs: at(4), endMs: at(6) }),
      breachOn({ id: 'after', startMs: at(10), endMs: at(11) }),
      breachOn({ id: 'other', profile: 'pear' }),
      breachOn({ id: 'elsewhere', asset: 'carrier/truck-2' }),
      breachOn({ id: 'mine', severity: 'warning' }),
    );
    expect(await breachesOf()).toEqual([['mine', 'carrier', [1]]]);
    expect((await trace()).verdict.result).toBe('warning');
  });
});

test('a batch without custody is no evidence; one without a profile is said to be unjudged', async () => {
  const other = scan(at(0), { lots: ['X'], produce: 'pear' });
  other.action = 'ADD';
  await chain.events(other);
  expect((await trace('X')).verdict).toEqual({
    result: 'no-evidence',
    reasons: ['no custody is on record', 'the produce has no profile, so no rule judged it'],
  });
});
