import type { FrameChunk } from '../../contract/frame.ts';
import type { DeviceKey } from '../../contract/words.ts';
import type { Downsampled } from './store.ts';

interface Buckets {
  readonly bucketMs: number[];
  readonly min: number[];
  readonly max: number[];
  readonly count: number[];
}

/**
 * Minimum and maximum per epoch-aligned bucket over raw frames: for stores that have no such query of their own.
 * @param chunks one device's frames, ascending in time
 * @returns one series for each asked channel that has a value, in the order asked
 */
export async function downsampleChunks(
  device: DeviceKey,
  chunks: AsyncIterable<FrameChunk>,
  channels: readonly string[],
  bucketMs: number,
): Promise<Downsampled[]> {
  const series = new Map<string, Buckets>();
  for await (const chunk of chunks) {
    const width = chunk.layout.channels.length;
    chunk.layout.channels.forEach((channel, c) => {
      const buckets = series.get(channel) ?? { bucketMs: [], min: [], max: [], count: [] };
      series.set(channel, buckets);
      for (let i = 0; i < chunk.size; i++) {
        const value = chunk.values[i * width + c]!;
        if (!Number.isNaN(value)) addTo(buckets, Math.floor(chunk.timeMs[i]! / bucketMs) * bucketMs, value);
      }
    });
  }
  return channels
    .filter((channel) => (series.get(channel)?.count.length ?? 0) > 0)
    .map((channel) => {
      const b = series.get(channel)!;
      return {
        device,
        channel,
        bucketMs: Float64Array.from(b.bucketMs),
        min: Float64Array.from(b.min),
        max: Float64Array.from(b.max),
        count: Float64Array.from(b.count),
      };
    });
}

function addTo(buckets: Buckets, bucketMs: number, value: number): void {
  const last = buckets.count.length - 1;
  if (last >= 0 && buckets.bucketMs[last] === bucketMs) {
    buckets.min[last] = Math.min(buckets.min[last]!, value);
    buckets.max[last] = Math.max(buckets.max[last]!, value);
    buckets.count[last]!++;
    return;
  }
  buckets.bucketMs.push(bucketMs);
  buckets.min.push(value);
  buckets.max.push(value);
  buckets.count.push(1);
}
