import type { Profile } from '../../src/produce/profiles.ts';
import { testProfile } from './frames.ts';

const MINUTE_MS = 60_000;

const rule = (
  name: string,
  channels: string[],
  params: Record<string, unknown>,
  explainable = false,
): Profile['rules'][number] => ({
  name: `a-${name}`,
  rule: name,
  assets: ['reefer-truck', 'cold-store'],
  channels,
  severity: 'alarm',
  params,
  explainable,
});

/** Every rule there is, with parameters so tight that random streams set all of them off. */
export const everyRule: Profile = {
  ...testProfile,
  name: 'every',
  rules: [
    rule('physical-range', ['pulp', 'air-return'], { lowC: -1.2, highC: 8, dwellMs: 5 * MINUTE_MS }),
    rule('spike', ['pulp'], { jumpC: 1.5, spikes: 1, windowMs: 30 * MINUTE_MS }),
    rule('stuck', ['pulp', 'air-return', 'air-supply'], { dwellMs: 20 * MINUTE_MS, besideC: 0.1 }),
    rule('drift', ['pulp'], { awayC: 0.2, atLeastMs: 0, dwellMs: 0 }),
    rule('sinking', ['pulp'], { awayC: 0.3, stillC: 2, stillMs: 10 * MINUTE_MS, nearC: 40, atLeastMs: 0, dwellMs: 0 }),
    rule('parted-air', ['air-return'], { awayC: 0.5, meanMs: 20 * MINUTE_MS, dwellMs: 5 * MINUTE_MS }),
    rule('door', ['door'], { longestMs: 10 * MINUTE_MS, settlingMs: 5 * MINUTE_MS }),
    rule('defrost', ['defrost'], { longestMs: 10 * MINUTE_MS, settlingMs: 5 * MINUTE_MS }),
    rule('defrost-shape', ['air-supply'], { aboveC: 1 }),
    rule('high', ['pulp', 'air-return'], { limitC: 4, dwellMs: 10 * MINUTE_MS }, true),
    rule('low', ['pulp', 'air-supply'], { limitC: 0, dwellMs: 10 * MINUTE_MS }, true),
    rule('freezing', ['pulp'], {
      limitC: 1,
      dwellMs: 2 * MINUTE_MS,
      plateauTopC: 1,
      plateauMs: 5 * MINUTE_MS,
      airBelowC: 0,
      airColderC: 0,
    }),
    rule('rate', ['pulp', 'air-return'], { limitPerHourC: 1, windowMs: 20 * MINUTE_MS, dwellMs: 0 }),
    rule('predicted', ['pulp', 'air-return'], { limitC: 6, horizonMs: 120 * MINUTE_MS, confidence: 0, dwellMs: 0 }),
    rule('time-out-of-range', ['pulp'], { lowC: 0, highC: 4, budgetMs: 20 * MINUTE_MS }),
    rule('degree-minutes', ['air-return'], { limitC: 3, budgetCMin: 30 }),
    rule('chilling-zone', ['pulp'], { lowC: 2, highC: 8, worstC: 5, budgetMs: 30 * MINUTE_MS }),
    rule('mean-kinetic', ['pulp'], { limitC: 2, windowMs: 60 * MINUTE_MS }),
    rule('set-point-mismatch', ['air-supply'], { lowC: 0, highC: 3, dwellMs: 10 * MINUTE_MS }),
    rule('set-point-missed', ['air-supply'], { awayC: 0.2, meanMs: 20 * MINUTE_MS, dwellMs: 5 * MINUTE_MS }),
    rule('duty', ['door'], { limit: 0.3, meanMs: 20 * MINUTE_MS, dwellMs: 5 * MINUTE_MS }),
    rule('pulp-against-air', ['pulp'], { limitC: 0.5, watchMs: 20 * MINUTE_MS, dwellMs: 0 }),
    rule('left-warm', ['pulp'], { limitC: 3 }),
    rule('humidity', ['humidity'], { lowPct: 86, highPct: 93, hysteresisPct: 1, dwellMs: 5 * MINUTE_MS }),
    rule('battery', ['battery'], { limitPct: 20, hysteresisPct: 1, dwellMs: 5 * MINUTE_MS }),
    rule('recording', ['pulp'], { intervalMs: MINUTE_MS, share: 0.9, windowMs: 12 * MINUTE_MS }),
    rule('no-data', [], { atLeastMs: 20 * MINUTE_MS }),
  ],
};
