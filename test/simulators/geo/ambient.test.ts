import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadNetwork, roadRoute } from '../../../simulators/plan/network.ts';
import { routeOf, singlePoint } from '../../../simulators/plan/route.ts';
import type { Route } from '../../../simulators/plan/types.ts';
import { AMBIENT_VALUES, Climate } from '../../../simulators/world/physics/ambient.ts';
import { seasonAt, seasonOf, yearMonthsOf } from '../../../simulators/world/physics/season.ts';
import { Weather } from '../../../simulators/world/physics/weather.ts';
import { saturationPa } from '../../../src/lib/vapour.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const network = loadNetwork();
const place = (name: string) => network.places.get(name)!;
const climate = new Climate(network.places.values(), 1);
/** The weather of years enough that it averages out. */
const towns = ['kashgar', 'turpan', 'xian', 'guangzhou', 'urumqi'].map(place);
const climates = Array.from({ length: 12 }, (_, seed) => new Climate(towns, seed));
const out = new Float64Array(AMBIENT_VALUES);

const sampleOf = (climate: Climate, route: Route, km: number, timeMs: number) => {
  climate.sampleAt(route, km, timeMs, out);
  const [airC, ratio, pressurePa, sunWm2] = [...out] as [number, number, number, number];
  const vapourPa = (ratio * pressurePa) / (0.622 + ratio);
  return { airC, ratio, pressurePa, sunWm2, humidityPct: (100 * vapourPa) / saturationPa(airC) };
};

/** Means over a month of 2026 at a place, over a dozen seeds. @param month from 1 */
function monthAt(name: string, month: number) {
  const route = singlePoint(place(name));
  const fromMs = Date.UTC(2026, month - 1);
  const days = Math.round((Date.UTC(2026, month) - fromMs) / DAY);
  const sums = { meanC: 0, highC: 0, lowC: 0, humidityPct: 0, sunKWh: 0, sunMaxWm2: 0 };
  for (const climate of climates) {
    for (let day = 0; day < days; day++) {
      const hours = Array.from({ length: 24 }, (_, h) => sampleOf(climate, route, 0, fromMs + day * DAY + h * HOUR));
      sums.highC += Math.max(...hours.map((h) => h.airC));
      sums.lowC += Math.min(...hours.map((h) => h.airC));
      for (const h of hours) {
        sums.meanC += h.airC / 24;
        sums.humidityPct += h.humidityPct / 24;
        sums.sunKWh += h.sunWm2 / 1000;
        sums.sunMaxWm2 = Math.max(sums.sunMaxWm2, h.sunWm2);
      }
    }
  }
  const n = days * climates.length;
  const { meanC, highC, lowC, humidityPct, sunKWh } = sums;
  const mean = { meanC: meanC / n, highC: highC / n, lowC: lowC / n, humidityPct: humidityPct / n, sunKWh: sunKWh / n };
  return { ...mean, sunMaxWm2: sums.sunMaxWm2 };
}

describe('the season', () => {
  const normals = [...network.places.values()].flatMap(({ name, climate }) => [
    { name: `${name} air`, byMonth: climate.meanC },
    { name: `${name} range`, byMonth: climate.rangeC },
  ]);

  test('keeps every monthly mean of every place, day by day, in common and leap years', () => {
    for (const year of [2026, 2028]) {
      for (const { name, byMonth } of normals) {
        const season = seasonOf(byMonth);
        for (let month = 0; month < 12; month++) {
          const [fromMs, toMs] = [Date.UTC(year, month), Date.UTC(year, month + 1)];
          let [sum, n] = [0, 0];
          for (let t = fromMs + HOUR; t < toMs; t += 2 * HOUR) {
            sum += seasonAt(season, yearMonthsOf(t));
            n++;
          }
          expect(Math.abs(sum / n - byMonth[month]!), `${name} ${month + 1}`).toBeLessThan(0.02);
        }
      }
    }
  });

  test('has no steps, not at the turn of a month nor of the year', () => {
    const season = seasonOf(place('turpan').climate.meanC);
    for (let month = 0; month < 12; month++) {
      const t = Date.UTC(2026, month);
      const step = seasonAt(season, yearMonthsOf(t)) - seasonAt(season, yearMonthsOf(t - 1));
      expect(Math.abs(step)).toBeLessThan(1e-6);
    }
  });
});

