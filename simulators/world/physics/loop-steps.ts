/** Share of the air that turns back to the unit at front, middle and rear. ESTIMATE. */
const FRONT_TURNS_BACK = 0.15;
const MIDDLE_TURNS_BACK = 0.25;
const REAR_TURNS_BACK = 0.6;
/** … and from it the share that gets as far as each. */
export const REACHES = [1, 1 - FRONT_TURNS_BACK, REAR_TURNS_BACK] as const;

/** Where a figure of the three zones begins: front, middle, rear. */
const AIR_C = 0;
const OWN_WK = 3;
const REST_W = 6;
const THROUGH_WK = 9;
const PER_WK = 12;
const FOLLOW = 15;
const AIR_SUM = 18;
const ZONE_FIGURES = 21;

/** The same in the figures of a batch; the last is one alone. */
const PULP_C = 0;
const TO_AIR_WK = 3;
const PULP_OWN = 6;
const PULP_REST_C = 9;
const PULP_FOLLOW = 12;
const PULP_SUM = 15;
const FREEZING_C = 18;
const STRIDE = 19;

const FLOW_WK = 0;
const HEAT_W = 1;
const SUPPLY_MIN_C = 2;
const FED = 3;
const AT_MIN = 4;
const FREE = 5;
const PER_ENTRAINMENT = 6;
const CAPACITY_W = 7;
const COOLED_SUM = 8;
const UNIT_FIGURES = 9;

/** The step that was solved last: the airs but for what they follow of the feed, the feed, what is taken out. */
const BASE_C = 0;
const FEED_C = 3;
const COOLED_W = 4;

/** Told of fruit that a step has brought below its freezing point, or that was below it before. */
export interface Freezing {
  /** Returns its temperature after a step, in the middle of which it and its zone's air were at `middleC` and `airC`. */
  freeze(n: number, zone: number, fromC: number, middleC: number, airC: number): number;
}

/**
 * The equations of an asset's air and cargo for steps of one length, while nothing but the temperatures changes: each
 * is then a straight line of the temperatures before. The middle of a step is found from front to rear, as a straight
 * line of the air fed to the front, then the feed from the unit that closes the loop; the end lies as far beyond the
 * middle as the middle beyond the beginning.
 */
export class LoopSteps {
  readonly #zones = new Float64Array(ZONE_FIGURES);
  readonly #unit = new Float64Array(UNIT_FIGURES);
  readonly #solved = new Float64Array(5);
  #nodes = new Float64Array(16 * STRIDE);
  #size = 0;
  #sums = false;

