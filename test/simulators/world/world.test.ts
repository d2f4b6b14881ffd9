import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Plan, type PlannedFault, QUANTITIES, SLICE_MS } from '../../../simulators/plan/types.ts';
import { BatchState } from '../../../simulators/world/batch-state.ts';
import { enthalpyOfFruitJkg } from '../../../simulators/world/physics/freezing.ts';
import { createWorld, STEP_MS, type TrueWorld } from '../../../simulators/world/world.ts';
import { boxPlan, chamber, HOUR_MS, readingOf, runWorld, START_MS, seriesOf } from './box-plan.ts';

const at = (hours: number): number => START_MS + hours * HOUR_MS;
const span = (from: number, to: number) => ({ fromMs: at(from), toMs: at(to) });
const hot = chamber(33, 500);

/** Trucks, boxes and rooms in which everything happens: doors, faults, defrosts, freezing, blends and moves. */
function busyPlan(hours = 48): Plan {
  const doors = [
    { ...span(3, 3.5), docked: true },
    { ...span(20, 20.4), docked: false },
  ];
  return boxPlan(
    hours,
    [
      { kind: 'pre-cooling-room', duty: { doors } },
      { kind: 'cold-store', duty: { doors } },
      { kind: 'reefer-truck', duty: { ...span(5, hours), doors: [{ ...span(21, 21.2), docked: false }] } },
      { kind: 'rail-reefer-box', duty: { unpowered: [span(18, 20)] } },
      { kind: 'reefer-truck', setPointC: -6 },
      { kind: 'retail-display', setPointC: 2, duty: { doors: [{ ...span(2, 14), docked: false }] } },
    ],
    {
      batches: [8000, 9000, 10_000, 6000, 15_000, 9000, 200].map((massKg, ix) => ({
        massKg,
        harvestPulpC: ix < 2 ? 27 : 2,
      })),
      moves: [
        { batchIx: 0, toAssetIx: 0 },
        { batchIx: 1, toAssetIx: 0 },
        { batchIx: 5, toAssetIx: 4 },
        { batchIx: 6, toAssetIx: 5 },
        { timeMs: at(14), batchIx: 2, fromAssetIx: 0, toAssetIx: 1, warmerK: 2 },
        { timeMs: at(14), batchIx: 3, fromAssetIx: 0, toAssetIx: 3 },
        { timeMs: at(20), batchIx: 2, fromAssetIx: 1, toAssetIx: 2 },
        { timeMs: at(40), batchIx: 3, fromAssetIx: 3, toAssetIx: null },
      ],
      blends: [{ timeMs: at(14), assetIx: 0, inputs: [0, 1], outputs: [2, 3], warmerK: 0.5 }],
      faults: [
        { ...span(30, 36), kind: 'unit-failure', assetIx: 2, severity: 0.7 },
        { ...span(30, 33), kind: 'door-left-open', assetIx: 3, severity: 0.5 },
        { ...span(34, 40), kind: 'unit-fading', assetIx: 1, severity: 1 },
        { ...span(36, 42), kind: 'unit-off', assetIx: 3, severity: 0.4 },
        { ...span(37, 41), kind: 'defrost-stuck', assetIx: 2, severity: 1 },
        { ...span(20, 22), kind: 'power-loss', assetIx: 5 },
        { ...span(10, 30), kind: 'blocked-airflow', assetIx: 4, severity: 0.8 },
      ],
    },
  );
}

function digestOf(plan: Plan, world: TrueWorld, extraMs?: number): string {
  const hash = createHash('sha256');
  const out = new Float64Array(QUANTITIES.length);
  runWorld(plan, world, extraMs ?? SLICE_MS, (timeMs) => {
    if ((timeMs - plan.startMs) % SLICE_MS !== 0) return;
    for (const ix of plan.assets.keys()) {
      out.fill(0);
      world.read(ix, out);
      hash.update(out);
    }
  });
  hash.update(world.batches.pulpC).update(world.batches.ripening).update(world.batches.chilling);
  return hash.update(world.batches.weightLoss).digest('hex');
}

