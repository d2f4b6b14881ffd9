import type { Interval } from '../../src/contract/words.ts';

/** What a line shows; decides its colour and its letter. */
export type LineRole =
  | 'supply'
  | 'return'
  | 'pulp-front'
  | 'pulp-middle'
  | 'pulp-rear'
  | 'ambient'
  | 'set-point'
  | 'twin';

/** One curve: values at instants, ascending. NaN is a gap. */
export interface Line {
  readonly role: LineRole;
  readonly name: string;
  readonly timeMs: readonly number[];
  readonly valueC: readonly number[];
}

/** Something that lasts, marked in the chart. */
export interface Span extends Interval {
  readonly kind: 'fault' | 'door' | 'defrost' | 'stay';
  readonly label: string;
}

/** A profile's limits for pulp, °C. */
export interface Bands {
  readonly targetC: readonly [number, number];
  readonly alarmC: readonly [number, number];
  readonly criticalC: readonly [number, number];
}

/** One chart: temperatures over time, with what happened. Knows nothing of where it is drawn. */
export interface Panel extends Interval {
  readonly title: string;
  /** UTC offset of the times at its axis, e.g. `+08:00`. */
  readonly zone: string;
  readonly lines: readonly Line[];
  /** Null where no profile is known. */
  readonly bands: Bands | null;
  readonly spans: readonly Span[];
}