  /** Begins anew, for so many batches: everything is to be set. @param sums whether to add up over the steps made */
  begin(batches: number, sums: boolean): void {
    this.#sums = sums;
    this.#size = batches * STRIDE;
    if (this.#size > this.#nodes.length) this.#nodes = new Float64Array(2 * this.#size);
  }

  /** Beginning of the next step. */
  setAir(zone: number, airC: number): void {
    this.#zones[AIR_C + zone] = airC;
    this.#zones[AIR_SUM + zone] = 0;
  }

  setPulp(n: number, zone: number, pulpC: number): void {
    const at = n * STRIDE + zone;
    this.#nodes[at + PULP_C] = pulpC;
    this.#nodes[at + PULP_SUM] = 0;
  }

  /**
   * What holds a zone's air in the middle of a step, of which it is the mean: its own temperature before, the air of
   * the zone before, its batches (see {@link setNode}), and all else. Zones in their order, and {@link setUnit} after
   * them.
   * @param allWK all conductances together, those to batches less what of them comes back
   * @param restW what else flows to air of 0 °C
   */
  setZone(zone: number, allWK: number, ownWK: number, throughWK: number, restW: number): void {
    const zones = this.#zones;
    const perWK = 1 / allWK;
    zones[OWN_WK + zone] = ownWK;
    zones[REST_W + zone] = restW;
    zones[THROUGH_WK + zone] = throughWK;
    zones[PER_WK + zone] = perWK;
    zones[FOLLOW + zone] = throughWK * perWK * (zone > 0 ? zones[FOLLOW + zone - 1]! : 1);
  }

  /**
   * Fruit of a zone in the middle of a step = own · before + rest + follow · air.
   * @param toAirWK what of its temperature before acts on the zone's air
   */
  setNode(n: number, zone: number, own: number, restC: number, follow: number, toAirWK: number): void {
    const nodes = this.#nodes;
    const at = n * STRIDE + zone;
    nodes[at + PULP_OWN] = own;
    nodes[at + PULP_REST_C] = restC;
    nodes[at + PULP_FOLLOW] = follow;
    nodes[at + TO_AIR_WK] = toAirWK;
  }

  setFreezing(n: number, freezingC: number): void {
    this.#nodes[n * STRIDE + FREEZING_C] = freezingC;
  }

  /** After the zones. */
  setUnit(flowWK: number, entrainment: number, heatW: number, supplyMinC: number): void {
    const zones = this.#zones;
    const unit = this.#unit;
    const follow =
      FRONT_TURNS_BACK * zones[FOLLOW]! + MIDDLE_TURNS_BACK * zones[FOLLOW + 1]! + REAR_TURNS_BACK * zones[FOLLOW + 2]!;
    const fed = follow / entrainment;
    unit[FLOW_WK] = flowWK;
    unit[HEAT_W] = heatW;
    unit[SUPPLY_MIN_C] = supplyMinC;
    unit[FED] = fed;
    unit[AT_MIN] = 1 / (1 - follow + fed);
    unit[FREE] = 1 / (1 - follow);
    unit[PER_ENTRAINMENT] = 1 / entrainment;
  }

  /** The most the unit takes out: it may be switched between steps. */
  setCapacity(capacityW: number): void {
    this.#unit[CAPACITY_W] = capacityW;
    this.#unit[COOLED_SUM] = 0;
  }

  airC(zone: number): number {
    return this.#zones[AIR_C + zone]!;
  }

  /** Air that turns back to the unit, before the next step. */
  get returnC(): number {
    const zones = this.#zones;
    return (
      FRONT_TURNS_BACK * zones[AIR_C]! + MIDDLE_TURNS_BACK * zones[AIR_C + 1]! + REAR_TURNS_BACK * zones[AIR_C + 2]!
    );
  }

  /** A zone's air in the middle of the step that was solved. */
  middleAirC(zone: number): number {
    return this.#solved[BASE_C + zone]! + this.#zones[FOLLOW + zone]! * this.#solved[FEED_C]!;
  }

  /** The sum of that over the steps made since the air was set. */
  airSumC(zone: number): number {
    return this.#zones[AIR_SUM + zone]!;
  }

  pulpC(n: number, zone: number): number {
    return this.#nodes[n * STRIDE + PULP_C + zone]!;
  }

  /** The sum of fruit in the middle of steps, as of air. */
  pulpSumC(n: number, zone: number): number {
    return this.#nodes[n * STRIDE + PULP_SUM + zone]!;
  }

  /** What the unit took out in the last step, W. */
  get cooledW(): number {
    return this.#solved[COOLED_W]!;
  }

  /** The sum of that over the steps made since the capacity was set. */
  get cooledSumW(): number {
    return this.#unit[COOLED_SUM]!;
  }

  /** Works out the next step. Returns the return air at its end. */
  solve(): number {
    const zones = this.#zones;
    const nodes = this.#nodes;
    const solved = this.#solved;
    const size = this.#size;
    let front = zones[OWN_WK]! * zones[AIR_C]! + zones[REST_W]!;
    let middle = zones[OWN_WK + 1]! * zones[AIR_C + 1]! + zones[REST_W + 1]!;
    let rear = zones[OWN_WK + 2]! * zones[AIR_C + 2]! + zones[REST_W + 2]!;
    for (let at = 0; at < size; at += STRIDE) {
      front += nodes[at + TO_AIR_WK]! * nodes[at + PULP_C]!;
      middle += nodes[at + TO_AIR_WK + 1]! * nodes[at + PULP_C + 1]!;
      rear += nodes[at + TO_AIR_WK + 2]! * nodes[at + PULP_C + 2]!;
    }
    front *= zones[PER_WK]!;
    middle = (middle + zones[THROUGH_WK + 1]! * front) * zones[PER_WK + 1]!;
    rear = (rear + zones[THROUGH_WK + 2]! * middle) * zones[PER_WK + 2]!;
    solved[BASE_C] = front;
    solved[BASE_C + 1] = middle;
    solved[BASE_C + 2] = rear;
    const middleC = this.#close(FRONT_TURNS_BACK * front + MIDDLE_TURNS_BACK * middle + REAR_TURNS_BACK * rear);
    return 2 * middleC - this.returnC;
  }

  /**
   * The unit closes the loop, in which supply = return + (its heat − cooling) / flow, the feed lies between return and
   * supply by the entrainment, and return = base + follow · feed. Returns the return air in the middle of the step.
   */
  #close(baseC: number): number {
    const unit = this.#unit;
    const flowWK = unit[FLOW_WK]!;
    const supplyMinC = unit[SUPPLY_MIN_C]!;
    const returnAtMinC = (baseC + unit[FED]! * supplyMinC) * unit[AT_MIN]!;
    const heldW = flowWK * (returnAtMinC - supplyMinC) + unit[HEAT_W]!;
    const cooledW = Math.min(unit[CAPACITY_W]!, Math.max(0, heldW));
    const liftK = (unit[HEAT_W]! - cooledW) / flowWK;
    const returnC = (baseC + unit[FED]! * liftK) * unit[FREE]!;
    this.#solved[COOLED_W] = cooledW;
    this.#solved[FEED_C] = returnC + liftK * unit[PER_ENTRAINMENT]!;
    return returnC;
  }