describe('determinism', () => {
  test('same plan, same bytes; another seed, other bytes; whichever instants were visited on the way', () => {
    const plan = busyPlan(24);
    const digest = digestOf(plan, createWorld(plan));
    expect(digestOf(plan, createWorld(plan))).toBe(digest);
    expect(digestOf(plan, createWorld(plan), 60_000)).toBe(digest);
    expect(digestOf(plan, createWorld(plan), 7_500)).toBe(digest);
    const other = { ...plan, seed: 8 };
    expect(digestOf(other, createWorld(other))).not.toBe(digest);
  });

  test('worlds that each run some of the assets on shared batches come to the same, bit for bit', () => {
    const plan = busyPlan();
    const whole = createWorld(plan, { weather: hot });
    runWorld(plan, whole);
    for (const shares of [2, 3]) {
      const state = BatchState.shared(plan.batches.length);
      const worlds = Array.from({ length: shares }, (_, i) =>
        createWorld(plan, {
          weather: hot,
          assets: (ix) => ix % shares === i,
          batches: new BatchState(state.buffer, plan.batches.length),
        }),
      );
      for (let t = plan.startMs; t < plan.endMs; t += SLICE_MS) {
        // Threads run in any order between two barriers: the other way round must do as well.
        const inOrder = (t / SLICE_MS) % 2 === 0 ? worlds : [...worlds].reverse();
        for (const world of inOrder) {
          world.beginSlice(t);
          world.endSlice(t + SLICE_MS);
        }
      }
      expect(state.pulpC).toEqual(whole.batches.pulpC);
      expect(state.ripening).toEqual(whole.batches.ripening);
      expect(state.chilling).toEqual(whole.batches.chilling);
      expect(state.weightLoss).toEqual(whole.batches.weightLoss);
      for (const ix of plan.assets.keys()) {
        expect(worlds[ix % shares]!.energy(ix)).toEqual(whole.energy(ix));
        expect(worlds[ix % shares]!.contents(ix)).toEqual(whole.contents(ix));
      }
    }
  });

  test('slices are run in order', () => {
    const world = createWorld(busyPlan());
    world.beginSlice(START_MS);
    world.endSlice(START_MS + SLICE_MS);
    expect(() => world.beginSlice(START_MS)).toThrow(RangeError);
    expect(() => world.beginSlice(START_MS + 2 * SLICE_MS)).toThrow(RangeError);
  });

  test('cargo for an asset that is not on duty is refused', () => {
    const plan = boxPlan(2, [{ kind: 'reefer-truck', duty: span(1, 2) }], {
      batches: [{ massKg: 1000, harvestPulpC: 2 }],
      moves: [{}],
    });
    expect(() => createWorld(plan).beginSlice(START_MS)).toThrow(/box-0 .* not on duty/);
  });

  test('an instant between two steps lies between their values', () => {
    const plan = boxPlan(1, [{ kind: 'reefer-truck' }]);
    const world = createWorld(plan, { weather: hot });
    world.beginSlice(START_MS);
    const values: number[] = [];
    for (let s = 0; s <= 60; s += 5) {
      world.advance(0, START_MS + s * 1000);
      values.push(readingOf(world, 0, 'airReturnC'));
    }
    // A warm box being pulled down: falling all the way, and straight within a step.
    for (let i = 1; i < values.length; i++) expect(values[i]!).toBeLessThan(values[i - 1]!);
    expect(values[1]! - values[0]!).toBeCloseTo(values[3]! - values[2]!, 9);
  });
});

