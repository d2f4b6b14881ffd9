import type { AssetKey, AssetKind, DeviceKey, Interval } from '../../src/contract/words.ts';
import type { FaultKind } from '../plan/types.ts';
import type { EnergyUse } from '../world/physics/energy-use.ts';

/**
 * The truth of a run, for scoring alarms against: what went wrong, and what it did to the fruit. The processor never
 * sees it.
 *
 * What a fault did is the difference to the **twin**: the same season, the same batches and trips, in which nothing
 * goes wrong. How the difference is shared out where several faults strike one batch: see attribution.ts.
 */
export interface TruthRecord {
  readonly scenario: string;
  readonly seed: number;
  readonly produce: string;
  readonly startMs: number;
  readonly endMs: number;
  /** As in the plan: ascending in time, by the same indices. */
  readonly faults: readonly TrueFault[];
  /** As in the plan, by the same indices. */
  readonly batches: readonly TrueBatch[];
  /** In the plan's order: those that were on duty before the run's end. */
  readonly assets: readonly TrueAsset[];
}

/** Fruit beyond what it would have been in the twin. */
export interface Damage {
  /** Days of life that are gone, counted at 0 °C. Less than 0 where a fault happened to be good for the fruit. */
  readonly lossDays: number;
  /** Minutes of true pulp outside of the profile's alarm limits (which include the critical ones). */
  readonly alarmMin: number;
  readonly criticalMin: number;
}

export interface TrueFault extends Interval, Damage {
  readonly kind: FaultKind;
  readonly asset: AssetKey;
  readonly device: DeviceKey | null;
  readonly channel: string | null;
  /** See `FAULTS`. */
  readonly severity: number;
  /** Ids of the batches that were in its reach while it acted. */
  readonly batches: readonly string[];
  /** Extremes of their true pulp over all zones while it acted; null where no batch was there. */
  readonly pulpMinC: number | null;
  readonly pulpMaxC: number | null;
  /**
   * {@link Damage} is the mean by mass over the batches in which its fruit ended; this is their sum, tonnes × days.
   */
  readonly lossTonneDays: number;
  readonly harm: Harm;
}

export interface TrueBatch extends Damage {
  /** LGTIN class URI. */
  readonly id: string;
  readonly massKg: number;
  /** Null where it never came into the world before the run's end. */
  readonly fromMs: number | null;
  /** When it was blended into others or left the world, or the run's end. */
  readonly toMs: number;
  readonly end: 'blended' | 'left' | 'kept';
  readonly stays: readonly TrueStay[];
  /** At its end, mean over its zones: share of life used, chilling dose, share that froze, share of mass lost. */
  readonly ripening: number;
  readonly chilling: number;
  readonly frozen: number;
  readonly weightLoss: number;
  /** What of its damage is due to which fault; adds up to its damage. A blend hands it on by mass. */
  readonly parts: readonly DamagePart[];
  readonly harm: Harm;
}

export interface DamagePart extends Damage {
  /** Index into {@link TruthRecord.faults}; null: no fault struck it, as where warm fruit was put beside it. */
  readonly faultIx: number | null;
}

/** Two definitions of harm, both reported. */
export interface Harm {
  /** The fruit's two clocks lost {@link HARM_LOSS_DAYS} or more to faults. */
  readonly byDamage: boolean;
  /** True pulp was outside of the profile's alarm limits for {@link HARM_ALARM_MIN} or more beyond the twin's. */
  readonly byLimits: boolean;
}

/** ESTIMATE: half a day of some 21 (USDA HB66: 14–28 d) is what a buyer would begin to notice. */
const HARM_LOSS_DAYS = 0.5;
/** As long as the profile's own rules wait, which take it from WHO's freeze indicators (PQS E003). */
const HARM_ALARM_MIN = 60;

/** Whether a damage counts as harm, by either definition. */
export function harmOf(damage: Damage): Harm {
  return { byDamage: damage.lossDays >= HARM_LOSS_DAYS, byLimits: damage.alarmMin >= HARM_ALARM_MIN };
}

/** A batch in one asset. */
export interface TrueStay extends Interval {
  readonly asset: AssetKey;
  /** Extremes of true pulp over all zones, slice by slice. */
  readonly pulpMinC: number;
  readonly pulpMaxC: number;
}

/**
 * What keeping an asset cold took: unit, fans, heater, and a generator's losses. The engine that drives a truck and
 * what making the unit, its refrigerant and the fruit cost the climate are not in it.
 */
export interface TrueAsset extends EnergyUse {
  readonly asset: AssetKey;
  readonly kind: AssetKind;
  readonly org: string;
  readonly dutyH: number;
  /** Fruit by distance; null for what stands still. */
  readonly tonneKm: number | null;
  /** Null where nothing was carried anywhere. */
  readonly co2eKgPerTonneKm: number | null;
}

/** The true state of one batch at one instant. */
export interface TrueTemperature {
  readonly timeMs: number;
  /** LGTIN class URI. */
  readonly batch: string;
  readonly asset: AssetKey;
  readonly pulpFrontC: number;
  readonly pulpMiddleC: number;
  readonly pulpRearC: number;
  /** Mean over its zones: share of life used, chilling dose; share of mass lost. */
  readonly ripening: number;
  readonly chilling: number;
  readonly weightLoss: number;
}