  /** Makes the step that {@link solve} worked out. Returns whether fruit was below its freezing point in it. */
  make(freezing: Freezing): boolean {
    const zones = this.#zones;
    const solved = this.#solved;
    const feedC = solved[FEED_C]!;
    const front = solved[BASE_C]! + zones[FOLLOW]! * feedC;
    const middle = solved[BASE_C + 1]! + zones[FOLLOW + 1]! * feedC;
    const rear = solved[BASE_C + 2]! + zones[FOLLOW + 2]! * feedC;
    zones[AIR_C] = 2 * front - zones[AIR_C]!;
    zones[AIR_C + 1] = 2 * middle - zones[AIR_C + 1]!;
    zones[AIR_C + 2] = 2 * rear - zones[AIR_C + 2]!;
    if (this.#sums) this.#addUp(front, middle, rear);
    let froze = false;
    for (let at = 0; at < this.#size; at += STRIDE) {
      // Each is to be made, whether fruit before it froze or not.
      froze = this.#makeNode(at, 0, front, freezing) || froze;
      froze = this.#makeNode(at, 1, middle, freezing) || froze;
      froze = this.#makeNode(at, 2, rear, freezing) || froze;
    }
    return froze;
  }

  #addUp(front: number, middle: number, rear: number): void {
    const zones = this.#zones;
    zones[AIR_SUM] = zones[AIR_SUM]! + front;
    zones[AIR_SUM + 1] = zones[AIR_SUM + 1]! + middle;
    zones[AIR_SUM + 2] = zones[AIR_SUM + 2]! + rear;
    this.#unit[COOLED_SUM] = this.#unit[COOLED_SUM]! + this.#solved[COOLED_W]!;
  }

  /** The fruit of a zone of the batch whose figures begin at `at`. */
  #makeNode(at: number, zone: number, airC: number, freezing: Freezing): boolean {
    const nodes = this.#nodes;
    const node = at + zone;
    const fromC = nodes[node + PULP_C]!;
    const middleC = nodes[node + PULP_OWN]! * fromC + nodes[node + PULP_REST_C]! + nodes[node + PULP_FOLLOW]! * airC;
    const endC = 2 * middleC - fromC;
    if (this.#sums) nodes[node + PULP_SUM] = nodes[node + PULP_SUM]! + middleC;
    nodes[node + PULP_C] = endC;
    const freezingC = nodes[at + FREEZING_C]!;
    if (fromC >= freezingC && endC >= freezingC) return false;
    nodes[node + PULP_C] = freezing.freeze(at / STRIDE, zone, fromC, middleC, airC);
    return true;
  }
}
