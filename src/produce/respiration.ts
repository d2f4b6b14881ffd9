import { type Curve, curveValue } from './curve.ts';
import type { ProduceTraits } from './traits.ts';

/** Heat of respiration at a pulp temperature, W per kg: straight between published points, flat outside. */
export function respirationWkg(produce: ProduceTraits, pulpC: number): number {
  return curveValue(respirationCurve(produce), pulpC) / 1000;
}

const respirationCurve = (produce: ProduceTraits): Curve => ({ scale: 'linear', points: produce.respirationWPerTonne });
