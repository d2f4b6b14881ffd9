import { expect } from 'vitest';
import type { Breach } from '../../src/contract/breach.ts';
import { armingOf } from '../../src/detect/arming.ts';
import type { Profile } from '../../src/produce/profiles.ts';
import { atMinute, chunkOf, foldAll, type Row, testProfile } from './frames.ts';

/** A rule of a profile, by its fold and named like it. */
export const rule = (
  name: string,
  channels: string[],
  params: Record<string, unknown>,
  explainable = false,
): Profile['rules'][number] => ({
  name,
  rule: name,
  assets: ['reefer-truck'],
  channels,
  severity: 'alarm',
  params,
  explainable,
});

/** The breaches in frames some minutes apart, the same whether the frames come at once or one by one. */
export function breachesOf(
  rules: Profile['rules'],
  rows: readonly Record<string, number>[],
  asOfMin = 0,
  everyMin = 5,
): Breach[] {
  const profile: Profile = { ...testProfile, rules };
  const always = { asset: 'org/truck', fromMs: atMinute(0), toMs: null };
  const arming = armingOf([always], [{ ...always, profile }], () => 'reefer-truck');
  const frames: Row[] = rows.map((values, i) => ({ timeMs: atMinute(i * everyMin), values }));
  const whole = foldAll('org/dev', [chunkOf('org/dev', frames)], arming, atMinute(asOfMin));
  const single = foldAll(
    'org/dev',
    frames.map((frame) => chunkOf('org/dev', [frame])),
    arming,
    atMinute(asOfMin),
  );
  expect(single).toEqual(whole);
  return whole.breaches;
}

/** What was found, as `channel rule from–to end`, by minutes. */
export function found(...given: Parameters<typeof breachesOf>): string[] {
  const minute = (timeMs: number) => (timeMs - atMinute(0)) / 60_000;
  return breachesOf(...given).map(
    (b) =>
      `${b.channel} ${b.rule} ${minute(b.startMs)}–${b.endMs === null ? '' : minute(b.endMs)} ${b.endedBy ?? 'open'}`,
  );
}

export const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
