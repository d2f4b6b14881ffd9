import { roundTo } from '../../contract/channel.ts';
import type { ProduceLimits } from '../profiles/schema.ts';
import { type LimitName, limitC } from './limits.ts';
import type { PackRule } from './schema.ts';

/** A time may be written in any of these; folds take ms. */
const TIME_UNIT_MS = { Ms: 1, S: 1000, Min: 60_000, H: 3_600_000, D: 86_400_000 } as const;
type TimeUnit = keyof typeof TIME_UNIT_MS;

/** A name ends in its unit: `dwellMin`, `limitC`, `lowPct`, `budgetCMin` (°C × minutes). */
const NAME = /^([a-z]+(?:[A-Z][a-z]+)*?)(CMin|Ms|S|Min|H|D|C|Pct)$/;

/** What a parameter measures, as it is told to people. */
export const TIME_UNITS = Object.keys(TIME_UNIT_MS) as readonly TimeUnit[];

/** A parameter's name without its unit, and the unit; none for a plain number such as `spikes`. */
export function splitUnit(param: string): { readonly base: string; readonly unit: string } {
  const [, base = param, unit = ''] = NAME.exec(param) ?? [];
  return { base, unit };
}

const isTime = (unit: string): unit is TimeUnit => Object.hasOwn(TIME_UNIT_MS, unit);

/** What the fold calls a parameter: `dwellMs` for `dwellMin`. */
export function foldName(param: string): string {
  const { base, unit } = splitUnit(param);
  return isTime(unit) ? `${base}Ms` : param;
}

/** Something wrong with a parameter, which is named as the pack writes it. */
export interface ParamProblem {
  readonly param: string;
  readonly message: string;
}

/** Parameters as the fold takes them, and what stood in the way. */
export interface ResolvedParams {
  readonly params: Record<string, number>;
  readonly problems: readonly ParamProblem[];
}

/** Turns times into ms, and the limits that are named into the produce's. */
export function resolveParams(written: PackRule['params'], limits: ProduceLimits): ResolvedParams {
  const params: Record<string, number> = {};
  const problems: ParamProblem[] = [];
  for (const [param, value] of Object.entries(written)) {
    const { unit } = splitUnit(param);
    const name = foldName(param);
    if (name in params) problems.push({ param, message: `says again what ${writtenAs(name, written)} says` });
    else if (typeof value === 'string') {
      const namedC = limitC(value as LimitName, limits);
      if (unit !== 'C') problems.push({ param, message: `${value} is a temperature, and ${param} is none` });
      else if (namedC === undefined) problems.push({ param, message: `${limits.name} has no limit ${value}` });
      else params[name] = namedC;
    } else {
      // 0.1 h is 360,000 ms, but no exact double.
      params[name] = isTime(unit) ? roundTo(value * TIME_UNIT_MS[unit], 0) : value;
    }
  }
  return { params, problems };
}

/** A fold's value as the pack would write it: 60 for `dwellD` where the fold has that in ms. */
export function inUnitOf(param: string, value: number): number {
  const { unit } = splitUnit(param);
  return isTime(unit) ? value / TIME_UNIT_MS[unit] : value;
}

/** How the pack writes what the fold calls so. */
export function writtenAs(foldParam: string, written: PackRule['params']): string {
  return Object.keys(written).find((param) => foldName(param) === foldParam) ?? foldParam;
}
