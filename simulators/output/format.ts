import type { Slice } from '../run.ts';

/** One way of writing a simulation. */
export interface OutputFormat {
  readonly name: string;
  readonly doc: string;
  /** A writer for one run; null where nothing is written but the digest of the whole. */
  readonly open: (() => OutputWriter) | null;
}

export interface OutputWriter {
  /** The text of one slice; may be empty. Joined over a run it does not depend on where slices are cut. */
  slice(slice: Slice): string | Uint8Array;
  /** What comes after the last slice. */
  end(): string;
}

/** RFC 3339 in UTC with milliseconds. */
export const timeText = (timeMs: number): string => new Date(timeMs).toISOString();