describe('what it is like outside', () => {
  test('the weather averages out: monthly means are the places’ own', () => {
    // A dozen months whose days hang together: the error of the mean is about 0.25 K in summer, 0.45 K in winter.
    for (const [name, month] of [
      ['kashgar', 8],
      ['turpan', 7],
      ['xian', 9],
      ['guangzhou', 8],
    ] as const) {
      expect(Math.abs(monthAt(name, month).meanC - place(name).climate.meanC[month - 1]!), name).toBeLessThan(0.8);
    }
  });

  test('July: hot Turpan, milder Kashgar, both with a desert’s nights; Guangzhou humid', () => {
    const [turpan, kashgar, guangzhou] = ['turpan', 'kashgar', 'guangzhou'].map((name) => monthAt(name, 7));
    expect(turpan!.highC).toBeGreaterThan(38);
    expect(turpan!.highC).toBeLessThan(42);
    expect(Math.abs(kashgar!.highC - 32.5)).toBeLessThan(1.5);
    expect(turpan!.highC - turpan!.lowC).toBeGreaterThan(12);
    expect(kashgar!.highC - kashgar!.lowC).toBeGreaterThan(11.5);
    expect(guangzhou!.highC - guangzhou!.lowC).toBeLessThan(9);
    expect(guangzhou!.humidityPct).toBeGreaterThan(72);
    expect(turpan!.humidityPct).toBeLessThan(40);
    // Turpan's July gets about 6 to 7 kWh/m² a day.
    expect(turpan!.sunKWh).toBeGreaterThan(5.5);
    expect(turpan!.sunKWh).toBeLessThan(7.5);
  });

  test('January: Urumqi freezes by day, Guangzhou does not by night', () => {
    expect(monthAt('urumqi', 1).highC).toBeLessThan(-4);
    expect(monthAt('guangzhou', 1).lowC).toBeGreaterThan(5);
  });

  test('the sun: none at night, 850 to 1,100 W/m² on a clear noon of July', () => {
    for (const name of ['turpan', 'kashgar', 'xian', 'guangzhou']) {
      expect(monthAt(name, 7).sunMaxWm2, name).toBeGreaterThan(850);
      expect(monthAt(name, 7).sunMaxWm2, name).toBeLessThan(1100);
      const midnight = Date.UTC(2026, 6, 10) - (place(name).lon / 15) * HOUR;
      for (const h of [-3, 0, 3]) {
        expect(sampleOf(climate, singlePoint(place(name)), 0, midnight + h * HOUR).sunWm2).toBe(0);
      }
    }
  });

  test('warmest at about three by the sundial, coldest at sunrise, and slower to cool than to warm', () => {
    const midnight = Date.UTC(2026, 7, 21) - (place('turpan').lon / 15) * HOUR;
    const quarters = Array.from({ length: 96 }, (_, q) => {
      const day = climates.map((c) => sampleOf(c, singlePoint(place('turpan')), 0, midnight + (q * HOUR) / 4).airC);
      return day.reduce((sum, airC) => sum + airC, 0) / day.length;
    });
    const warmest = quarters.indexOf(Math.max(...quarters)) / 4;
    const coldest = quarters.indexOf(Math.min(...quarters)) / 4;
    expect(Math.abs(warmest - 15)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(coldest - 5.3)).toBeLessThanOrEqual(0.75);
  });

  const route = routeOf(roadRoute(network, 'jiashi', 'xian')!);
  const lengthKm = route.km.at(-1)!;
  const kmArb = fc.double({ min: 0, max: lengthKm, noNaN: true });
  const timeArb = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) });

  test('air is never drier than dry or wetter than saturated, wherever and whenever', () => {
    fc.assert(
      fc.property(kmArb, timeArb, (km, timeMs) => {
        const { airC, humidityPct, pressurePa, sunWm2 } = sampleOf(climate, route, km, timeMs);
        expect(humidityPct).toBeGreaterThan(0);
        expect(humidityPct).toBeLessThanOrEqual(100 + 1e-9);
        expect(airC).toBeGreaterThan(-40);
        expect(airC).toBeLessThan(50);
        expect(pressurePa).toBeGreaterThan(75_000);
        expect(sunWm2).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  test('nothing jumps: a hundred metres or ten seconds on, it is as good as the same', () => {
    fc.assert(
      fc.property(kmArb, timeArb, (km, timeMs) => {
        const here = sampleOf(climate, route, km, timeMs);
        for (const next of [
          sampleOf(climate, route, km + 0.1, timeMs),
          sampleOf(climate, route, km, timeMs + 10_000),
        ]) {
          expect(Math.abs(next.airC - here.airC)).toBeLessThan(0.1);
          expect(Math.abs(next.ratio - here.ratio)).toBeLessThan(1e-4);
          expect(Math.abs(next.pressurePa - here.pressurePa)).toBeLessThan(20);
          expect(Math.abs(next.sunWm2 - here.sunWm2)).toBeLessThan(5);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a pass between two places is colder than both by its height', () => {
    const [low, high] = [place('hami'), { ...place('hami'), altitudeM: place('hami').altitudeM + 1000 }];
    const at = (p: typeof low) => sampleOf(climate, singlePoint(p), 0, Date.UTC(2026, 7, 1, 6));
    expect(at(low).airC - at(high).airC).toBeCloseTo(6.5, 6);
    expect(at(high).pressurePa).toBeLessThan(at(low).pressurePa - 8000);
  });

  test('a drive passes through the climates of its places', () => {
    const timeMs = Date.UTC(2026, 7, 21, 8);
    const km = route.km[[...route.lonDeg].indexOf(place('turpan').lon)]!;
    const onTheWay = sampleOf(climate, route, km, timeMs);
    const there = sampleOf(climate, singlePoint(place('turpan')), 0, timeMs);
    // Knots every 20 km: what lies on either side of a town colours it a little.
    expect(Math.abs(onTheWay.airC - there.airC)).toBeLessThan(1);
    expect(Math.abs(onTheWay.sunWm2 - there.sunWm2)).toBeLessThan(15);
  });
});

describe('same seed, same numbers', () => {
  test('whatever was asked before, and by whom', () => {
    const asked = Array.from({ length: 40 }, (_, i) => Date.UTC(2026, 6, 1) + i * 53 * HOUR);
    const yards = [0, 0.013, 0.017, -0.011].map((latDeg) => singlePoint(place('jiashi'), { latDeg, lonDeg: 0.004 }));
    const run = (seed: number, order: readonly number[]) => {
      const climate = new Climate(network.places.values(), seed);
      const found = new Map(order.map((i) => [i, yards.map((yard) => sampleOf(climate, yard, 0, asked[i]!))] as const));
      return asked.map((_, i) => found.get(i));
    };
    const forwards = asked.map((_, i) => i);
    expect(run(7, forwards.toReversed())).toEqual(run(7, forwards));
    expect(run(8, forwards)).not.toEqual(run(7, forwards));
    // One that knows only the last yard of them tells the same of it.
    const alone = new Climate(network.places.values(), 7);
    const last = asked.map((t) => sampleOf(alone, yards[3]!, 0, t));
    expect(last).toEqual(run(7, forwards).map((all) => all![3]));
  });

  test('another place more in the data leaves the weather of the others alone', () => {
    const [kashgar, xian] = [place('kashgar'), place('xian')];
    const weather = (...places: readonly (typeof kashgar)[]) => new Weather(3, places).ofDay(20_000);
    expect([...weather(kashgar, xian)].slice(0, 2)).toEqual([...weather(kashgar)]);
  });
});

describe('the weather', () => {
  const days = Array.from({ length: 600 }, (_, i) => 20_000 + i);
  const names = ['kashgar', 'jiashi', 'aksu', 'guangzhou'];
  const weather = new Weather(1, names.map(place));
  const series = days.map((day) => weather.ofDay(day));
  const correlation = (a: readonly number[], b: readonly number[]) => {
    const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
    const [ma, mb] = [mean(a), mean(b)];
    const product = (xs: readonly number[], mx: number, ys: readonly number[], my: number) => {
      return mean(xs.map((x, i) => (x - mx) * (ys[i]! - my)));
    };
    return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
  };
  const temperature = (ix: number) => series.map((day) => day[2 * ix]!);

  test('has unit variance and keeps about 0.7 of a deviation to the next day', () => {
    const kashgar = temperature(0);
    const variance = kashgar.reduce((sum, z) => sum + z * z, 0) / kashgar.length;
    expect(variance).toBeGreaterThan(0.7);
    expect(variance).toBeLessThan(1.3);
    expect(Math.abs(correlation(kashgar.slice(1), kashgar.slice(0, -1)) - 0.7)).toBeLessThan(0.08);
  });

  test('is shared by neighbours and not across the country', () => {
    expect(correlation(temperature(0), temperature(1))).toBeGreaterThan(0.95);
    // Kashgar and Aksu are 410 km apart.
    expect(Math.abs(correlation(temperature(0), temperature(2)) - 0.75)).toBeLessThan(0.12);
    expect(Math.abs(correlation(temperature(0), temperature(3)))).toBeLessThan(0.3);
  });
});
