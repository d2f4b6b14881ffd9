import type { AssetKind } from '../../src/contract/words.ts';
import { type Profile, profileFor } from '../../src/produce/profiles.ts';

/** The limits that hold for pulp in an asset, °C; infinite where none does. */
export interface PulpLimits {
  readonly alarmLowC: number;
  readonly alarmHighC: number;
  readonly criticalLowC: number;
  readonly criticalHighC: number;
}

const UNLIMITED: PulpLimits = {
  alarmLowC: -Infinity,
  alarmHighC: Infinity,
  criticalLowC: -Infinity,
  criticalHighC: Infinity,
};

/**
 * The profile's limits where it applies them to pulp itself. A pre-cooling room holds warm fruit by design: there the
 * profile has no rule on warm pulp, and being warm is no fault.
 */
export function pulpLimits(produce: string, kind: AssetKind): PulpLimits {
  const profile = profileFor(produce);
  if (!profile) return UNLIMITED;
  const low = judges(profile, kind, 'low');
  const high = judges(profile, kind, 'high');
  return {
    alarmLowC: low ? profile.alarm.lowC : -Infinity,
    alarmHighC: high ? profile.alarm.highC : Infinity,
    criticalLowC: low ? profile.critical.lowC : -Infinity,
    criticalHighC: high ? profile.critical.highC : Infinity,
  };
}

function judges(profile: Profile, kind: AssetKind, fold: 'low' | 'high'): boolean {
  return profile.rules.some(
    ({ rule, assets, channels }) => rule === fold && assets.includes(kind) && channels.includes('pulp'),
  );
}
