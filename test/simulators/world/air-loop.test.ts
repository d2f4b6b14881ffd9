import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AirLoop } from '../../../simulators/world/physics/air-loop.ts';
import { apparentHeatJkgK, enthalpyOfFruitJkg, pulpAtEnthalpyC } from '../../../simulators/world/physics/freezing.ts';

const fruit = { specificHeatJkgK: 3850, frozenHeatJkgK: 2000, latentJkg: 280_000, freezingC: -1.5 };
const book = { of: () => fruit };
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('freezing', () => {
  test('temperature and heat are each other’s inverse, above, at and far below the freezing point', () => {
    fc.assert(
      fc.property(number(-40, 40), (pulpC) => {
        expect(pulpAtEnthalpyC(fruit, enthalpyOfFruitJkg(fruit, pulpC))).toBeCloseTo(pulpC, 9);
      }),
    );
  });

  test('the apparent heat capacity is the slope of the heat held', () => {
    for (const pulpC of [-1.51, -1.6, -2, -5, -20, 3]) {
      const slope = (enthalpyOfFruitJkg(fruit, pulpC + 1e-4) - enthalpyOfFruitJkg(fruit, pulpC - 1e-4)) / 2e-4;
      expect(apparentHeatJkgK(fruit, pulpC) / slope).toBeCloseTo(1, 4);
    }
  });

  test('half of the water is ice at twice the freezing point', () => {
    // From 0 °C: 3850·1.5 down to it, 2000·1.5 below it, and half of 280 kJ.
    expect(enthalpyOfFruitJkg(fruit, -3)).toBeCloseTo(-(3850 * 1.5 + 2000 * 1.5 + 140_000), 6);
  });
});

test('supply air jumps at the instant at which the unit switches, not a step later', () => {
  const loop = new AirLoop(new Float64Array(0), book, true);
  loop.fill(1e6, 4);
  loop.drive({
    skinC: 30,
    outsideC: 30,
    flowWK: 2000,
    entrainment: 1.5,
    unitHeatW: 500,
    capacityW: 8000,
    supplyMinC: -20,
  });
  loop.setCapacity(0);
  expect(loop.supplyC).toBeCloseTo(4 + 500 / 2000, 9);
  loop.setCapacity(8000);
  expect(loop.supplyC).toBeCloseTo(4 + (500 - 8000) / 2000, 9);
});

/** Random but physical figures. */
const figuresArb = fc.record({
  airC: number(-20, 40),
  airJK: number(1e5, 1e7),
  wallWK: number(0, 300),
  contactShare: number(0, 0.3),
  skinC: number(-30, 60),
  outsideC: number(-30, 50),
  doorWK: fc.constantFrom<number>(0, 300, 6000),
  flowWK: number(50, 40_000),
  entrainment: number(1, 4),
  unitHeatW: number(0, 10_000),
  capacityW: fc.constantFrom<number>(0, 8000, 120_000),
  supplyMinC: number(-10, 5),
  batches: fc.array(
    fc.record({
      pulpC: fc.tuple(number(-6, 35), number(-6, 35), number(-1.6, -1.4)),
      zoneKg: number(20, 7000),
      toAirWK: number(1, 3000),
      sourceW: number(0, 600),
    }),
    { maxLength: 8 },
  ),
});

type Figures = typeof figuresArb extends fc.Arbitrary<infer F> ? F : never;

function loopOf(figures: Figures) {
  const { batches } = figures;
  const pulpC = Float64Array.from(batches.flatMap((b) => b.pulpC));
  const loop = new AirLoop(pulpC, book, true);
  loop.hold([...batches.keys()]);
  loop.fill(figures.airJK, figures.airC);
  loop.drive(figures);
  loop.setDoor(figures.doorWK);
  for (let zone = 0; zone < 3; zone++) {
    loop.setWall(zone, figures.wallWK, batches.length > 0 ? figures.contactShare * figures.wallWK : 0);
    for (const [n, b] of batches.entries()) {
      loop.setBatch(n, b.zoneKg * fruit.specificHeatJkgK, fruit.freezingC);
      loop.setNode(n, zone, b.toAirWK, b.sourceW);
    }
  }
  return { loop, pulpC };
}

