import type { Produce } from './schema.ts';

/**
 * Fresh prune (*Prunus domestica*), picked at Jiashi. Each number names its source or says that it is assumed.
 *
 * Why no alarm sits at the target's edge: −1 to 0 °C is where fruit is stored (USDA Handbook 66), yet loading at
 * up to 3 °C is tolerated (Hortgro), on-off refrigeration swings the air by up to 8 °C, and an EN 12830 recorder
 * may err by 1 °C. Mean kinetic temperature and "colder is better" play no part: plums freeze.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Hortgro. */
const LOADING_MAX_C = 3;

/** Recorder error 1 °C (EN 12830) on top of what may be loaded. */
const PULP_ALARM_HIGH_C = LOADING_MAX_C + 1;

/** GB/T 24616-2019: chilled means below 8 °C. */
const PULP_CRITICAL_HIGH_C = 8;

/** Plums freeze at −1 to −2 °C, by sugar: the middle is the estimate, the lower end freezes even the sweetest. */
const FREEZING_C = -1.5;
const FREEZING_SWEETEST_C = -2;

export const prune: Produce = {
  limits: {
    name: 'prune',
    title: 'Fresh prune (Jiashi new plum)',
    // USDA Agriculture Handbook 66.
    target: { minC: -1, maxC: 0 },
    alarm: { lowC: FREEZING_C, highC: PULP_ALARM_HIGH_C },
    critical: { lowC: FREEZING_SWEETEST_C, highC: PULP_CRITICAL_HIGH_C },
    freezingC: FREEZING_C,
    // Hortgro. Steps (not below 3 °C in under 24 h) are its practice for Japanese plums; forced air breaks them by design.
    preCooling: { pulpC: -0.5, withinMs: 48 * HOUR_MS, stepDown: null },
    loadingMaxC: LOADING_MAX_C,
    // HortScience 34(6):1116 and others, for Japanese plums; for prunes unverified. A zone of weeks, not an alarm limit.
    chilling: { lowC: 2, highC: 8, worstC: 5 },
    // EN 12830: recording interval at most 15 min for journeys of 1 to 7 days.
    maxGapMs: 15 * MINUTE_MS,
  },
  // The rules themselves, each with its source: src/produce/packs/.
  packs: ['watch', 'prune-practice'],
};
