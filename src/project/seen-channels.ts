import type { FrameBatch, Layout } from '../contract/frame.ts';
import type { DeviceKey } from '../contract/words.ts';

/** Remembers which channels each device has sent, so that only a new (device, layout) has to be noted. */
export class SeenChannels {
  readonly #seen = new Map<DeviceKey, Set<Layout>>();

  /** The devices and layouts in these frames that were not there before. They count as seen from now on. */
  fresh(batches: readonly FrameBatch[]): { device: DeviceKey; channels: readonly string[] }[] {
    const found: { device: DeviceKey; channels: readonly string[] }[] = [];
    for (const batch of batches) {
      for (let i = 0; i < batch.size; i++) {
        const device = batch.devices[batch.deviceIx[i]!]!;
        const layout = batch.layouts[batch.layoutIx[i]!]!;
        let layouts = this.#seen.get(device);
        if (!layouts) {
          layouts = new Set();
          this.#seen.set(device, layouts);
        }
        if (layouts.has(layout)) continue;
        layouts.add(layout);
        found.push({ device, channels: layout.channels });
      }
    }
    return found;
  }
}
