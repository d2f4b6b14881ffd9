import { LOOP_SIZE } from '../physics/air-loop.ts';
import { SURROUNDINGS_SIZE } from './surroundings.ts';

/** Where an asset's numbers lie in its row: its own, then the air loop's, then those of the surroundings. */
const STEP_FROM_MS = 0;
const STEP_TO_MS = 1;
const SEGMENT_TO_MS = 2;
const TIME_MS = 3;
const DEFROST_TO_MS = 4;
const FROSTED_S = 5;
const TAKEN_J = 6;
const HUMIDITY_PCT = 7;
const CAPACITY_W = 8;
const PERFORMANCE = 9;
const AUXILIARY_W = 10;
const SET_POINT_C = 11;
const DOOR_SHARE = 12;
const DOOR_STOPS = 13;
const RATED_W = 14;
const WALL_WK = 15;
const CARGO_WKKG = 16;
const BAND_K = 17;
const DEFROST_EVERY_S = 18;
const INNER_MS = 19;
const FINE_TO_MS = 20;
const BEFORE = 21;

/** Values that are read in between two steps: supply, return, door, three pulps, humidity. */
export const KEPT = 7;
const LOOP = BEFORE + KEPT;
const SURROUNDINGS = LOOP + LOOP_SIZE;
const ROW_SIZE = SURROUNDINGS + SURROUNDINGS_SIZE;

/** About 40 KiB of rows at a time: small worlds stay small, and no row ever moves. */
const PIECE_ROWS = 64;

/**
 * Hands out the numbers of assets on duty, a row for each, side by side. A number in a field of an object takes three
 * times its eight bytes and an array of its own hundreds more; and a fleet's state is what should stay near the
 * processor.
 */
export class AssetRows {
  #piece = new Float64Array(PIECE_ROWS * ROW_SIZE);
  #taken = 0;
  readonly #free: AssetRow[] = [];

  /** A row of zeros, to be given back with {@link release}. */
  take(): AssetRow {
    const free = this.#free.pop();
    if (free) {
      free.numbers.fill(0, free.at, free.at + ROW_SIZE);
      return free;
    }
    if (this.#taken === PIECE_ROWS) {
      this.#piece = new Float64Array(PIECE_ROWS * ROW_SIZE);
      this.#taken = 0;
    }
    return new AssetRow(this.#piece, this.#taken++ * ROW_SIZE);
  }

  release(row: AssetRow): void {
    this.#free.push(row);
  }
}

/** The numbers of one asset on duty. */
export class AssetRow {
  /** The array it lies in, beside others' … */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** … and where it begins. */
  readonly at: number;

  constructor(numbers: Float64Array<ArrayBuffer>, at: number) {
    this.numbers = numbers;
    this.at = at;
  }

  /** Where the air loop has its own. */
  get loopAt(): number {
    return this.at + LOOP;
  }

  get surroundingsAt(): number {
    return this.at + SURROUNDINGS;
  }

  /** One of the {@link KEPT} values as it was before the last step. */
  before(n: number): number {
    return this.numbers[this.at + BEFORE + n]!;
  }

  keepBefore(values: Float64Array): void {
    for (let n = 0; n < KEPT; n++) this.numbers[this.at + BEFORE + n] = values[n]!;
  }

  /** The last step was [stepFromMs, stepToMs) … */
  get stepFromMs(): number {
    return this.numbers[this.at + STEP_FROM_MS]!;
  }

  set stepFromMs(value: number) {
    this.numbers[this.at + STEP_FROM_MS] = value;
  }

  get stepToMs(): number {
    return this.numbers[this.at + STEP_TO_MS]!;
  }

  set stepToMs(value: number) {
    this.numbers[this.at + STEP_TO_MS] = value;
  }

  /** … and what it went by holds until here. */
  get segmentToMs(): number {
    return this.numbers[this.at + SEGMENT_TO_MS]!;
  }

  set segmentToMs(value: number) {
    this.numbers[this.at + SEGMENT_TO_MS] = value;
  }

