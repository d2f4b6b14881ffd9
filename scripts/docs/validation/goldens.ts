import { loadNetwork, railRoute } from '../../../simulators/plan/network.ts';
import { singlePoint } from '../../../simulators/plan/route.ts';
import { drawFruit } from '../../../simulators/world/fruit.ts';
import { Climate } from '../../../simulators/world/physics/ambient.ts';
import { infiltrationW } from '../../../simulators/world/physics/door.ts';
import { humidityRatio } from '../../../simulators/world/physics/humid-air.ts';
import { internLayout } from '../../../src/contract/frame.ts';
import { saturationPa } from '../../../src/lib/vapour.ts';
import { curveValue } from '../../../src/produce/curve.ts';
import { qualityModel } from '../../../src/produce/quality.ts';
import { respirationWkg } from '../../../src/produce/respiration.ts';
import { produceTraits } from '../../../src/produce/traits.ts';
import { SummaryFold, summaryOf } from '../../../src/trace/summary.ts';

/** What is worked out without running the world: folds, formulas, tables. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** Mean kinetic temperature of a day that is `firstC` for some hours and `thenC` for the rest, by trace's own fold, °C. */
export function mktC(hours: number, firstC: number, thenC: number): number {
  const size = DAY_MS / MINUTE_MS;
  const slice = { fromMs: 0, toMs: DAY_MS };
  const fold = new SummaryFold(slice, new Set(['pulp']), null, HOUR_MS);
  fold.add({
    device: 'golden/day',
    layout: internLayout(['pulp-1']),
    size,
    timeMs: Float64Array.from({ length: size }, (_, i) => i * MINUTE_MS),
    seq: new Float64Array(size).fill(Number.NaN),
    values: Float64Array.from({ length: size }, (_, i) => (i * MINUTE_MS < hours * HOUR_MS ? firstC : thenC)),
  });
  return summaryOf([fold.end()], slice, null).mktC!;
}

/** Shelf life of prunes at a temperature, as a share of that at 0 °C, %. */
export function shelfLifePct(atC: number): number {
  const perDay = (tempC: number) => curveValue(qualityModel('prune')!.ripeningPerDay, tempC);
  return (100 * perDay(0)) / perDay(atC);
}

/** Heat of respiration, W/t. */
export function respirationWt(atC: number): number {
  return 1000 * respirationWkg(produceTraits('prune')!, atC);
}

/** Heat through an open door, kW: 6 m², 2.5 m high, 30 °C and 40 % outside, 0 °C and 90 % inside, at sea level. */
export function doorKW(): number {
  const pressure = 101_325;
  const ratio = (tempC: number, percent: number) => humidityRatio((percent / 100) * saturationPa(tempC), pressure);
  return infiltrationW(6, 2.5, 0, ratio(0, 90), 30, ratio(30, 40), pressure) / 1000;
}

/** Share of drawn lots in which chilling injury has set in after some days at a temperature, %. */
export function injuredPct(days: number, atC: number): number {
  const perDay = curveValue(qualityModel('prune')!.chillingPerDay, atC);
  const lots = Array.from({ length: 2000 }, (_, i) => drawFruit('prune', 1, `lot ${i}`));
  return (100 * lots.filter((fruit) => perDay * fruit.chillingShare * days >= 1).length) / lots.length;
}

/** Hours for which a train from Kashgar to Xi'an is running, stops left out. */
export function trainRunningH(): number {
  return railRoute(loadNetwork(), 'kashgar', 'xian')!.reduce((hours, leg) => hours + leg.km / leg.kmh, 0);
}

/** Brightest quarter of an hour of a July at Kashgar, W/m² on level ground. */
export function brightestWm2(): number {
  const network = loadNetwork();
  const climate = new Climate(network.places.values(), 1);
  const kashgar = singlePoint(network.places.get('kashgar')!);
  const startMs = Date.parse('2026-07-01T00:00:00Z');
  const out = new Float64Array(8);
  let brightestWm2 = 0;
  for (let ms = 0; ms < 31 * DAY_MS; ms += 15 * MINUTE_MS) {
    climate.sampleAt(kashgar, 0, startMs + ms, out);
    brightestWm2 = Math.max(brightestWm2, out[3]!);
  }
  return brightestWm2;
}
