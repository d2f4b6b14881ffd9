import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadNetwork } from '../../simulators/plan/network.ts';
import { Climate } from '../../simulators/world/physics/ambient.ts';
import { infiltrationW, infiltrationWK } from '../../simulators/world/physics/door.ts';
import { coolingAtW, HeatNetwork } from '../../simulators/world/physics/heat-network.ts';
import { densityKgm3, enthalpyJkg, pressurePa, saturationPa } from '../../simulators/world/physics/humid-air.ts';
import { capacityAtW, switched } from '../../simulators/world/physics/refrigeration-unit.ts';
import { wallConductanceWK } from '../../simulators/world/physics/wall.ts';
import { respirationWkg, thermalProduce } from '../../src/produce/respiration.ts';

const prune = thermalProduce('prune')!;

describe('produce', () => {
  test.each([
    // mL CO₂/kg·h × 122 kcal/t·day × 4184 J / 86,400 s, by hand.
    [0, 7.385],
    [5, 16.099],
    [10, 24.813],
    [20, 48.445],
    [-2, 7.385],
    [40, 84.779],
  ])('respiration at %d °C is %d W/t', (pulpC, wattsPerTonne) => {
    expect(respirationWkg(prune, pulpC) * 1000).toBeCloseTo(wattsPerTonne, 2);
  });

  test('respiration at 0 °C lies in the published 5.9–8.9 W/t and never falls with temperature', () => {
    expect(respirationWkg(prune, 0) * 1000).toBeGreaterThan(5.9);
    expect(respirationWkg(prune, 0) * 1000).toBeLessThan(8.9);
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 45, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (t, more) => {
          expect(respirationWkg(prune, t + more)).toBeGreaterThanOrEqual(respirationWkg(prune, t));
        },
      ),
    );
  });

  test('specific heat by Chen for 14.8 % solids', () => {
    // 4.19 − 2.30·0.148 − 0.628·0.148³ = 4.19 − 0.3404 − 0.00204
    expect(prune.specificHeatJkgK).toBeCloseTo(3847.6, 1);
  });
});

describe('humid air', () => {
  test('tabulated values', () => {
    // Steam tables: 2,339 Pa; the Magnus formula is good to 0.3 % here.
    expect(Math.abs(saturationPa(20) / 2339 - 1)).toBeLessThan(0.003);
    expect(saturationPa(0)).toBeCloseTo(611.2, 5);
    // Standard atmosphere at 1,000 m: 89,875 Pa.
    expect(pressurePa(1000)).toBeCloseTo(89_875, -1);
    // Dry air at 20 °C and sea level: 1.204 kg/m³.
    expect(densityKgm3(20, 0, 101_325)).toBeCloseTo(1.2041, 3);
    // 35 °C, 10.5 g/kg: 35.21 + 0.0105 · 2566.1 = 62.154 kJ/kg.
    expect(enthalpyJkg(35, 0.0105)).toBeCloseTo(62_154, 0);
  });
});

describe('walls and doors', () => {
  test('an ATP class C body: 58 W/K new, 65 % more after twelve years and no further', () => {
    expect(wallConductanceWK(145, 0.4, 0)).toBeCloseTo(58, 10);
    expect(wallConductanceWK(145, 0.4, 6)).toBeCloseTo(58 * 1.325, 10);
    expect(wallConductanceWK(145, 0.4, 12)).toBeCloseTo(95.7, 10);
    expect(wallConductanceWK(145, 0.4, 30)).toBeCloseTo(95.7, 10);
  });

  test('Gosney–Olama by hand: a trailer’s rear door at 0 °C against 35 °C', () => {
    // ρ_r = 1.2896, ρ_i = 1.1383, Δh = 53,651 J/kg, F_m = 0.9690, √(1 − ρ_i/ρ_r) = 0.3426, √(gH) = 4.952:
    // 0.221 · 6 · 53,651 · 1.2896 · 0.3426 · 4.952 · 0.9690 = 150.8 kW
    const heatW = infiltrationW(6, 2.5, 0, 0.0034, 35, 0.0105, 101_325);
    expect(heatW / 1000).toBeCloseTo(150.8, 0);
    expect(infiltrationWK(6, 2.5, 0, 0.0034, 35, 0.0105, 101_325) * 35).toBeCloseTo(heatW, 6);
  });

  test('infiltration grows with the opening and is never negative as a conductance', () => {
    const temperature = fc.double({ min: -30, max: 50, noNaN: true });
    const ratio = fc.double({ min: 0, max: 0.025, noNaN: true });
    fc.assert(
      fc.property(temperature, ratio, temperature, ratio, (inC, inRatio, outC, outRatio) => {
        const small = infiltrationWK(1, 2.5, inC, inRatio, outC, outRatio, 90_000);
        const large = infiltrationWK(2, 2.5, inC, inRatio, outC, outRatio, 90_000);
        expect(small).toBeGreaterThanOrEqual(0);
        expect(large).toBeCloseTo(2 * small, 6);
        expect(Number.isFinite(large)).toBe(true);
      }),
    );
  });
});