  /** The instant that the asset was brought to. */
  get timeMs(): number {
    return this.numbers[this.at + TIME_MS]!;
  }

  set timeMs(value: number) {
    this.numbers[this.at + TIME_MS] = value;
  }

  /** Until when the present defrost takes. */
  get defrostToMs(): number {
    return this.numbers[this.at + DEFROST_TO_MS]!;
  }

  set defrostToMs(value: number) {
    this.numbers[this.at + DEFROST_TO_MS] = value;
  }

  /** Until when its air is still settling. */
  get fineToMs(): number {
    return this.numbers[this.at + FINE_TO_MS]!;
  }

  set fineToMs(value: number) {
    this.numbers[this.at + FINE_TO_MS] = value;
  }

  /** Length of a whole inner step as things are. */
  get innerMs(): number {
    return this.numbers[this.at + INNER_MS]!;
  }

  set innerMs(value: number) {
    this.numbers[this.at + INNER_MS] = value;
  }

  /** Running time since the last defrost. */
  get frostedS(): number {
    return this.numbers[this.at + FROSTED_S]!;
  }

  set frostedS(value: number) {
    this.numbers[this.at + FROSTED_S] = value;
  }

  /** Energy that unit, fans and heater have taken so far. */
  get takenJ(): number {
    return this.numbers[this.at + TAKEN_J]!;
  }

  set takenJ(value: number) {
    this.numbers[this.at + TAKEN_J] = value;
  }

  get humidityPct(): number {
    return this.numbers[this.at + HUMIDITY_PCT]!;
  }

  set humidityPct(value: number) {
    this.numbers[this.at + HUMIDITY_PCT] = value;
  }

  /** What the unit can take out now; 0 where it is not running. */
  get capacityW(): number {
    return this.numbers[this.at + CAPACITY_W]!;
  }

  set capacityW(value: number) {
    this.numbers[this.at + CAPACITY_W] = value;
  }

  get performance(): number {
    return this.numbers[this.at + PERFORMANCE]!;
  }

  set performance(value: number) {
    this.numbers[this.at + PERFORMANCE] = value;
  }

  get auxiliaryW(): number {
    return this.numbers[this.at + AUXILIARY_W]!;
  }

  set auxiliaryW(value: number) {
    this.numbers[this.at + AUXILIARY_W] = value;
  }

  /** What the unit runs at. */
  get setPointC(): number {
    return this.numbers[this.at + SET_POINT_C]!;
  }

  set setPointC(value: number) {
    this.numbers[this.at + SET_POINT_C] = value;
  }

  /** Share of the door’s area that is open, and of infiltration that is stopped. */
  get doorShare(): number {
    return this.numbers[this.at + DOOR_SHARE]!;
  }

  set doorShare(value: number) {
    this.numbers[this.at + DOOR_SHARE] = value;
  }

  get doorStops(): number {
    return this.numbers[this.at + DOOR_STOPS]!;
  }

  set doorStops(value: number) {
    this.numbers[this.at + DOOR_STOPS] = value;
  }

  /** The individual, as {@link AssetBody} has it. */
  get ratedW(): number {
    return this.numbers[this.at + RATED_W]!;
  }

  set ratedW(value: number) {
    this.numbers[this.at + RATED_W] = value;
  }

  get wallWK(): number {
    return this.numbers[this.at + WALL_WK]!;
  }

  set wallWK(value: number) {
    this.numbers[this.at + WALL_WK] = value;
  }

  get cargoWKkg(): number {
    return this.numbers[this.at + CARGO_WKKG]!;
  }

  set cargoWKkg(value: number) {
    this.numbers[this.at + CARGO_WKKG] = value;
  }

  /** Of its unit. */
  get bandK(): number {
    return this.numbers[this.at + BAND_K]!;
  }

  set bandK(value: number) {
    this.numbers[this.at + BAND_K] = value;
  }

  get defrostEveryS(): number {
    return this.numbers[this.at + DEFROST_EVERY_S]!;
  }

  set defrostEveryS(value: number) {
    this.numbers[this.at + DEFROST_EVERY_S] = value;
  }
}
