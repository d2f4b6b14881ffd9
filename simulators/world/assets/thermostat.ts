import type { AirLoop } from '../physics/air-loop.ts';
import { crossedWithinMs } from '../physics/crossing.ts';
import { switched } from '../physics/refrigeration-unit.ts';
import type { AssetRow } from './asset-rows.ts';

/** The switch of an on-off unit: on at set-point + band, off at set-point − band. A modulated unit is always on. */
export class Thermostat {
  isOn = true;
  readonly #isOnOff: boolean;
  readonly #row: AssetRow;
  readonly #loop: AirLoop;

  constructor(isOnOff: boolean, row: AssetRow, loop: AirLoop) {
    this.#isOnOff = isOnOff;
    this.#row = row;
    this.#loop = loop;
  }

  /** Switches by the return air at the end of the last step. */
  follow(): void {
    if (!this.#switches()) return;
    const { setPointC, bandK } = this.#row;
    const isOn = switched(this.isOn, this.#loop.returnC, setPointC, bandK);
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    this.#loop.setCapacity(isOn ? this.#row.capacityW : 0);
  }

  /** Return air at which it switches off next; −Infinity where it does not. */
  get offAtC(): number {
    return this.isOn && this.#switches() ? this.#row.setPointC - this.#row.bandK : -Infinity;
  }

  /** Return air at which it switches on next; Infinity where it does not. */
  get onAtC(): number {
    return !this.isOn && this.#switches() ? this.#row.setPointC + this.#row.bandK : Infinity;
  }

  /**
   * Works a step out after {@link follow}. Returns its end: where it switches, so that the length of steps does not
   * shift that.
   */
  solve(fromMs: number, toMs: number): number {
    const loop = this.#loop;
    const { returnC } = loop;
    const endC = loop.solve((toMs - fromMs) / 1000);
    const { offAtC, onAtC } = this;
    if (endC >= offAtC && endC <= onAtC) return toMs;
    const limitC = this.isOn ? offAtC : onAtC;
    const crossedMs = crossedWithinMs(toMs - fromMs, returnC, endC, limitC, (ms) => loop.solve(ms / 1000));
    loop.solve(crossedMs / 1000);
    return fromMs + crossedMs;
  }

  #switches(): boolean {
    return this.#isOnOff && this.#row.capacityW > 0;
  }
}
