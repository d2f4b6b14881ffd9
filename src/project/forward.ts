import type { FrameBatch, FrameChunk } from '../contract/frame.ts';
import { FrameBatchBuilder } from '../contract/frame-batch-builder.ts';
import type { DeviceKey } from '../contract/words.ts';
import { FRAMES_PER_CHUNK_MAX } from '../store/frames/store.ts';

/**
 * A batch's frames as chunks by device, ascending in time: what detection folds forward.
 * @param batch identities distinct, any order
 */
export function chunksByDevice(batch: FrameBatch): Map<DeviceKey, FrameChunk[]> {
  const rows: number[][] = batch.devices.map(() => []);
  for (let i = 0; i < batch.size; i++) rows[batch.deviceIx[i]!]!.push(i);
  const out = new Map<DeviceKey, FrameChunk[]>();
  rows.forEach((indices, deviceIx) => {
    if (indices.length === 0) return;
    // Mostly in order already: a device sends its frames oldest first.
    indices.sort((a, b) => batch.timeMs[a]! - batch.timeMs[b]!);
    const chunks: FrameChunk[] = [];
    for (let from = 0; from < indices.length; ) {
      const layoutIx = batch.layoutIx[indices[from]!]!;
      let to = from + 1;
      while (to < indices.length && to - from < FRAMES_PER_CHUNK_MAX && batch.layoutIx[indices[to]!] === layoutIx) {
        to++;
      }
      chunks.push(chunkOf(batch, batch.devices[deviceIx]!, layoutIx, indices.slice(from, to)));
      from = to;
    }
    out.set(batch.devices[deviceIx]!, chunks);
  });
  return out;
}

/** The frames of both. */
export function joined(a: FrameBatch, b: FrameBatch): FrameBatch {
  const builder = new FrameBatchBuilder();
  for (const batch of [a, b]) for (let i = 0; i < batch.size; i++) builder.addFrom(batch, i);
  return builder.take();
}

/** The frames but those at these indices. */
export function without(batch: FrameBatch, left: ReadonlySet<number>): FrameBatch {
  if (left.size === 0) return batch;
  const builder = new FrameBatchBuilder();
  for (let i = 0; i < batch.size; i++) if (!left.has(i)) builder.addFrom(batch, i);
  return builder.take();
}

function chunkOf(batch: FrameBatch, device: DeviceKey, layoutIx: number, indices: readonly number[]): FrameChunk {
  const layout = batch.layouts[layoutIx]!;
  const width = layout.channels.length;
  const size = indices.length;
  const timeMs = new Float64Array(size);
  const seq = new Float64Array(size);
  const values = new Float64Array(size * width);
  indices.forEach((i, n) => {
    timeMs[n] = batch.timeMs[i]!;
    seq[n] = batch.seq[i]!;
    const at = batch.valueAt[i]!;
    for (let k = 0; k < width; k++) values[n * width + k] = batch.values[at + k]!;
  });
  return { device, layout, size, timeMs, seq, values };
}
