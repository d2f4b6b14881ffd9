import type { AssetKind } from '../../contract/words.ts';
import { watchRules } from './prune-watch.ts';
import type { Profile, ProfileRule } from './schema.ts';

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

/** WHO's freeze indicators (30-day logger, PQS E003) wait 60 min; taken over for want of a plum figure. */
const FREEZE_DWELL_MS = 60 * MINUTE_MS;

/** Places where fruit is kept; a mobile cold room is a store that can be moved. */
const STORES: AssetKind[] = ['cold-store', 'forward-warehouse', 'mobile-cold-room'];

/** Assets whose fruit should be cold already; a pre-cooling room holds warm fruit by design, a display for hours. */
const KEEPS_COLD: AssetKind[] = ['reefer-truck', 'rail-reefer-box', ...STORES];
const ALL: AssetKind[] = ['pre-cooling-room', ...KEEPS_COLD, 'retail-display'];

const pulpRules: ProfileRule[] = [
  {
    name: 'pulp-high',
    rule: 'high',
    assets: KEEPS_COLD,
    channels: ['pulp'],
    severity: 'alarm',
    // Dwell and hysteresis are assumed: pulp moves by tenths of a degree an hour, so 60 min is quick for fruit and
    // long for the sensor noise of ±0.2 °C, which 0.5 °C covers twice over.
    params: { limitC: PULP_ALARM_HIGH_C, hysteresisC: 0.5, dwellMs: 60 * MINUTE_MS },
  },
  {
    name: 'pulp-critical',
    rule: 'high',
    assets: KEEPS_COLD,
    channels: ['pulp'],
    severity: 'critical',
    // Half the dwell of the alarm (assumed): the alarm has been up for hours by then, unless the fruit came in hot.
    params: { limitC: PULP_CRITICAL_HIGH_C, hysteresisC: 0.5, dwellMs: 30 * MINUTE_MS },
  },
  {
    name: 'pulp-freezing',
    rule: 'freezing',
    assets: ALL,
    channels: ['pulp'],
    severity: 'alarm',
    // 0.2 °C = sensor error of a bare probe; a wider band would reach into the target and never clear.
    // The plateau: the least sweet fruit freezes at −1 °C, and probes tremble by 0.2 °C; the rest is assumed.
    params: { limitC: FREEZING_C, hysteresisC: 0.2, dwellMs: FREEZE_DWELL_MS, plateauTopC: -1 },
  },
  {
    name: 'pulp-frozen',
    rule: 'low',
    assets: ALL,
    channels: ['pulp'],
    severity: 'critical',
    params: { limitC: FREEZING_SWEETEST_C, hysteresisC: 0.2, dwellMs: FREEZE_DWELL_MS },
  },
];

/** On display fruit is warmer for the hours in which it is sold: no harm, unless it stays there. */
const displayRules: ProfileRule[] = [
  {
    name: 'display-pulp-high',
    rule: 'high',
    assets: ['retail-display'],
    channels: ['pulp'],
    severity: 'alarm',
    // Chilled ends at 8 °C (GB/T 24616) + recorder error 1 °C. The four hours are assumed: at 9 °C they use up 2 % of
    // the storage life (HB66), which a shop can bear.
    params: { limitC: 9, hysteresisC: 0.5, dwellMs: 4 * HOUR_MS },
  },
  {
    name: 'display-pulp-critical',
    rule: 'high',
    assets: ['retail-display'],
    channels: ['pulp'],
    severity: 'critical',
    // At 15 °C fruit keeps a fifth as long as at 0 °C (HB66): a night of 12 h costs 2.4 days. Dwell assumed.
    params: { limitC: 15, hysteresisC: 0.5, dwellMs: 4 * HOUR_MS },
  },
];

