/**
 * Frames in columns, packed: what the devices of a shard have measured in one slice. Row i is a frame of device
 * `deviceIx[i]` (index into the plan) with values from `valueAt[i]`, in the order of the device's layout
 * ({@link layoutOf}); NaN where a sensor gave none. Rows come asset by asset, within an asset in order of
 * (time, device key). Reused from slice to slice: read it before the next one is asked for.
 */
export class FrameBlock {
  fromMs = 0;
  toMs = 0;
  size = 0;
  /** How many of `values` are taken. */
  valuesSize = 0;
  /** Values that are not NaN. */
  readings = 0;
  deviceIx = new Uint32Array(256);
  /** When it was measured: true time. */
  sampledMs = new Float64Array(256);
  /** The same instant by the device's own clock: what it sends. */
  timeMs = new Float64Array(256);
  seq = new Uint32Array(256);
  valueAt = new Uint32Array(256);
  values = new Float64Array(2048);

  /** Empties it for another slice. */
  reset(fromMs: number, toMs: number): void {
    this.fromMs = fromMs;
    this.toMs = toMs;
    this.size = 0;
    this.valuesSize = 0;
    this.readings = 0;
  }

  /** Makes room for one more frame. Returns where in `values` its own are to be written, before {@link add}. */
  room(width: number): number {
    if (this.size === this.timeMs.length) this.#growRows();
    if (this.valuesSize + width > this.values.length) {
      this.values = grown(this.values, new Float64Array(2 * this.values.length + width));
    }
    return this.valuesSize;
  }

  /** Adds the frame whose values were written where {@link room} said. */
  add(deviceIx: number, sampledMs: number, timeMs: number, seq: number, width: number, readings: number): void {
    const row = this.size++;
    this.deviceIx[row] = deviceIx;
    this.sampledMs[row] = sampledMs;
    this.timeMs[row] = timeMs;
    this.seq[row] = seq;
    this.valueAt[row] = this.valuesSize;
    this.valuesSize += width;
    this.readings += readings;
  }

  #growRows(): void {
    const rows = 2 * this.timeMs.length;
    this.deviceIx = grown(this.deviceIx, new Uint32Array(rows));
    this.sampledMs = grown(this.sampledMs, new Float64Array(rows));
    this.timeMs = grown(this.timeMs, new Float64Array(rows));
    this.seq = grown(this.seq, new Uint32Array(rows));
    this.valueAt = grown(this.valueAt, new Uint32Array(rows));
  }
}

function grown<T extends Uint32Array | Float64Array>(old: T, bigger: T): T {
  bigger.set(old as never);
  return bigger;
}
