import { ZONES as CARGO_ZONES } from './cargo.ts';
import { apparentHeatJkgK, enthalpyOfFruitJkg, type FreezingFruit, pulpAtEnthalpyC } from './freezing.ts';
import type { Freezing, LoopSteps } from './loop-steps.ts';

/** A constant of this module: V8 folds it into the code of every step, where an imported one is loaded at each use. */
const ZONES = CARGO_ZONES;

/** A batch's figures, behind each other. */
const JK = 0;
const FREEZING_C = 1;
const TO_AIR_WK = 2;
const SOURCE_W = 5;
const STRIDE = 8;

/** How many numbers the cargo of a loop takes of its asset's row. */
export const LOOP_CARGO_SIZE = STRIDE;

/** What the steps in hand were set up with; one for all, as they are. */
let stepS = 0;
let skinC = 0;
const contactWK = new Float64Array(ZONES);
/** Heat that fruit has taken up in freezing and thawing beyond that of unfrozen fruit, since {@link LoopCargo.begin}. */
let latentJ = 0;

/** The cargo of an air loop: what it holds, and what it exchanges with the air, the walls, and by itself. */
export class LoopCargo implements Freezing {
  readonly #row: Float64Array;
  readonly #rowAt: number;
  readonly #pulpC: Float64Array;
  readonly #book: { of(batchIx: number): FreezingFruit };
  /** Figures of the batches: in the row while there is one, else in an array of their own. */
  #nodes: Float64Array;
  #nodesAt: number;
  /** Indices of the batches inside, in the order in which they came. */
  #contents: readonly number[] = [];

  /**
   * @param pulpC of all batches, `batchIx × 3 + zone`
   * @param row has {@link LOOP_CARGO_SIZE} numbers for this cargo alone, from `at` on
   */
  constructor(pulpC: Float64Array, book: { of(batchIx: number): FreezingFruit }, row: Float64Array, at: number) {
    this.#pulpC = pulpC;
    this.#book = book;
    this.#row = row;
    this.#rowAt = at;
    this.#nodes = row;
    this.#nodesAt = at;
  }

  get size(): number {
    return this.#contents.length;
  }

  hold(contents: readonly number[]): void {
    this.#contents = contents;
    const needed = contents.length * STRIDE;
    if (needed <= STRIDE) {
      this.#nodes = this.#row;
      this.#nodesAt = this.#rowAt;
    } else if (this.#nodes === this.#row || needed > this.#nodes.length) {
      // A vehicle holds one batch or a few; rooms come and go.
      const room = contents.length < 4 ? contents.length : Math.ceil(contents.length * 1.5);
      this.#nodes = new Float64Array(room * STRIDE);
      this.#nodesAt = 0;
    }
  }

  setBatch(n: number, zoneJK: number, freezingC: number): void {
    const node = this.#nodesAt + n * STRIDE;
    this.#nodes[node + JK] = zoneJK;
    this.#nodes[node + FREEZING_C] = freezingC;
  }

  setNode(n: number, zone: number, toAirWK: number, sourceW: number): void {
    const node = this.#nodesAt + n * STRIDE + zone;
    this.#nodes[node + TO_AIR_WK] = toAirWK;
    this.#nodes[node + SOURCE_W] = sourceW;
  }