/** Air alone is a warning: it tells what will become of the fruit, not what became of it. */
const airRules: ProfileRule[] = [
  {
    name: 'air-return-high',
    rule: 'high',
    assets: ['reefer-truck'],
    channels: ['air', 'air-return'],
    severity: 'warning',
    explainable: true,
    // A swing of 8 °C about a set-point of −0.5 °C tops out at 3.5 °C, + 1 °C recorder error = 4.5 °C; the rest is
    // margin (assumed). 90 min outlasts loading with the door open and defrosts (intervals unverified).
    params: { limitC: 6, hysteresisC: 1, dwellMs: 90 * MINUTE_MS },
  },
  {
    name: 'air-return-high',
    rule: 'high',
    assets: ['rail-reefer-box'],
    channels: ['air', 'air-return'],
    severity: 'warning',
    explainable: true,
    // As on trucks; but a box is powered only once it is loaded and stands on its wagon (Kashgar's train of 2022), and
    // pulls down from there: so it is given longer (assumed).
    params: { limitC: 6, hysteresisC: 1, dwellMs: 180 * MINUTE_MS },
  },
  {
    name: 'air-high',
    rule: 'high',
    assets: STORES,
    channels: ['air', 'air-return'],
    severity: 'warning',
    explainable: true,
    // As on trucks; a store's doors open more often, so it is given longer (assumed).
    params: { limitC: 6, hysteresisC: 1, dwellMs: 120 * MINUTE_MS },
  },
  {
    name: 'air-supply-high',
    rule: 'high',
    assets: ['pre-cooling-room'],
    channels: ['air-supply'],
    severity: 'warning',
    explainable: true,
    // Return air is warm here by design; supply air at 8 °C (chilled, GB/T 24616) for 6 h cannot bring fruit to
    // −0.5 °C in the practice's time (room 12–36 h, at most 48 h). The 6 h are assumed: half the quickest room.
    params: { limitC: 8, hysteresisC: 1, dwellMs: 360 * MINUTE_MS },
  },
  {
    name: 'air-supply-freezing',
    rule: 'low',
    assets: ALL,
    channels: ['air-supply'],
    severity: 'warning',
    // On-off control blows well below the set-point, for hours where it pulls down warm fruit: half of an 8 °C swing
    // below −0.5 °C is −4.5 °C at its lowest, and a recorder may be some tenths off. An unbroken hour below −5 °C is a
    // wrong set-point or a stuck control: the fruit at the outlet is at risk hours before its pulp shows it (level and
    // dwell are assumed).
    params: { limitC: -5, hysteresisC: 0.5, dwellMs: FREEZE_DWELL_MS },
  },
];

/** What adds up, what goes on, and what is about to happen. */
const courseRules: ProfileRule[] = [
  {
    name: 'pulp-time-out-of-range',
    rule: 'time-out-of-range',
    assets: KEEPS_COLD,
    channels: ['pulp'],
    severity: 'alarm',
    // Many short excursions are one long one to fruit. At 4 to 8 °C it keeps a third to a half as long as at 0 °C
    // (HB66): 8 h cost about a quarter of a day. The budget is assumed.
    params: { lowC: FREEZING_SWEETEST_C, highC: PULP_ALARM_HIGH_C, budgetMs: 8 * HOUR_MS },
  },
  {
    name: 'pulp-predicted',
    rule: 'predicted',
    assets: KEEPS_COLD,
    channels: ['pulp'],
    severity: 'warning',
    // Below 1 °C there is time to look again. Horizon, confidence and dwell are assumed.
    params: { limitC: PULP_ALARM_HIGH_C, horizonMs: 4 * HOUR_MS, fromC: 1, confidence: 3, dwellMs: 30 * MINUTE_MS },
  },
  {
    name: 'pulp-chilling',
    rule: 'chilling-zone',
    assets: STORES,
    channels: ['pulp'],
    severity: 'warning',
    // HortScience 34(6):1116, for Japanese plums; for prunes unverified. It takes weeks.
    params: { lowC: 2, highC: 8, worstC: 5, budgetMs: 14 * 24 * HOUR_MS },
  },
  {
    name: 'set-point-wrong',
    rule: 'set-point-mismatch',
    assets: ['reefer-truck', 'rail-reefer-box'],
    channels: ['set-point'],
    severity: 'warning',
    // Warmer than fruit may be loaded, or colder than even the sweetest freezes.
    params: { lowC: FREEZING_SWEETEST_C, highC: LOADING_MAX_C, dwellMs: 30 * MINUTE_MS },
  },
];

export const prune: Profile = {
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
  rules: [
    ...watchRules(ALL, ['reefer-truck', 'rail-reefer-box']),
    ...pulpRules,
    ...displayRules,
    ...airRules,
    ...courseRules,
  ],
};
