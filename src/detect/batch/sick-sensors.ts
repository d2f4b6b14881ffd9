import type { Breach } from '../../contract/breach.ts';
import type { Interval } from '../../contract/words.ts';
import type { IsSick } from './fruit-record.ts';

/** Which readings are left out: those that the stratum of sensors does not believe; null where it believes all. */
export function sickSensors(breaches: Iterable<Breach>): IsSick | null {
  const sick = new Map<string, Interval[]>();
  for (const { about, device, channel, startMs, endMs } of breaches) {
    if (about !== 'sensor') continue;
    const key = `${device} ${channel}`;
    const interval = { fromMs: startMs, toMs: endMs ?? Number.POSITIVE_INFINITY };
    sick.set(key, [...(sick.get(key) ?? []), interval]);
  }
  if (sick.size === 0) return null;
  return (device, channel, timeMs) =>
    sick.get(`${device} ${channel}`)?.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs) ?? false;
}