describe('numerics', () => {
  test('no asset makes or loses heat in 48 h: less than 0.01 J of some 10⁹', () => {
    const plan = busyPlan();
    const world = createWorld(plan, { weather: hot, keepsAccounts: true });
    runWorld(plan, world);
    for (const ix of plan.assets.keys()) expect(Math.abs(world.imbalanceJ(ix))).toBeLessThan(0.01);
    // It was all there: fruit has frozen in the truck that was set to −6 °C.
    expect(world.batches.pulpC[5 * 3]!).toBeLessThan(world.batchTruth(5).freezingC - 0.1);
  });

  test('blends keep heat and age by mass, and moves keep all but what they add', () => {
    const massArb = fc.double({ min: 10, max: 20_000, noNaN: true });
    const pulpArb = fc.double({ min: -4, max: 30, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(massArb, pulpArb), { minLength: 1, maxLength: 4 }), (lots) => {
        const allKg = lots.reduce((sum, [kg]) => sum + kg, 0);
        const n = lots.length;
        const plan = boxPlan(1, [{ kind: 'cold-store' }], {
          batches: [
            ...lots.map(([massKg, harvestPulpC]) => ({ massKg, harvestPulpC })),
            { massKg: allKg * 0.3, harvestPulpC: 0 },
            { massKg: allKg * 0.7, harvestPulpC: 0 },
          ],
          moves: lots.map((_, batchIx) => ({ batchIx })),
          blends: [{ timeMs: at(0.5), assetIx: 0, inputs: [...lots.keys()], outputs: [n, n + 1], warmerK: 0 }],
        });
        const world = createWorld(plan, { weather: hot });
        const sums = (of: TrueWorld, ixs: Iterable<number>) => {
          const { pulpC, ripening, weightLoss } = of.batches;
          let [heldJ, ripe, lossKg] = [0, 0, 0];
          for (const ix of ixs) {
            const kg = plan.batches[ix]!.massKg;
            for (let zone = 0; zone < 3; zone++) {
              heldJ += (kg / 3) * enthalpyOfFruitJkg(of.batchTruth(ix), pulpC[ix * 3 + zone]!);
              ripe += (kg / 3) * ripening[ix * 3 + zone]!;
            }
            lossKg += kg * weightLoss[ix]!;
          }
          return [heldJ, ripe, lossKg];
        };
        // A blend of this instant takes place as the slice before it ends: the state just before that is the one of
        // a world without the blend.
        const without = createWorld({ ...plan, blends: [] }, { weather: hot });
        for (let t = START_MS; t < at(0.5); t += SLICE_MS) {
          for (const w of [world, without]) {
            w.beginSlice(t);
            w.endSlice(t + SLICE_MS);
          }
        }
        const before = sums(without, lots.keys());
        const after = sums(world, [n, n + 1]);
        expect(world.contents(0)).toEqual([n, n + 1]);
        for (const [i, sum] of before.entries()) {
          expect(Math.abs(after[i]! - sum)).toBeLessThanOrEqual(1e-9 * (Math.abs(sum) + allKg));
        }
      }),
      { numRuns: 20 },
    );
  });

  test('halving the step changes cargo and hourly-mean air by less than 0.05 °C in 48 h of everything', () => {
    const plan = busyPlan();
    const coarse = hourly(plan, STEP_MS);
    const fine = hourly(plan, STEP_MS / 2);
    expect(worstK(coarse.pulps, fine.pulps)).toBeLessThan(0.05);
    expect(worstK(coarse.airs, fine.airs)).toBeLessThan(0.05);
  }, 30_000);
});

const worstK = (some: readonly number[], others: readonly number[]): number =>
  Math.max(...some.map((t, i) => Math.abs(t - others[i]!)));

/** Supply air jumps when a unit switches: a mean of few samples would tell of the samples, not of the step. */
const SAMPLE_MS = 5000;

/** Hour by hour: pulp of all zones of all batches, and the means of all airs of all assets. */
function hourly(plan: Plan, stepMs: number): { pulps: number[]; airs: number[] } {
  const world = createWorld(plan, { stepMs, weather: hot });
  const result = { pulps: [] as number[], airs: [] as number[] };
  const sums = new Float64Array(plan.assets.length * 3);
  const out = new Float64Array(QUANTITIES.length);
  runWorld(plan, world, SAMPLE_MS, (timeMs) => {
    for (const ix of plan.assets.keys()) {
      out.fill(0);
      world.read(ix, out);
      for (let i = 0; i < 3; i++) sums[ix * 3 + i]! += out[i]! / (HOUR_MS / SAMPLE_MS);
    }
    if ((timeMs - plan.startMs) % HOUR_MS !== HOUR_MS - SAMPLE_MS) return;
    result.airs.push(...sums);
    result.pulps.push(...world.batches.pulpC);
    sums.fill(0);
  });
  return result;
}