  /** Before {@link eliminate}. @param wallsSeeC what is behind the walls that cargo leans on */
  setUp(steps: LoopSteps, dtS: number, wallsSeeC: number): void {
    stepS = dtS;
    skinC = wallsSeeC;
    for (let n = 0; n < this.#contents.length; n++) {
      steps.setFreezing(n, this.#nodes[this.#nodesAt + n * STRIDE + FREEZING_C]!);
    }
  }

  /**
   * Takes the cargo of a zone out of the equations: its temperatures as straight lines of the zone's air.
   * @param toWallWK from each batch
   * @param out is given what the air's equation has of it: conductance less what comes back, and what flows to air of
   *   0 °C
   */
  eliminate(steps: LoopSteps, zone: number, toWallWK: number, out: Float64Array): void {
    const nodes = this.#nodes;
    const contents = this.#contents;
    const perS = 2 / stepS;
    const wallW = toWallWK * skinC;
    let weightWK = 0;
    let restW = 0;
    contactWK[zone] = toWallWK;
    for (let n = 0; n < contents.length; n++) {
      const node = this.#nodesAt + n * STRIDE;
      const pulpC = this.#pulpC[contents[n]! * ZONES + zone]!;
      const toAirWK = nodes[node + TO_AIR_WK + zone]!;
      const warms = pulpC >= nodes[node + FREEZING_C]! ? 1 : this.#warmsSlower(n, pulpC);
      const ownWK = nodes[node + JK]! * warms * perS;
      const perWK = 1 / (ownWK + toAirWK + toWallWK);
      const own = ownWK * perWK;
      const restC = (nodes[node + SOURCE_W + zone]! + wallW) * perWK;
      const follow = toAirWK * perWK;
      steps.setNode(n, zone, own, restC, follow, toAirWK * own);
      weightWK += toAirWK * (1 - follow);
      restW += toAirWK * restC;
    }
    out[0] = weightWK;
    out[1] = restW;
  }

  /** Tells of its temperatures as they are. */
  begin(steps: LoopSteps): void {
    const contents = this.#contents;
    latentJ = 0;
    for (let n = 0; n < contents.length; n++) {
      for (let zone = 0; zone < ZONES; zone++) steps.setPulp(n, zone, this.#pulpC[contents[n]! * ZONES + zone]!);
    }
  }

  /** Takes its temperatures over. */
  settle(steps: LoopSteps): void {
    const contents = this.#contents;
    for (let n = 0; n < contents.length; n++) {
      for (let zone = 0; zone < ZONES; zone++) this.#pulpC[contents[n]! * ZONES + zone] = steps.pulpC(n, zone);
    }
  }

  freeze(n: number, zone: number, fromC: number, middleC: number, airC: number): number {
    const node = this.#nodesAt + n * STRIDE;
    const toFruitW =
      this.#nodes[node + TO_AIR_WK + zone]! * (airC - middleC) +
      contactWK[zone]! * (skinC - middleC) +
      this.#nodes[node + SOURCE_W + zone]!;
    const fruit = this.#book.of(this.#contents[n]!);
    const zoneJK = this.#nodes[node + JK]!;
    const kg = zoneJK / fruit.specificHeatJkgK;
    const beforeJkg = enthalpyOfFruitJkg(fruit, fromC);
    const toC = pulpAtEnthalpyC(fruit, beforeJkg + (stepS * toFruitW) / kg);
    latentJ += kg * (enthalpyOfFruitJkg(fruit, toC) - beforeJkg) - zoneJK * (toC - fromC);
    return toC;
  }

  /** The heat that it will hold more after `made` steps than what it got from the walls and of itself, J. */
  heldMoreJ(steps: LoopSteps, made: number): number {
    let heldJ = latentJ;
    for (let n = 0; n < this.#contents.length; n++) {
      const node = this.#nodesAt + n * STRIDE;
      for (let zone = 0; zone < ZONES; zone++) {
        const moreC = steps.pulpC(n, zone) - this.#pulpC[this.#contents[n]! * ZONES + zone]!;
        const fromWallW = contactWK[zone]! * (made * skinC - steps.pulpSumC(n, zone));
        const ownW = made * this.#nodes[node + SOURCE_W + zone]!;
        heldJ += this.#nodes[node + JK]! * moreC - stepS * (fromWallW + ownW);
      }
    }
    return heldJ;
  }

  /** How many times the heat of unfrozen fruit it takes to warm this fruit by a kelvin. */
  #warmsSlower(n: number, pulpC: number): number {
    const fruit = this.#book.of(this.#contents[n]!);
    return apparentHeatJkgK(fruit, pulpC) / fruit.specificHeatJkgK;
  }
}
