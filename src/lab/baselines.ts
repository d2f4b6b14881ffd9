import { createHash } from 'node:crypto';
import type { AssetKind } from '../contract/words.ts';
import { type RuleSet, withParams } from './engine.ts';
import { gridOf, type SweptParam } from './sweep/space.ts';

/** What people use today: alarms on the air alone, in all that should be cold already. */
const ASSETS: readonly AssetKind[] = [
  'reefer-truck',
  'rail-reefer-box',
  'mobile-cold-room',
  'cold-store',
  'forward-warehouse',
  'retail-display',
];

const MINUTE_MS = 60_000;
const RULE = 'air-threshold';

/** A way to raise alarms that a rule pack has to beat, with the values that are tried to find its best. */
export interface Baseline {
  readonly name: string;
  readonly doc: string;
  readonly params: readonly SweptParam[];
}

/** From within the target to far beyond all that harms within a trip, °C: a best value must not lie at either end. */
const LIMITS_C = [-0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12];
/** The lowest and the highest limit that is tried, °C. */
export const LIMIT_RANGE_C = [LIMITS_C[0]!, LIMITS_C.at(-1)!] as const;
const limits = { path: `${RULE}.limitC`, values: LIMITS_C };

export const BASELINES: readonly Baseline[] = [
  {
    name: 'instant',
    doc: 'one threshold on air temperature: an alarm at the first reading above it',
    params: [limits, { path: `${RULE}.hysteresisC`, values: [0, 1] }],
  },
  {
    name: 'dwell',
    doc: 'one threshold on air temperature, and a time for which it must have stood above it',
    params: [limits, { path: `${RULE}.dwellMs`, values: [15, 30, 45, 60, 90, 120, 240].map((min) => min * MINUTE_MS) }],
  },
];

/** Every point of a baseline's search, as rule sets. @param of the rules beside which it is put: its produce */
export function baselineSets({ name, params }: Baseline, of: RuleSet): { params: string; set: RuleSet }[] {
  const rule = {
    name: RULE,
    rule: 'high',
    assets: [...ASSETS],
    channels: ['air', 'air-return'] as const,
    severity: 'alarm' as const,
    params: { limitC: 8, hysteresisC: 1, dwellMs: 0 },
  };
  const base = { name, profile: { ...of.profile, rules: [{ ...rule, channels: [...rule.channels] }] } };
  return gridOf(params).map((point) => ({
    params: [...point].map(([path, value]) => `${path.slice(RULE.length + 1)} ${value}`).join(', '),
    set: withParams(base, point),
  }));
}

/** What a rule set says, as SHA-256: figures are of one rule set and of no other. */
export const ruleSetDigest = ({ profile }: RuleSet): string =>
  createHash('sha256').update(JSON.stringify(profile)).digest('hex');