describe('what a cold-chain engineer expects', () => {
  const loaded = { batches: [{ massKg: 20_000, harvestPulpC: 1 }], moves: [{}] };
  const run = (plan: Plan, ...quantities: Parameters<typeof seriesOf>[3]) =>
    seriesOf(plan, createWorld(plan, { weather: chamber(30) }), 0, quantities);
  const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

  test('on-off supply swings by several kelvin, modulated supply stands at the set-point', () => {
    const [truckC, truckDefrost] = run(boxPlan(20, [{ kind: 'reefer-truck' }], loaded), 'airSupplyC', 'defrostOn');
    const [boxC, boxDefrost] = run(boxPlan(20, [{ kind: 'rail-reefer-box' }], loaded), 'airSupplyC', 'defrostOn');
    // Between defrosts, and an hour after one.
    const calm = (values: readonly number[], defrosts: readonly number[]) =>
      values.filter((_, m) => m > 300 && !defrosts.slice(m - 60, m + 1).includes(1));
    const onOffK = spread(calm(truckC!, truckDefrost!));
    expect(onOffK).toBeGreaterThan(4);
    expect(onOffK).toBeLessThan(8);
    expect(spread(calm(boxC!, boxDefrost!))).toBeLessThan(0.1);
  });

  test('supply air of a chilled truck is never more than 4 K below the set-point, warm load or not', () => {
    const warm = { batches: [{ massKg: 20_000, harvestPulpC: 15 }], moves: [{}] };
    const [supplyC] = run(boxPlan(24, [{ kind: 'reefer-truck' }], warm), 'airSupplyC');
    expect(Math.min(...supplyC!)).toBeGreaterThanOrEqual(-4.5 - 1e-9);
  });

  test('the unit starts a few to a dozen times an hour, neither chattering nor stuck', () => {
    const [on, defrost] = run(boxPlan(24, [{ kind: 'reefer-truck' }], loaded), 'unitOn', 'defrostOn');
    let starts = 0;
    for (let m = 301; m < on!.length; m++) if (on![m] === 1 && on![m - 1] === 0) starts++;
    expect(starts / 19).toBeGreaterThan(1);
    expect(starts / 19).toBeLessThan(12);
    expect(defrost!.filter((d) => d === 1).length % 20).toBeLessThanOrEqual(1);
    expect(defrost).toContain(1);
  });

  test('a defrost warms the supply air by several kelvin for some twenty minutes, the fruit by next to nothing', () => {
    const plan = boxPlan(24, [{ kind: 'rail-reefer-box' }], loaded);
    const [defrost, supplyC, pulpC] = run(plan, 'defrostOn', 'airSupplyC', 'pulpMiddleC');
    const from = defrost!.indexOf(1, 200);
    expect(defrost!.slice(from, from + 40).filter((d) => d === 1)).toHaveLength(25);
    expect(supplyC![from + 24]! - supplyC![from - 1]!).toBeGreaterThan(5);
    expect(supplyC![from + 50]!).toBeCloseTo(-0.5, 1);
    expect(Math.abs(pulpC![from + 60]! - pulpC![from - 1]!)).toBeLessThan(0.1);
  });

  test('an unpowered box warms: its air within hours, twenty tonnes of fruit by some kelvin in two days', () => {
    const duty = { unpowered: [span(0, 48)] };
    const [returnC, pulpC, powerW] = run(
      boxPlan(48, [{ kind: 'rail-reefer-box', duty }], loaded),
      'airReturnC',
      'pulpMiddleC',
      'powerW',
    );
    expect(returnC![120]!).toBeGreaterThan(4);
    expect(pulpC![2879]! - pulpC![0]!).toBeGreaterThan(2);
    expect(pulpC![2879]! - pulpC![0]!).toBeLessThan(8);
    expect(Math.max(...powerW!)).toBe(0);
  });

  test('freezing is a plateau: pulp waits at its freezing point while the ice forms, air at −8 °C', () => {
    const plan = boxPlan(200, [{ kind: 'cold-store', setPointC: -8 }], {
      batches: [{ massKg: 5000, harvestPulpC: 3 }],
      moves: [{}],
    });
    const world = createWorld(plan, { weather: chamber(10) });
    const { freezingC } = world.batchTruth(0);
    const [pulpC] = seriesOf(plan, world, 0, ['pulpMiddleC']);
    const first = (limitC: number) => pulpC!.findIndex((t) => t < limitC);
    const toFreezing = first(freezingC);
    const onPlateau = first(freezingC - 1.5) - toFreezing;
    expect(toFreezing).toBeGreaterThan(60);
    expect(onPlateau).toBeGreaterThan(5 * (toFreezing - first(freezingC + 1.5)));
  });

  test('air at the door end is the warmest, and the rear of the load with it', () => {
    const plan = boxPlan(48, [{ kind: 'reefer-truck' }], loaded);
    const [doorC, returnC, front, rear] = run(plan, 'airDoorC', 'airReturnC', 'pulpFrontC', 'pulpRearC');
    const mean = (values: readonly number[]) => values.slice(1440).reduce((sum, t) => sum + t, 0) / 1440;
    expect(mean(doorC!)).toBeGreaterThan(mean(returnC!) + 0.1);
    expect(rear!.at(-1)!).toBeGreaterThan(front!.at(-1)! + 0.3);
  });

  test('a door opened on the way shows at the door first, and is forgotten within the hour', () => {
    const duty = { doors: [{ ...span(10, 10.25), docked: false }] };
    const plan = boxPlan(12, [{ kind: 'reefer-truck', duty }], loaded);
    const [doorC, returnC, open] = run(plan, 'airDoorC', 'airReturnC', 'doorOpen');
    expect(open!.slice(598, 617)).toEqual([0, 0, ...new Array(15).fill(1), 0, 0]);
    expect(doorC![612]!).toBeGreaterThan(doorC![599]! + 5);
    expect(doorC![612]!).toBeGreaterThan(returnC![612]! + 1);
    expect(returnC![676]!).toBeLessThan(2.3);
  });

  test('a dock with its curtain lets in far less than a door on the way', () => {
    const rise = (docked: boolean) => {
      const duty = { doors: [{ ...span(10, 10.5), docked }] };
      const [doorC] = run(boxPlan(11, [{ kind: 'reefer-truck', duty }], loaded), 'airDoorC');
      return Math.max(...doorC!.slice(600, 630)) - doorC![599]!;
    };
    expect(rise(true)).toBeLessThan(rise(false) / 2);
  });

  test('an empty trailer that stood in the sun is cold two and a half hours later', () => {
    const [returnC] = run(boxPlan(3, [{ kind: 'reefer-truck' }]), 'airReturnC');
    expect(returnC![0]!).toBeGreaterThan(29);
    expect(returnC![150]!).toBeLessThan(2.3);
  });

  test('fuel for a day: a truck in 30 °C burns some 20 to 40 litres, a rail box takes some 50 kWh', () => {
    const energyOf = (kind: 'reefer-truck' | 'rail-reefer-box') => {
      const plan = boxPlan(24, [{ kind }], loaded);
      const world = createWorld(plan, { weather: chamber(30) });
      runWorld(plan, world);
      return world.energy(0);
    };
    expect(energyOf('reefer-truck').dieselL).toBeGreaterThan(15);
    expect(energyOf('reefer-truck').dieselL).toBeLessThan(45);
    expect(energyOf('rail-reefer-box').electricKWh).toBeGreaterThan(30);
    expect(energyOf('rail-reefer-box').electricKWh).toBeLessThan(80);
  });

  test('a room’s pulp probe stays in the batch that came first', () => {
    const plan = boxPlan(2, [{ kind: 'cold-store' }], {
      batches: [
        { massKg: 5000, harvestPulpC: 1 },
        { massKg: 5000, harvestPulpC: 12 },
      ],
      moves: [{ batchIx: 0 }, { batchIx: 1 }, { timeMs: at(1), batchIx: 0, fromAssetIx: 0, toAssetIx: null }],
    });
    const [pulpC] = run(plan, 'pulpMiddleC');
    expect(pulpC![59]!).toBeLessThan(1.2);
    expect(pulpC![60]!).toBeGreaterThan(10);
  });
});

