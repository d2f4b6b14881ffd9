import type { z } from 'zod';
import type { BreachSubject } from '../contract/breach.ts';

/**
 * Strata, each seeing what the one before found:
 * - `sensor`     is this reading one of the fruit's climate at all, or one of a sick sensor?
 * - `operation`  is a door open, is the coil being thawed?
 * - `condition`  is the fruit or its air in trouble?
 * - `silence`    does the device speak at all? By time that passes, not by readings.
 */
export type Stratum = 'sensor' | 'operation' | 'condition' | 'silence';

/**
 * Which other channels of the same frame a rule may look at, as the lowest and the highest of their valid values:
 * - `siblings`      `pulp-2` and `pulp-3` for `pulp-1`; the other air channels for one of air
 * - `air`           `air`, `air-supply` and `air-return`, but itself
 * - `surroundings`  all pulp and all air, but itself
 */
export type Beside = 'siblings' | 'air' | 'surroundings';

/**
 * A rule is a pure fold over the time-ordered readings of one channel. It knows nothing of arrival and of who holds
 * what: the device fold calls it for every reading while the rule is armed, in event time.
 *
 * To add one: a file in rules/ with schema, defaults, doc and fold, and a line in rules/registry.ts.
 */
export interface Rule<Params extends z.ZodType = z.ZodType> {
  /** What profiles call it by. */
  readonly name: string;
  readonly stratum: Stratum;
  /** For people: when it raises and when it clears. */
  readonly doc: string;
  /** Parameters with description and default. */
  readonly params: Params;
  /** What its breaches speak of, where the stratum does not tell. */
  readonly about?: BreachSubject;
  /** The unit of a breach's limit and peak: the channel's own, that of a difference of two of its values, or another. */
  readonly unit: 'channel' | 'difference' | 'K/h' | 'min';
  readonly beside?: Beside;
  /** Fixes the parameters. */
  bind(params: z.output<Params>, context: RuleContext): BoundRule;
}

export interface RuleContext {
  /** The longest time one value speaks for, from the profile. */
  readonly maxGapMs: number;
}

export interface BoundRule {
  /** The limit that a breach names, in the rule's unit. */
  readonly limit: number;
  /** Where a rule has two limits: the one that a breach with this peak went beyond. */
  limitFor?(peak: number): number;
  /** How many numbers it keeps of a channel besides its spell. */
  readonly keeps: number;
  /**
   * One step: takes the next reading into the memory. Times ascend.
   * @param m what all rules of the device remember, in one array: nothing is allocated for a reading
   * @param at where this rule's own of this channel begins: its spell (spell.ts), then at `at + KEPT` what it keeps;
   *   finite numbers, all 0 before the first reading
   * @returns the raised spell that this reading has ended, else null
   */
  step(m: Float64Array, at: number, reading: Reading): Spell | null;
  /** What it says of a stay of produce whose end is known, at that end. @param m see {@link step} */
  left?(m: Float64Array, at: number, endMs: number): Spell | null;
  /** True where a sick sensor does not end what the rule found before: what the fruit has suffered stays. */
  readonly lasting?: true;
  /** Only in the stratum `silence`, where nothing steps: how long a device must be silent. @param everyMs its interval */
  silentAfterMs?(everyMs: number): number;
}

/** A stretch in which a rule's condition held, for its dwell time at least. */
export interface Spell {
  /** First reading for which it did. */
  readonly startMs: number;
  /** When the dwell time was reached. */
  readonly raisedMs: number;
  /** The worst value, and when it was first seen. */
  readonly peak: number;
  readonly peakMs: number;
}

/** A reading is not to be used by later strata: left out, or the sensor itself is not to be trusted any more. */
export const USABLE = 0;
export const LEFT_OUT = 1;
export const SENSOR_SICK = 2;

/** One reading as a rule sees it. The object is used again for the next reading: copy what is to be kept. */
export interface Reading {
  timeMs: number;
  value: number;
  /** The lowest and highest of the channels beside it, once {@link lookBeside} was called; NaN where there is none. */
  lowBeside: number;
  highBeside: number;
  /** Looks at the channels beside it, where the rule names them: by itself, since few readings ask for it. */
  readonly lookBeside: () => void;
  /** A door or a defrost explains warm air at this instant. */
  explained: boolean;
  /** What a sensor rule finds: USABLE, LEFT_OUT or SENSOR_SICK. */
  verdict: number;
  /** What an operation rule finds: warm air is explained up to and including this instant; 0 for nothing. */
  explainedUntilMs: number;
}
