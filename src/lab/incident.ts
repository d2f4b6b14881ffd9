import type { BreachSubject } from '../contract/breach.ts';
import type { AssetKey, Interval } from '../contract/words.ts';

/** Where and when an alarm about a fault is right. */
export interface Window extends Interval {
  readonly asset: AssetKey;
}

/** A fault as the lab scores it: it is to be found once, by an alarm that is raised in one of its windows. */
export interface Incident {
  /** The simulator's kind of fault, or what a label calls it. */
  readonly kind: string;
  readonly subject: BreachSubject;
  /** When the fault began: delays count from here. An oracle would speak at this instant. */
  readonly fromMs: number;
  readonly windows: readonly Window[];
  /** When its damage first reached what counts as harm (by either definition) in some batch; null where it never did. */
  readonly damageMs: number | null;
  /** The fruit's two clocks lost half a day or more; see `harmOf`. */
  readonly harmByDamage: boolean;
  /** True pulp stood outside of the profile's alarm limits for an hour or more. */
  readonly harmByLimits: boolean;
  /** Days of life lost, mean by mass over the fruit it struck; in tonnes × days; and minutes beyond the limits. */
  readonly lossDays: number;
  readonly lossTonneDays: number;
  readonly alarmMin: number;
}

/** Harm by either definition: what an alarm must not miss. */
export const isHarmful = (incident: Incident): boolean => incident.harmByDamage || incident.harmByLimits;