describe('faults', () => {
  const loaded = { batches: [{ massKg: 20_000, harvestPulpC: 0 }], moves: [{}] };
  const run = (fault: readonly Partial<PlannedFault>[]) => {
    const plan = boxPlan(24, [{ kind: 'reefer-truck' }], { ...loaded, faults: fault });
    const [returnC, front, rear, on, setC] = seriesOf(plan, createWorld(plan, { weather: chamber(30) }), 0, [
      'airReturnC',
      'pulpFrontC',
      'pulpRearC',
      'unitOn',
      'setPointC',
    ]);
    return { returnC: returnC!, front: front!, rear: rear!, on: on!, setC: setC! };
  };
  const well = run([]);

  test('a unit that stops: warm air within an hour and a half, the fruit hours later', () => {
    const { returnC, on, rear } = run([{ ...span(6, 24), kind: 'unit-failure', severity: 1 }]);
    expect(returnC[6 * 60 + 90]!).toBeGreaterThan(4);
    expect(on.slice(360).includes(1)).toBe(false);
    expect(rear[6 * 60 + 90]! - rear[360]!).toBeLessThan(0.5);
    expect(rear.at(-1)!).toBeGreaterThan(well.rear.at(-1)! + 1);
  });

  test('a fading unit is well for hours and fails in the end', () => {
    const { returnC } = run([{ ...span(6, 24), kind: 'unit-fading', severity: 1 }]);
    expect(Math.max(...returnC.slice(380, 600))).toBeLessThan(3.5);
    const lastHour = returnC.slice(-60);
    expect(lastHour.reduce((sum, t) => sum + t, 0) / 60).toBeGreaterThan(1.5);
  });

  test('a unit switched off to save fuel: air saws up and down each hour', () => {
    const { returnC } = run([{ ...span(6, 24), kind: 'unit-off', severity: 0.5 }]);
    for (const hour of [10, 15, 20]) {
      const off = returnC.slice(hour * 60 + 1, hour * 60 + 30);
      expect(off.at(-1)! - off[0]!).toBeGreaterThan(2);
      const on = returnC.slice(hour * 60 + 30, hour * 60 + 60);
      expect(Math.min(...on)).toBeLessThan(off.at(-1)! - 2);
    }
  });

  test('blocked air flow: the rear of the load gets warm though the unit runs', () => {
    const { rear, returnC } = run([{ ...span(0, 24), kind: 'blocked-airflow', severity: 0.9 }]);
    expect(rear.at(-1)!).toBeGreaterThan(well.rear.at(-1)! + 0.3);
    expect(returnC.length).toBe(well.returnC.length);
  });

  test('a wrong set-point shows as what the unit runs at, and freezes the front', () => {
    const { setC, front } = run([{ ...span(0, 24), kind: 'wrong-set-point', severity: -6 }]);
    expect(setC[60]).toBe(-6.5);
    expect(front.at(-1)!).toBeLessThan(-1);
  });

  test('a heater stuck on costs fuel and warms the air', () => {
    const plan = (faults: Parameters<typeof boxPlan>[2]) =>
      boxPlan(24, [{ kind: 'reefer-truck' }], { ...loaded, ...faults });
    const litres = (p: Plan) => {
      const world = createWorld(p, { weather: chamber(30) });
      runWorld(p, world);
      return world.energy(0).dieselL;
    };
    const stuck = plan({ faults: [{ kind: 'defrost-stuck', severity: 1 }] });
    expect(litres(stuck)).toBeGreaterThan(litres(plan({})) * 1.5);
  });

  test('no power, no fans, no control: the air warms at once and comes back', () => {
    const { returnC, on } = run([{ ...span(6, 9), kind: 'power-loss', severity: 1 }]);
    expect(returnC[9 * 60 - 1]!).toBeGreaterThan(5);
    expect(on.slice(361, 540)).not.toContain(1);
    expect(returnC[10 * 60 + 30]!).toBeLessThan(2.5);
  });
});

describe('fruit gets older', () => {
  test('warm fruit ripens faster, and dry air takes more water', () => {
    const plan = boxPlan(
      24,
      [
        { kind: 'cold-store', setPointC: 0 },
        { kind: 'cold-store', setPointC: 15 },
      ],
      {
        batches: [
          { massKg: 5000, harvestPulpC: 0 },
          { massKg: 5000, harvestPulpC: 15 },
        ],
        moves: [{}, { batchIx: 1, toAssetIx: 1 }],
      },
    );
    const world = createWorld(plan, { weather: chamber(25) });
    runWorld(plan, world);
    const { ripening, weightLoss } = world.batches;
    // HB66: 100 / 33 / 13 at 0 / 10 / 20 °C; this batch’s own share of it.
    const share = world.batchTruth(1).ripeningShare / world.batchTruth(0).ripeningShare;
    expect(ripening[4]! / ripening[1]! / share).toBeGreaterThan(3);
    expect(ripening[4]! / ripening[1]! / share).toBeLessThan(8);
    expect(weightLoss[0]!).toBeGreaterThan(0);
    expect(weightLoss[1]!).toBeGreaterThan(weightLoss[0]!);
    expect(weightLoss[1]!).toBeLessThan(0.02);
  });
});
