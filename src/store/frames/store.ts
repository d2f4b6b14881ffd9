import type { FrameBatch, FrameChunk } from '../../contract/frame.ts';
import type { DeviceKey, Interval } from '../../contract/words.ts';

/** A stretch of one device's frames; half-open. */
export interface Slice extends Interval {
  readonly device: DeviceKey;
}

/** Minimum and maximum of one channel in epoch-aligned buckets; buckets without a value are left out. */
export interface Downsampled {
  readonly device: DeviceKey;
  readonly channel: string;
  /** Start of each bucket, a multiple of the bucket width, ascending. */
  readonly bucketMs: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly count: Float64Array;
}

/** The newest frame of a device. */
export interface LatestFrame {
  readonly device: DeviceKey;
  readonly timeMs: number;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Where frames are kept as time series. One process appends (the projector, one call at a time); any number read.
 *
 * Contract, held by test/conformance/frame-store.ts on every adapter:
 * - `append` is durable when it resolves and idempotent: the same frames appended again change nothing. A frame
 *   is whole for its identity (device, time): it replaces what was kept there. Identities within one call are
 *   distinct. Order is arbitrary. The projector has already merged repeats and refused conflicts.
 * - An adapter whose server is away keeps trying with back-off inside `append` until the signal aborts; it holds
 *   nothing but the batch it was given. The journal is the spool. A point that the server refuses for good
 *   (type conflict, 400) is returned in `refused`, with every other point written.
 * - `range` yields each slice in the order given, each slice's frames ascending in time, in chunks of at most
 *   `FRAMES_PER_CHUNK_MAX` frames; a frame appears once. With `channels`, only those, and frames without any of them
 *   are left out. Values come back bit for bit.
 * - `downsample` returns series in the order of slices, then channels as asked.
 */
export interface FrameStore {
  readonly kind: 'sqlite' | 'influx1' | 'influx2';
  append(batch: FrameBatch, signal?: AbortSignal): Promise<AppendResult>;
  range(slices: readonly Slice[], channels?: readonly string[]): AsyncIterable<FrameChunk>;
  downsample(slices: readonly Slice[], channels: readonly string[], bucketMs: number): Promise<Downsampled[]>;
  /** Newest frame of each of the devices, or of every device; devices without frames are left out. Sorted by device. */
  latest(devices?: readonly DeviceKey[]): Promise<LatestFrame[]>;
  /** How long it keeps frames, where it drops them by itself; null where it keeps everything or cannot tell. */
  retention(): Promise<Retention | null>;
  /** Removes every frame: the first step of a rebuild. */
  clear(): Promise<void>;
  close(): Promise<void>;
  /** Points beside the frames that Grafana draws (breaches, ingest health); only stores that a dashboard reads have it. */
  readonly publish?: (points: readonly DashboardPoint[], signal?: AbortSignal) => Promise<void>;
}

/** What a server drops by itself. */
export interface Retention {
  /** What is older may be gone. */
  readonly ms: number;
  /** What says so, in the words of its server. */
  readonly by: string;
}

export interface AppendResult {
  /** Indices into the batch of the frames the server refused for good, with its words. */
  readonly refused: readonly { readonly index: number; readonly message: string }[];
}

/** A point for dashboards: `breach`, `ingest` or `limits`. */
export interface DashboardPoint {
  readonly measurement: 'breach' | 'ingest' | 'limits';
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number | string>>;
  readonly timeMs: number;
}

export const FRAMES_PER_CHUNK_MAX = 2048;
