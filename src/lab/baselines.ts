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

/** From the edge of the target to far beyond all that harms within a trip, °C. */
const LIMITS_C = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15];
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
    params: [
      limits,
      { path: `${RULE}.dwellMs`, values: [15, 30, 60, 120, 240].map((min) => min * MINUTE_MS) },
    ],
  },
];

/** Every point of a baseline's search, as rule sets. @param of the rules beside which it is put: limits of the produce */
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