describe('air loop', () => {
  test('no heat is made or lost in a step, to 1e-9 of what is there or flows, freezing or not', () => {
    fc.assert(
      fc.property(figuresArb, number(0.1, 600), (figures, dtS) => {
        const { loop, pulpC } = loopOf(figures);
        const heldBefore = heldJ(figures, loop, pulpC);
        const airsBefore = [0, 1, 2].map((zone) => loop.airC(zone));
        loop.solve(dtS);
        const fruitBefore = Float64Array.from(pulpC);
        loop.commit();
        // By hand, from what can be seen from outside: what is held after, what came in through the air's boundary.
        let scaleJ = figures.airJK * 60 + dtS * (figures.unitHeatW + loop.coolingW);
        for (const [n, b] of figures.batches.entries()) {
          for (let zone = 0; zone < 3; zone++) {
            scaleJ += b.zoneKg * (Math.abs(enthalpyOfFruitJkg(fruit, fruitBefore[n * 3 + zone]!)) + 1e5);
          }
        }
        expect(Math.abs(loop.imbalanceJ)).toBeLessThanOrEqual(1e-9 * scaleJ);
        if (figures.wallWK === 0 || figures.contactShare === 0) {
          const airs = airsBefore.map((before, zone) => (before + loop.airC(zone)) / 2);
          let inW = figures.unitHeatW - loop.coolingW + figures.doorWK * (figures.outsideC - airs[2]!);
          for (const airC of airs) inW += figures.wallWK * (figures.skinC - airC);
          for (const b of figures.batches) inW += 3 * b.sourceW;
          expect(Math.abs(heldJ(figures, loop, pulpC) - heldBefore - dtS * inW)).toBeLessThanOrEqual(1e-9 * scaleJ);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('steps made in one go are those made one by one, to the last bit, freezing or not', () => {
    const countArb = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(figuresArb, number(1, 60), countArb, (figures, dtS, count) => {
        const [one, all] = [loopOf(figures), loopOf(figures)];
        const cooledW = new Float64Array(count);
        const oneByOneW: number[] = [];
        for (let n = 0; n < count; n++) {
          one.loop.solve(dtS);
          one.loop.commit();
          oneByOneW.push(one.loop.coolingW);
        }
        for (let made = 0; made < count; ) {
          const more = all.loop.advance(count - made, dtS, -Infinity, Infinity, cooledW);
          expect([...cooledW.subarray(0, more)]).toEqual(oneByOneW.slice(made, made + more));
          made += more;
        }
        const stateOf = ({ loop, pulpC }: typeof one) => [
          ...[0, 1, 2].map((zone) => loop.airC(zone)),
          ...pulpC,
          ...[loop.supplyC, loop.returnC, loop.coolingW],
        ];
        expect(stateOf(all)).toEqual(stateOf(one));
      }),
    );
  });

  test('steps made in one go end before the one that would bring the return air to a limit', () => {
    const cooling = { ...empty, airC: 20, capacityW: 10_000, supplyMinC: -4 };
    const { loop } = loopOf(cooling);
    const made = loop.advance(1000, 10, 10, Infinity, new Float64Array(1000));
    expect(made).toBeGreaterThan(1);
    expect(made).toBeLessThan(1000);
    expect(loop.returnC).toBeGreaterThan(10);
    expect(loop.solve(10)).toBeLessThanOrEqual(10);
    expect(loop.advance(5, 10, 10, Infinity, new Float64Array(5))).toBe(0);
  });

  test('without cooling and sources no temperature leaves the range of its neighbours', () => {
    fc.assert(
      fc.property(figuresArb, number(1, 20), (figures, dtS) => {
        const batches = figures.batches.map((b) => ({
          ...b,
          sourceW: 0,
          pulpC: b.pulpC.map((t) => Math.abs(t)) as [number, number, number],
        }));
        // Steps within which air does not get further than its neighbours: beyond them the midpoint rule rings.
        const steady = { airJK: 3e6, flowWK: 2000, doorWK: Math.min(figures.doorWK, 3000) };
        const warm = { ...figures, ...steady, batches, capacityW: 0, unitHeatW: 0, skinC: 20, outsideC: 25, airC: 10 };
        const { loop, pulpC } = loopOf(warm);
        const all = () => [...[0, 1, 2].map((zone) => loop.airC(zone)), ...pulpC];
        const range = [...all(), 20, 25];
        loop.solve(dtS);
        loop.commit();
        for (const t of all()) {
          expect(t).toBeGreaterThanOrEqual(Math.min(...range) - 1e-9);
          expect(t).toBeLessThanOrEqual(Math.max(...range) + 1e-9);
        }
      }),
    );
  });

  test('the unit gives all it can until its supply air is at the limit, and holds it there', () => {
    fc.assert(
      fc.property(figuresArb, (figures) => {
        const { loop } = loopOf(figures);
        loop.solve(20);
        loop.commit();
        expect(loop.coolingW).toBeGreaterThanOrEqual(0);
        expect(loop.coolingW).toBeLessThanOrEqual(figures.capacityW);
        const uncooledC = loop.returnC + figures.unitHeatW / figures.flowWK;
        const limitC = Math.min(uncooledC, figures.supplyMinC);
        const allOutC = uncooledC - figures.capacityW / figures.flowWK;
        expect(loop.supplyC).toBeCloseTo(Math.max(limitC, allOutC), 9);
      }),
    );
  });

  const empty = {
    airC: 0,
    airJK: 900_000,
    wallWK: 58 / 3,
    contactShare: 0,
    skinC: 30,
    outsideC: 30,
    doorWK: 0,
    flowWK: 2000,
    entrainment: 2.5,
    unitHeatW: 600,
    capacityW: 0,
    supplyMinC: 0,
    batches: [],
  };

  test('steady state of an empty box by hand: 58 W/K, 30 °C outside, 600 W of fans → 40.34 °C on average', () => {
    const { loop } = loopOf(empty);
    for (let s = 0; s < 96 * 3600; s += 60) {
      loop.solve(60);
      loop.commit();
    }
    const meanC = (loop.airC(0) + loop.airC(1) + loop.airC(2)) / 3;
    expect(meanC).toBeCloseTo(30 + 600 / 58, 3);
    // The fans' heat goes round with the air: supply above return by 600 W / 2000 W/K.
    expect(loop.supplyC - loop.returnC).toBeCloseTo(0.3, 9);
  });

  test('air gets warmer on its way from the unit, and front before rear is the order of cooling', () => {
    const { loop } = loopOf({ ...empty, airC: 20, capacityW: 10_000, supplyMinC: -4 });
    loop.solve(60);
    loop.commit();
    expect(loop.supplyC).toBeLessThan(loop.airC(0));
    expect(loop.airC(0)).toBeLessThan(loop.airC(1));
    expect(loop.airC(1)).toBeLessThan(loop.airC(2));
  });

  test('cargo follows the air with its own time constant: 63 % after one', () => {
    const toAirWK = 1000;
    const tauS = 20 * 3600;
    const zoneKg = (toAirWK * tauS) / fruit.specificHeatJkgK;
    const batch = { pulpC: [10, 10, 10] as [number, number, number], zoneKg, toAirWK, sourceW: 0 };
    // Air so heavy that it stays put.
    const { loop, pulpC } = loopOf({ ...empty, airJK: 1e15, wallWK: 0, unitHeatW: 0, batches: [batch] });
    for (let s = 0; s < tauS; s += 20) {
      loop.solve(20);
      loop.commit();
    }
    expect(pulpC[1]).toBeCloseTo(10 / Math.E, 2);
  });
});

function heldJ(figures: Figures, loop: AirLoop, pulpC: Float64Array): number {
  let held = 0;
  for (let zone = 0; zone < 3; zone++) {
    held += (figures.airJK / 3) * loop.airC(zone);
    for (const [n, b] of figures.batches.entries()) held += b.zoneKg * enthalpyOfFruitJkg(fruit, pulpC[n * 3 + zone]!);
  }
  return held;
}
