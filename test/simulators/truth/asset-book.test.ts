import { describe, expect, it } from 'vitest';
import { energyOfAll, trueAssets } from '../../../simulators/truth/asset-book.ts';
import type { TrueBatch } from '../../../simulators/truth/record.ts';
import { MINUTE_MS, START_MS, toyDrive, toyDuty, toyPlan } from '../toy-plan.ts';

const at = (minute: number) => START_MS + minute * MINUTE_MS;
/** A drive of 60 km in an hour. */
const plan = toyPlan();
const [STORE, TRUCK] = plan.assets.map((asset) => asset.key) as [string, string];
const stay = (asset: string, from: number, to: number) => {
  return { asset, fromMs: at(from), toMs: at(to), pulpMinC: 0, pulpMaxC: 0 };
};
const batch = (massKg: number, ...stays: TrueBatch['stays']) => ({ massKg, stays }) as TrueBatch;
const energy = (assetIx: number) => ({ electricKWh: 0, dieselL: 10 * assetIx, co2eKg: 30 * assetIx });
const kmOf = (fromMinute: number, toMinute: number) => {
  const { km } = toyDrive(0, 60);
  return ((km.at(-1)! - km[0]!) * (toMinute - fromMinute)) / 60;
};

describe('trueAssets', () => {
  it('counts hours on duty and what keeping cold took, up to where the run ended', () => {
    const [store, truck] = trueAssets(plan, [], energy, at(30));
    expect(store).toMatchObject({ asset: STORE, kind: 'cold-store', org: 'grower', dutyH: 0.5, co2eKg: 0 });
    expect(truck).toMatchObject({ asset: TRUCK, dutyH: 0.5, dieselL: 10, tonneKm: 0, co2eKgPerTonneKm: null });
    expect(store!.tonneKm).toBeNull();
  });

  it('counts tonne-kilometres from where each batch came on board to where it left', () => {
    const batches = [batch(2000, stay(STORE, 0, 15), stay(TRUCK, 15, 45)), batch(500, stay(TRUCK, 30, 60))];
    const [, truck] = trueAssets(plan, batches, energy, at(60));
    const tonneKm = 2 * kmOf(15, 45) + 0.5 * kmOf(30, 60);
    expect(truck!.tonneKm).toBeCloseTo(tonneKm, 9);
    expect(tonneKm).toBeGreaterThan(0);
    expect(truck!.co2eKgPerTonneKm).toBeCloseTo(30 / tonneKm, 12);
  });

  it('leaves out what was not on duty yet', () => {
    const late = { ...plan.assets[1]!, duties: [toyDuty(40, 60)] };
    const assets = trueAssets({ ...plan, assets: [plan.assets[0]!, late] }, [], energy, at(30));
    expect(assets.map(({ asset }) => asset)).toEqual([STORE]);
  });
});

describe('energyOfAll', () => {
  it("does not count a generator's electricity beside its diesel", () => {
    const grid = { electricKWh: 100, dieselL: 0, co2eKg: 57 };
    const generator = { electricKWh: 50, dieselL: 14, co2eKg: 37.5 };
    expect(energyOfAll([grid, generator])).toEqual({ gridKWh: 100, dieselL: 14, co2eKg: 94.5 });
  });
});
