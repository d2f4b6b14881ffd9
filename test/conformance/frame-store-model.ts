import type { Downsampled, Slice } from '../../src/store/frames/store.ts';
import type { PlainFrame } from './frames.ts';

/** What a frame store must hold and answer, in the plainest words. */
export class FrameStoreModel {
  readonly #frames = new Map<string, PlainFrame>();

  append(frames: readonly PlainFrame[]): void {
    for (const frame of frames) this.#frames.set(`${frame.device} ${frame.timeMs}`, frame);
  }

  at(device: string, timeMs: number): PlainFrame | undefined {
    return this.#frames.get(`${device} ${timeMs}`);
  }

  range(slices: readonly Slice[], channels?: readonly string[]): PlainFrame[] {
    return slices.flatMap(({ device, fromMs, toMs }) =>
      [...this.#frames.values()]
        .filter((frame) => frame.device === device && fromMs <= frame.timeMs && frame.timeMs < toMs)
        .map((frame) => (channels ? withOnly(frame, channels) : frame))
        .filter((frame) => Object.keys(frame.channels).length > 0)
        .sort((a, b) => a.timeMs - b.timeMs),
    );
  }

  latest(devices: readonly string[]): { device: string; timeMs: number; values: Record<string, number> }[] {
    return [...new Set(devices)].sort().flatMap((device) => {
      const newest = this.range([{ device, fromMs: -Infinity, toMs: Infinity }]).at(-1);
      return newest ? [{ device, timeMs: newest.timeMs, values: { ...newest.channels } }] : [];
    });
  }
}

/** Down-sampling by folding over frames: the definition. A channel without a value gives no series. */
export function foldBuckets(
  device: string,
  channels: readonly string[],
  frames: readonly PlainFrame[],
  bucketMs: number,
): PlainDownsampled[] {
  return channels.flatMap((channel) => {
    const buckets = new Map<number, number[]>();
    for (const frame of frames) {
      const value = frame.channels[channel];
      if (value === undefined) continue;
      const start = Math.floor(frame.timeMs / bucketMs) * bucketMs;
      buckets.set(start, [...(buckets.get(start) ?? []), value]);
    }
    if (buckets.size === 0) return [];
    const starts = [...buckets.keys()].sort((a, b) => a - b);
    return {
      device,
      channel,
      bucketMs: starts,
      min: starts.map((start) => Math.min(...buckets.get(start)!)),
      max: starts.map((start) => Math.max(...buckets.get(start)!)),
      count: starts.map((start) => buckets.get(start)!.length),
    };
  });
}

export interface PlainDownsampled {
  readonly device: string;
  readonly channel: string;
  readonly bucketMs: number[];
  readonly min: number[];
  readonly max: number[];
  readonly count: number[];
}

export const plainDownsampled = (series: Downsampled): PlainDownsampled => ({
  device: series.device,
  channel: series.channel,
  bucketMs: [...series.bucketMs],
  min: [...series.min],
  max: [...series.max],
  count: [...series.count],
});

function withOnly(frame: PlainFrame, channels: readonly string[]): PlainFrame {
  return {
    ...frame,
    channels: Object.fromEntries(Object.entries(frame.channels).filter(([channel]) => channels.includes(channel))),
  };
}