describe('refrigeration unit', () => {
  const unit = { control: 'on-off', capacityW: 10_000, bandK: 1, airflowWK: 2000, fanW: 600 } as const;

  test('capacity falls as the ambient rises, within bounds', () => {
    expect(capacityAtW(unit, 30)).toBe(10_000);
    expect(capacityAtW(unit, 40)).toBeCloseTo(9000, 9);
    expect(capacityAtW(unit, 80)).toBe(7500);
    expect(capacityAtW(unit, -20)).toBe(12_500);
  });

  test.each([
    [false, 0.6, true],
    [false, 0.4, false],
    [true, -1.4, true],
    [true, -1.6, false],
  ])('thermostat: was on %s at %d °C, set to −0.5 ± 1: on %s', (wasOn, returnC, on) => {
    expect(switched(wasOn, returnC, -0.5, 1)).toBe(on);
  });
});

/** A network with random but physical figures. */
const networkArb = fc
  .record({
    airC: fc.double({ min: -20, max: 40, noNaN: true }),
    airJK: fc.double({ min: 1e5, max: 1e7, noNaN: true }),
    wallWK: fc.double({ min: 0, max: 500, noNaN: true }),
    outC: fc.double({ min: -30, max: 50, noNaN: true }),
    doorWK: fc.double({ min: 0, max: 8000, noNaN: true }),
    fanW: fc.double({ min: 0, max: 6000, noNaN: true }),
    maxW: fc.double({ min: 0, max: 120_000, noNaN: true }),
    bandK: fc.constantFrom(0, 0.5, 2),
    nodes: fc.array(
      fc.record({
        pulpC: fc.double({ min: -5, max: 35, noNaN: true }),
        jK: fc.double({ min: 1e6, max: 5e7, noNaN: true }),
        toAirWK: fc.double({ min: 10, max: 5000, noNaN: true }),
        toWallWK: fc.double({ min: 0, max: 20, noNaN: true }),
        sourceW: fc.double({ min: 0, max: 600, noNaN: true }),
      }),
      { maxLength: 30 },
    ),
  })
  .map((figures) => {
    const network = new HeatNetwork();
    network.reserve(figures.nodes.length);
    network.nodes = figures.nodes.length;
    network.airC = figures.airC;
    network.airJK = figures.airJK;
    network.wallWK = figures.wallWK;
    network.wallOutC = figures.outC + 5;
    network.doorWK = figures.doorWK;
    network.doorOutC = figures.outC;
    network.airSourceW = figures.fanW;
    Object.assign(network.cooling, { maxW: figures.maxW, bandK: figures.bandK, fromC: -0.5 });
    for (const [i, node] of figures.nodes.entries()) {
      network.nodeC[i] = node.pulpC;
      network.nodeJK[i] = node.jK;
      network.nodeToAirWK[i] = node.toAirWK;
      network.nodeToWallWK[i] = node.toWallWK;
      network.nodeSourceW[i] = node.sourceW;
    }
    return network;
  });

