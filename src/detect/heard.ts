import type { FrameChunk, Layout } from '../contract/frame.ts';

/** So many times between frames are kept: their middle one is how often a device reports. */
const GAPS = 5;
const BATTERY_PCT = GAPS;
const FIX_MS = GAPS + 1;
const LAT_DEG = GAPS + 2;
const LON_DEG = GAPS + 3;
const SPEED_MPS = GAPS + 4;
const SIZE = GAPS + 5;

const EARTH_M_PER_DEG = 111_195;

interface Columns {
  readonly battery: number;
  readonly lat: number;
  readonly lon: number;
}

const columnsOf = new WeakMap<Layout, Columns>();

/**
 * What a device's frames tell of the device itself: how often it reports, its battery, whether it is on the move. All
 * of it forgets in a few frames, so that what was late long ago makes no difference now.
 */
export class Heard {
  /** The last times between frames, newest first, then the last battery, position and speed; 0 for none. */
  readonly #numbers = new Float64Array(SIZE);

  constructor(saved: readonly number[]) {
    this.#numbers.set(saved);
  }

  saved(): number[] {
    return Array.from(this.#numbers);
  }

  /** Takes the time between two frames. */
  gap(gapMs: number): void {
    const n = this.#numbers;
    n[4] = n[3]!;
    n[3] = n[2]!;
    n[2] = n[1]!;
    n[1] = n[0]!;
    n[0] = gapMs;
  }

  /** How often it reports: the middle of the last times between frames; 0 before the second frame. */
  everyMs(): number {
    const gaps = Array.from(this.#numbers.subarray(0, GAPS))
      .filter((gap) => gap > 0)
      .sort((a, b) => a - b);
    return gaps[(gaps.length - 1) >> 1] ?? 0;
  }

  /** The last charge it told, percent; undefined where it has no battery. */
  get batteryPct(): number | undefined {
    const kept = this.#numbers[BATTERY_PCT]!;
    return kept === 0 ? undefined : kept - 1;
  }

  /** How quickly it moved between its last two positions, metres a second. */
  get speedMps(): number {
    return this.#numbers[SPEED_MPS]!;
  }

  /** Takes the values of frames `from` to `to` of a chunk. */
  frames({ layout, timeMs, values }: FrameChunk, from: number, to: number): void {
    const { battery, lat, lon } = columnsIn(layout);
    const width = layout.channels.length;
    if (battery >= 0) this.#battery(values, width, battery, from, to);
    if (lat < 0 || lon < 0) return;
    // Only the last two positions count.
    let first = to;
    for (let seen = 0; first > from && seen < 2; ) {
      first--;
      if (isFix(values, first * width, lat, lon)) seen++;
    }
    for (let i = first; i < to; i++) {
      if (isFix(values, i * width, lat, lon)) this.#fix(timeMs[i]!, values[i * width + lat]!, values[i * width + lon]!);
    }
  }

  #battery(values: Float64Array, width: number, battery: number, from: number, to: number): void {
    for (let i = to - 1; i >= from; i--) {
      const percent = values[i * width + battery]!;
      if (Number.isNaN(percent)) continue;
      // One more than it is, so that 0 is none.
      this.#numbers[BATTERY_PCT] = percent + 1;
      return;
    }
  }

  #fix(timeMs: number, latDeg: number, lonDeg: number): void {
    const n = this.#numbers;
    const beforeMs = n[FIX_MS]!;
    const northM = (latDeg - n[LAT_DEG]!) * EARTH_M_PER_DEG;
    const eastM = (lonDeg - n[LON_DEG]!) * EARTH_M_PER_DEG * Math.cos((latDeg * Math.PI) / 180);
    n[SPEED_MPS] = beforeMs === 0 ? 0 : (Math.hypot(northM, eastM) * 1000) / (timeMs - beforeMs);
    n[FIX_MS] = timeMs;
    n[LAT_DEG] = latDeg;
    n[LON_DEG] = lonDeg;
  }
}

function isFix(values: Float64Array, row: number, lat: number, lon: number): boolean {
  return !Number.isNaN(values[row + lat]!) && !Number.isNaN(values[row + lon]!);
}

function columnsIn(layout: Layout): Columns {
  let columns = columnsOf.get(layout);
  if (!columns) {
    const { channels } = layout;
    columns = { battery: channels.indexOf('battery'), lat: channels.indexOf('lat'), lon: channels.indexOf('lon') };
    columnsOf.set(layout, columns);
  }
  return columns;
}
