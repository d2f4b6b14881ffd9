import type { z } from 'zod';

/**
 * A rule is a pure fold over the time-ordered values of one channel. It knows nothing of arrival, of other
 * channels, of who holds what: the device fold calls it for every value while the rule is armed, in event time.
 *
 * To add one: a file in rules/ with schema, defaults, doc and fold, and a line in rules/registry.ts.
 */
export interface Rule<Params extends z.ZodType = z.ZodType> {
  /** What profiles call it by. */
  readonly name: string;
  /** For people: when it raises and when it clears. */
  readonly doc: string;
  /** Parameters with description and default. */
  readonly params: Params;
  /** Fixes the parameters. */
  bind(params: z.output<Params>, context: RuleContext): BoundRule;
}

export interface RuleContext {
  /** The longest time one value speaks for, from the profile. */
  readonly maxGapMs: number;
}

export interface BoundRule {
  /** The limit that a breach names, °C. */
  readonly limitC: number;
  /**
   * One step: the excursion so far (null: none) and the next value give the excursion after it. Times ascend.
   * Never mutates its input, and returns it as it is when nothing changed, so that quiet channels cost no memory.
   * An excursion that was raised and is null after the step ended at `timeMs`.
   */
  step(excursion: Excursion | null, timeMs: number, valueC: number): Excursion | null;
}

/** A channel on the wrong side of a limit: all that a rule remembers. Plain JSON. */
export interface Excursion {
  /** First value beyond the limit. */
  readonly startMs: number;
  /** When the dwell time was reached; null while it is pending, and no breach yet. */
  readonly raisedMs: number | null;
  /** The last value that counted; stands still once raised. */
  readonly lastMs: number;
  /** The worst value, and when it was first seen. */
  readonly peakC: number;
  readonly peakMs: number;
}