describe('heat network', () => {
  test('no heat is made or lost in a step, to 1e-9 of what is there or flows', () => {
    fc.assert(
      fc.property(networkArb, fc.double({ min: 0.1, max: 3600, noNaN: true }), (network, dtS) => {
        const before = network.heatJ();
        network.commit(network.solve(dtS));
        const flowsW = [network.wallW, network.doorW, network.sourceW, -network.coolingW];
        const inJ = dtS * flowsW.reduce((sum, w) => sum + w, 0);
        // What is there and what flows, each without its sign: sums that cancel must not hide behind each other.
        let scaleJ = network.airJK * (1 + Math.abs(network.airC));
        for (let i = 0; i < network.nodes; i++) scaleJ += network.nodeJK[i]! * (1 + Math.abs(network.nodeC[i]!));
        for (const w of flowsW) scaleJ += dtS * Math.abs(w);
        expect(Math.abs(network.heatJ() - before - inJ)).toBeLessThanOrEqual(1e-9 * scaleJ);
      }),
      { numRuns: 500 },
    );
  });

  test('without cooling and sources no temperature leaves the range of its neighbours, however long the step', () => {
    fc.assert(
      fc.property(networkArb, fc.double({ min: 1, max: 1e7, noNaN: true }), (network, dtS) => {
        network.cooling.maxW = 0;
        network.airSourceW = 0;
        network.nodeSourceW.fill(0);
        const all = () => [network.airC, ...network.nodeC.subarray(0, network.nodes)];
        const range = [...all(), network.wallOutC, network.doorOutC];
        network.commit(network.solve(dtS));
        for (const t of all()) {
          expect(t).toBeGreaterThanOrEqual(Math.min(...range) - 1e-9);
          expect(t).toBeLessThanOrEqual(Math.max(...range) + 1e-9);
        }
      }),
    );
  });

  test('steady state of an empty box by hand: 58 W/K, 30 °C outside, 600 W of fans → 40.34 °C', () => {
    const network = new HeatNetwork();
    Object.assign(network, { airC: 0, airJK: 900_000, wallWK: 58, wallOutC: 30, airSourceW: 600, nodes: 0 });
    network.commit(network.solve(1e12));
    expect(network.airC).toBeCloseTo(30 + 600 / 58, 3);
  });

  test('cargo follows the air with its own time constant: 63 % after one', () => {
    const network = new HeatNetwork();
    const toAirWK = 1000;
    const tauS = 20 * 3600;
    // An air node so heavy that it stays put.
    Object.assign(network, { airC: 0, airJK: 1e15, wallWK: 0, airSourceW: 0, nodes: 1 });
    network.nodeC[0] = 10;
    network.nodeJK[0] = toAirWK * tauS;
    network.nodeToAirWK[0] = toAirWK;
    for (let s = 0; s < tauS; s += 20) network.commit(network.solve(20));
    expect(network.nodeC[0]).toBeCloseTo(10 / Math.E, 2);
  });

  test('modulated cooling is off below its band, full above, and in step with the air in between', () => {
    const cooling = { maxW: 1000, bandK: 2, fromC: -0.5 };
    expect([-1, -0.5, 0.5, 1.5, 9].map((t) => coolingAtW(cooling, t))).toEqual([0, 0, 500, 1000, 1000]);
    fc.assert(
      fc.property(networkArb, (network) => {
        network.commit(network.solve(20));
        expect(network.coolingW).toBeGreaterThanOrEqual(0);
        expect(network.coolingW).toBeLessThanOrEqual(network.cooling.maxW);
      }),
    );
  });
});

describe('ambient', () => {
  const { places } = loadNetwork();
  const climate = new Climate(places.values(), 1);
  const pointOf = (name: string) => {
    const place = places.get(name)!;
    return { timeMs: 0, latDeg: place.lat, lonDeg: place.lon, altitudeM: place.altitudeM };
  };
  const meanC = (name: string, month: number) => {
    let sum = 0;
    for (let h = 0; h < 20 * 24; h++) sum += climate.at(pointOf(name), Date.UTC(2026, month, 5) + h * 3_600_000).airC;
    return sum / (20 * 24);
  };

  test('July and January means are the places’ own, within the weather', () => {
    expect(Math.abs(meanC('turpan', 6) - 32.5)).toBeLessThan(2);
    expect(Math.abs(meanC('urumqi', 0) + 12.5)).toBeLessThan(2);
  });

  test('warmest in the solar afternoon, coldest before dawn', () => {
    const noon = Date.UTC(2026, 7, 21, 9); // about 15 h solar time at 90° E
    const afternoon = climate.at(pointOf('turpan'), noon).airC;
    const dawn = climate.at(pointOf('turpan'), noon - 12 * 3_600_000).airC;
    expect(afternoon - dawn).toBeGreaterThan(8);
  });

  test('the same seed gives the same weather, another seed another', () => {
    const at = Date.UTC(2026, 7, 21, 3);
    const airC = (seed: number) => new Climate(places.values(), seed).at(pointOf('hami'), at).airC;
    expect(airC(1)).toBe(airC(1));
    expect(airC(1)).not.toBe(airC(2));
  });
});
