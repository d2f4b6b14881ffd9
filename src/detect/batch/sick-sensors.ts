import type { Breach } from '../../contract/breach.ts';
import type { Interval } from '../../contract/words.ts';
import type { Profile } from '../../produce/profiles.ts';
import { ruleNamed } from '../rules/registry.ts';
import type { IsSick } from './fruit-record.ts';

/** Whether a breach says that its sensor is not to be believed: what the stratum of sensors found. */
export function isOfSensor({ rule: name }: Breach, profile: Profile): boolean {
  const rule = profile.rules.find((r) => r.name === name);
  return rule !== undefined && ruleNamed(rule.rule, `profile ${profile.name}`).stratum === 'sensor';
}

/** Which readings are left out, by the breaches of sensors; null where none are. */
export function sickSensors(breaches: readonly Breach[], profile: Profile): IsSick | null {
  const sick = new Map<string, Interval[]>();
  for (const breach of breaches) {
    if (!isOfSensor(breach, profile)) continue;
    const key = `${breach.device} ${breach.channel}`;
    const interval = { fromMs: breach.startMs, toMs: breach.endMs ?? Number.POSITIVE_INFINITY };
    sick.set(key, [...(sick.get(key) ?? []), interval]);
  }
  if (sick.size === 0) return null;
  return (device, channel, timeMs) =>
    sick.get(`${device} ${channel}`)?.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs) ?? false;
}
