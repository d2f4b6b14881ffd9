import { saturationPa } from '../lib/vapour.ts';
import type { ProduceTraits } from './traits.ts';

const DAY_S = 86_400;

/**
 * Share of its weight that produce loses in a day, by the deficit between the saturated air in its skin and the air
 * around (ASHRAE Refrigeration, "Thermal properties of foods"). Never below 0: what condenses stays on the skin.
 * @param airC temperature of the air around; its humidity in % belongs to it
 */
export function weightLossPerDay(produce: ProduceTraits, pulpC: number, airC: number, humidityPct: number): number {
  const deficitPa = saturationPa(pulpC) - (humidityPct / 100) * saturationPa(airC);
  return Math.max(0, deficitPa) * produce.transpirationPerSPa * DAY_S;
}
