import type { ProduceLimits } from '../profiles/schema.ts';

/** The limits of a produce that a pack may name instead of a number, so that one pack serves several kinds. */
const LIMITS = {
  'target.low': ({ target }) => target.minC,
  'target.high': ({ target }) => target.maxC,
  'alarm.low': ({ alarm }) => alarm.lowC,
  'alarm.high': ({ alarm }) => alarm.highC,
  'critical.low': ({ critical }) => critical.lowC,
  'critical.high': ({ critical }) => critical.highC,
  freezing: ({ freezingC }) => freezingC,
  'loading.high': ({ loadingMaxC }) => loadingMaxC,
  'chilling.low': ({ chilling }) => chilling?.lowC,
  'chilling.high': ({ chilling }) => chilling?.highC,
  'chilling.worst': ({ chilling }) => chilling?.worstC,
} as const satisfies Record<string, (limits: ProduceLimits) => number | undefined>;

export type LimitName = keyof typeof LIMITS;

export const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[];

/** A limit of a produce, °C; undefined where the produce has none, as one that cold does not harm. */
export function limitC(name: LimitName, limits: ProduceLimits): number | undefined {
  return LIMITS[name](limits);
}
