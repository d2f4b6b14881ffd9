import type { Frame } from '../../src/contract/frame.ts';
import { framesOfChunk, internLayout } from '../../src/contract/frame.ts';
import type { FrameStore } from '../../src/store/frames/store.ts';
import { CHAIN_START_MS } from './chain.ts';

const layout = internLayout(['air-return', 'pulp-1']);

/**
 * Frames of a device, one a minute, whose pulp swings far enough beyond the prune limits and back for several breaches,
 * in one of them to the end.
 */
export function swingingFrames(device: string, count: number): Frame[] {
  return Array.from({ length: count }, (_, n) => {
    const pulpC = Math.round((2 + 8 * Math.sin((2 * Math.PI * n) / 400)) * 1000) / 1000;
    return {
      device,
      timeMs: CHAIN_START_MS + (n + 1) * 60_000,
      seq: n,
      layout,
      values: [Math.round((pulpC - 0.5) * 1000) / 1000, pulpC],
    };
  });
}

/** Identity and content of every frame of the devices, sorted: `device time seq values`. */
export async function storedFrames(store: Pick<FrameStore, 'range'>, devices: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const slices = devices.map((device) => ({ device, fromMs: 0, toMs: 4e12 }));
  for await (const chunk of store.range(slices)) for (const frame of framesOfChunk(chunk)) found.push(frameText(frame));
  return found.sort();
}

export function frameText({ device, timeMs, seq, layout, values }: Frame): string {
  return `${device} ${timeMs} ${seq} ${layout.channels.map((channel, c) => `${channel}=${values[c]}`).join(' ')}`;
}
