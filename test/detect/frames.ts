import type { Breach } from '../../src/contract/breach.ts';
import { type FrameChunk, internLayout } from '../../src/contract/frame.ts';
import type { ArmingInterval } from '../../src/detect/arming.ts';
import { DeviceFold, type DeviceState } from '../../src/detect/fold.ts';
import type { Profile } from '../../src/produce/profiles.ts';

const MINUTE_MS = 60_000;
/** 2023-08-21T00:00:00Z, a multiple of 6 h. */
const START_MS = 1_692_576_000_000;

export const atMinute = (minute: number): number => START_MS + minute * MINUTE_MS;

/** Small round limits, so that a case can be worked by hand. */
export const testProfile: Profile = {
  name: 'test',
  title: 'Fruit for tests',
  target: { minC: 0, maxC: 1 },
  alarm: { lowC: -1, highC: 4 },
  critical: { lowC: -2, highC: 8 },
  freezingC: -1.5,
  preCooling: { pulpC: 0, withinMs: 48 * 60 * MINUTE_MS, stepDown: null },
  loadingMaxC: 3,
  chilling: null,
  maxGapMs: 15 * MINUTE_MS,
  rules: [
    rule('pulp-high', 'high', ['pulp'], { limitC: 4, hysteresisC: 0.5, dwellMs: 30 * MINUTE_MS }),
    rule('pulp-critical', 'high', ['pulp'], { limitC: 8, hysteresisC: 1, dwellMs: 0 }),
    rule('pulp-freezing', 'low', ['pulp'], { limitC: -1, hysteresisC: 0.2, dwellMs: 20 * MINUTE_MS }),
    rule('air-high', 'high', ['air', 'air-return'], { limitC: 6, hysteresisC: 0, dwellMs: 10 * MINUTE_MS }),
  ],
};

function rule(
  name: string,
  fold: string,
  channels: string[],
  params: Record<string, unknown>,
): Profile['rules'][number] {
  const assets: Profile['rules'][number]['assets'] = ['reefer-truck', 'cold-store'];
  return { name, rule: fold, assets, channels, severity: 'alarm', params };
}

/** The values of one instant. */
export interface Row {
  readonly timeMs: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Rows of one device as one chunk; what a row lacks is NaN. */
export function chunkOf(device: string, rows: readonly Row[]): FrameChunk {
  const layout = internLayout([...new Set(rows.flatMap((row) => Object.keys(row.values)))]);
  const width = layout.channels.length;
  const values = new Float64Array(rows.length * width).fill(Number.NaN);
  rows.forEach((row, i) => {
    for (const [channel, value] of Object.entries(row.values))
      values[i * width + layout.channels.indexOf(channel)] = value;
  });
  const seq = new Float64Array(rows.length).fill(Number.NaN);
  return { device, layout, size: rows.length, timeMs: Float64Array.from(rows, (row) => row.timeMs), seq, values };
}

/** The whole fold over chunks in order, from nothing: what every other way of running must equal. */
export function foldAll(
  device: string,
  chunks: readonly FrameChunk[],
  arming: readonly ArmingInterval[],
  asOfMs = Number.NEGATIVE_INFINITY,
): { breaches: Breach[]; state: DeviceState; checkpoints: DeviceState[] } {
  const breaches: Breach[] = [];
  const checkpoints: DeviceState[] = [];
  const sink = { closed: (b: Breach) => breaches.push(b), checkpoint: (s: DeviceState) => checkpoints.push(s) };
  const fold = new DeviceFold(device, arming);
  for (const chunk of chunks) fold.fold(chunk, sink);
  breaches.push(...fold.openBreaches(asOfMs));
  return { breaches: breaches.sort((a, b) => (a.id < b.id ? -1 : 1)), state: fold.state(), checkpoints };
}
