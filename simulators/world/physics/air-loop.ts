import { ZONES as CARGO_ZONES } from './cargo.ts';
import { apparentHeatJkgK, enthalpyOfFruitJkg, type FreezingFruit, pulpAtEnthalpyC } from './freezing.ts';

/** A constant of this module: V8 folds it into the code of every step, where an imported one is loaded at each use. */
const ZONES = CARGO_ZONES;

/** Where the figures of an asset lie in its row; three in a row are front, middle, rear. */
const AIR_C = 0;
const WALL_WK = 3;
const CONTACT_WK = 6;
const AIR_JK = 9;
const SKIN_C = 10;
const OUTSIDE_C = 11;
const DOOR_WK = 12;
const FLOW_WK = 13;
const UNIT_HEAT_W = 14;
const CAPACITY_W = 15;
const SUPPLY_MIN_C = 16;
const SUPPLY_C = 17;
const RETURN_C = 18;
const COOLING_W = 19;
const IMBALANCE_J = 20;
const ENTRAINMENT = 21;
const NODES = 22;

/**
 * The middle of the step that was solved last: air = BASE + FOLLOW · feed, the mixture that reaches the front; what is
 * taken out; the cargo of the zone at hand. One for all, since a step is made or given up before another is begun.
 */
const BASE_C = 0;
const FOLLOW = 3;
const COOLED_W = 6;
const FEED_C = 7;
const CARGO_WEIGHT = 8;
const CARGO_LOAD = 9;
const solved = new Float64Array(10);

/** The same of each batch's zones: pulp = NODE_BASE + NODE_FOLLOW · air. */
const NODE_BASE_C = 0;
const NODE_FOLLOW = ZONES;
const SOLVED_STRIDE = 2 * ZONES;
let solvedNodes = new Float64Array(64 * SOLVED_STRIDE);

/** The zone at the door. */
const REAR = ZONES - 1;

/** A batch's figures, behind each other: from NODES on where there is one batch. */
const JK = 0;
const FREEZING_C = 1;
const TO_AIR_WK = 2;
const SOURCE_W = 5;
const STRIDE = 8;

/** How many numbers a loop takes of its asset's row. */
export const LOOP_SIZE = NODES + STRIDE;

/**
 * Air turns back to the unit from every zone, most of it from the last. ESTIMATE: the share that turns back at front,
 * middle and rear, and from it the share that gets as far as each.
 */
const TURNS_BACK = [0.15, 0.25, 0.6] as const;
const REACHES = [1, 0.85, 0.6] as const;

/** What surrounds and drives the air of an asset for a while. */
export interface LoopDrive {
  /** What the walls see: air and sun. */
  readonly skinC: number;
  readonly outsideC: number;
  /** Heat capacity flow of the air through the unit, W/K. */
  readonly flowWK: number;
  /** How many times that flow goes through the zones: the supply jet draws return air along. At least 1. */
  readonly entrainment: number;
  /** Heat that fans and heater give to the air as it passes the unit. */
  readonly unitHeatW: number;
  /** The most the unit can take out; 0 while it does not cool. */
  readonly capacityW: number;
  /** The unit cools as much as it can without its supply air getting colder than this. */
  readonly supplyMinC: number;
}

/**
 * The heat balance of one asset: air that goes round from the unit through front, middle and rear and back, walls,
 * an open door at the rear, and the cargo of each zone.
 *
 * Integrated by the implicit midpoint rule: every flux of a step is taken at its middle, which backward Euler finds
 * from half of the step, and the step goes twice as far. That is solved exactly in one pass: cargo touches only its
 * own zone's air, so it is eliminated first; the three airs are then straight-line functions of the air fed to the
 * first, and that of the return air. Heat is neither made nor lost, since each flux leaves one node and enters
 * another. Second order in time, so that a thermostat's cycles keep their length; stable for any step, but steps far
 * beyond the minutes in which air reacts would ring.
 * Fruit that freezes takes its flux at the temperature that its momentary heat capacity leads to, and its own
 * temperature from the heat it then holds: the balance stays exact.
 */
export class AirLoop {
  readonly #row: Float64Array;
  readonly #at: number;
  /** Figures of the batches: in the row while there is one, else in an array of their own. */
  #nodes: Float64Array;
  #nodesAt: number;
  readonly #pulpC: Float64Array;
  /** Indices of the batches inside, in the order in which they came. */
  #contents: readonly number[] = [];
  readonly #cargo: { of(batchIx: number): FreezingFruit };

  /**
   * @param pulpC of all batches, `batchIx × 3 + zone`
   * @param row has {@link LOOP_SIZE} numbers for this loop alone, from `at` on
   */
  constructor(
    pulpC: Float64Array,
    cargo: { of(batchIx: number): FreezingFruit },
    row: Float64Array = new Float64Array(LOOP_SIZE),
    at = 0,
  ) {
    this.#row = row;
    this.#at = at;
    this.#nodes = row;
    this.#nodesAt = at + NODES;
    this.#pulpC = pulpC;
    this.#cargo = cargo;
  }

  /** Air, lining, racks and packaging of the whole asset, which are all at one temperature to begin with. */
  fill(airJK: number, airC: number): void {
    const row = this.#row;
    const at = this.#at;
    row[at + AIR_JK] = airJK / ZONES;
    row.fill(airC, at + AIR_C, at + AIR_C + ZONES);
    row[at + SUPPLY_C] = airC;
    row[at + RETURN_C] = airC;
  }

  /** A zone's walls, W/K. @param contactWK what of them ends in cargo that leans on them */
  setWall(zone: number, wallWK: number, contactWK: number): void {
    this.#row[this.#at + WALL_WK + zone] = wallWK - contactWK;
    this.#row[this.#at + CONTACT_WK + zone] = contactWK;
  }

  drive(drive: LoopDrive): void {
    const row = this.#row;
    const at = this.#at;
    row[at + SKIN_C] = drive.skinC;
    row[at + OUTSIDE_C] = drive.outsideC;
    row[at + FLOW_WK] = drive.flowWK;
    row[at + ENTRAINMENT] = drive.entrainment;
    row[at + UNIT_HEAT_W] = drive.unitHeatW;
    row[at + CAPACITY_W] = drive.capacityW;
    row[at + SUPPLY_MIN_C] = drive.supplyMinC;
  }

  /** The unit's cooling alone: the thermostat's way to switch it. */
  setCapacity(capacityW: number): void {
    this.#row[this.#at + CAPACITY_W] = capacityW;
    this.#row[this.#at + SUPPLY_C] = this.#supplyAtC(this.returnC);
  }

  setDoor(doorWK: number): void {
    this.#row[this.#at + DOOR_WK] = doorWK;
  }

  /** What is inside from now on; its figures are to be set anew. */
  hold(contents: readonly number[]): void {
    this.#contents = contents;
    if (contents.length * SOLVED_STRIDE > solvedNodes.length) {
      solvedNodes = new Float64Array(2 * contents.length * SOLVED_STRIDE);
    }
    const needed = contents.length * STRIDE;
    if (needed <= STRIDE) {
      this.#nodes = this.#row;
      this.#nodesAt = this.#at + NODES;
    } else if (this.#nodes === this.#row || needed > this.#nodes.length) {
      // A vehicle holds one batch or a few; rooms come and go.
      const room = contents.length < 4 ? contents.length : Math.ceil(contents.length * 1.5);
      this.#nodes = new Float64Array(room * STRIDE);
      this.#nodesAt = 0;
    }
  }

  /** The batch that is the n-th inside. @param zoneJK heat capacity of a third of it above freezing */
  setBatch(n: number, zoneJK: number, freezingC: number): void {
    const node = this.#nodesAt + n * STRIDE;
    this.#nodes[node + JK] = zoneJK;
    this.#nodes[node + FREEZING_C] = freezingC;
  }

  /** One zone of it. @param sourceW its respiration */
  setNode(n: number, zone: number, toAirWK: number, sourceW: number): void {
    const node = this.#nodesAt + n * STRIDE + zone;
    this.#nodes[node + TO_AIR_WK] = toAirWK;
    this.#nodes[node + SOURCE_W] = sourceW;
  }

  airC(zone: number): number {
    return this.#row[this.#at + AIR_C + zone]!;
  }

  get supplyC(): number {
    return this.#row[this.#at + SUPPLY_C]!;
  }

  /** A zone's air in the middle of the step that {@link solve} found. */
  middleAirC(zone: number): number {
    return solved[BASE_C + zone]! + solved[FOLLOW + zone]! * solved[FEED_C]!;
  }

  get returnC(): number {
    return this.#row[this.#at + RETURN_C]!;
  }

  /** What the unit took out on the mean of the last step, W. */
  get coolingW(): number {
    return this.#row[this.#at + COOLING_W]!;
  }

  /** Heat that the steps have made out of nothing, J: 0 but for rounding. */
  get imbalanceJ(): number {
    return this.#row[this.#at + IMBALANCE_J]!;
  }

  /** Works out a step of `dtS` seconds without making it. Returns the return air at its end. Call before {@link commit}. */
  solve(dtS: number): number {
    const row = this.#row;
    const at = this.#at;
    const perS = 2 / dtS;
    const skinC = row[at + SKIN_C]!;
    const flow = row[at + FLOW_WK]! * row[at + ENTRAINMENT]!;
    let upBase = 0;
    let upFollow = 1;
    let base = 0;
    let follow = 0;
    for (let zone = 0; zone < ZONES; zone++) {
      const through = flow * REACHES[zone]!;
      const perStep = row[at + AIR_JK]! * perS;
      const wallWK = row[at + WALL_WK + zone]!;
      let weight = perStep + through + wallWK;
      let load = perStep * row[at + AIR_C + zone]! + wallWK * skinC;
      if (zone === REAR) {
        weight += row[at + DOOR_WK]!;
        load += row[at + DOOR_WK]! * row[at + OUTSIDE_C]!;
      }
      this.#eliminate(zone, perS);
      weight += solved[CARGO_WEIGHT]!;
      load += solved[CARGO_LOAD]!;
      upBase = (load + through * upBase) / weight;
      upFollow = (through * upFollow) / weight;
      solved[BASE_C + zone] = upBase;
      solved[FOLLOW + zone] = upFollow;
      base += TURNS_BACK[zone]! * upBase;
      follow += TURNS_BACK[zone]! * upFollow;
    }
    return 2 * this.#close(base, follow) - row[at + RETURN_C]!;
  }

  /** Takes the cargo of a zone out of the equations: its temperatures as straight lines of the zone's air. */
  #eliminate(zone: number, perS: number): void {
    const row = this.#row;
    const at = this.#at;
    const nodes = this.#nodes;
    const nodesAt = this.#nodesAt;
    const contents = this.#contents;
    const contactWK = this.#contactWK(zone);
    const contactW = contactWK * row[at + SKIN_C]!;
    let weight = 0;
    let load = 0;
    for (let n = 0; n < contents.length; n++) {
      const node = nodesAt + n * STRIDE;
      const pulpC = this.#pulpC[contents[n]! * ZONES + zone]!;
      const toAir = nodes[node + TO_AIR_WK + zone]!;
      const warms = pulpC >= nodes[node + FREEZING_C]! ? 1 : this.#warmsSlower(n, pulpC);
      const perStep = nodes[node + JK]! * warms * perS;
      const share = 1 / (perStep + toAir + contactWK);
      const nodeFollow = toAir * share;
      const nodeBaseC = (perStep * pulpC + nodes[node + SOURCE_W + zone]! + contactW) * share;
      solvedNodes[n * SOLVED_STRIDE + NODE_BASE_C + zone] = nodeBaseC;
      solvedNodes[n * SOLVED_STRIDE + NODE_FOLLOW + zone] = nodeFollow;
      weight += toAir * (1 - nodeFollow);
      load += toAir * nodeBaseC;
    }
    solved[CARGO_WEIGHT] = weight;
    solved[CARGO_LOAD] = load;
  }

  /** How many times the heat of unfrozen fruit it takes to warm this fruit by a kelvin. */
  #warmsSlower(n: number, pulpC: number): number {
    const fruit = this.#cargo.of(this.#contents[n]!);
    return apparentHeatJkgK(fruit, pulpC) / fruit.specificHeatJkgK;
  }

  /** Conductance from the wall to each batch of a zone. */
  #contactWK(zone: number): number {
    return this.#contents.length > 0 ? this.#row[this.#at + CONTACT_WK + zone]! / this.#contents.length : 0;
  }

  /**
   * The unit closes the loop, in which supply = return + (its heat − cooling) / flow, the feed lies between return and
   * supply by the entrainment, and return = base + follow · feed.
   */
  #close(base: number, follow: number): number {
    const row = this.#row;
    const at = this.#at;
    const flow = row[at + FLOW_WK]!;
    const heatW = row[at + UNIT_HEAT_W]!;
    const supplyMinC = row[at + SUPPLY_MIN_C]!;
    const fed = follow / row[at + ENTRAINMENT]!;
    const returnAtMinC = (base + fed * supplyMinC) / (1 - follow + fed);
    const cooledW = Math.min(row[at + CAPACITY_W]!, Math.max(0, flow * (returnAtMinC - supplyMinC) + heatW));
    const liftK = (heatW - cooledW) / flow;
    const returnC = (base + fed * liftK) / (1 - follow);
    solved[COOLED_W] = cooledW;
    solved[FEED_C] = returnC + liftK / row[at + ENTRAINMENT]!;
    return returnC;
  }

  /** Makes the step that {@link solve} found. @param dtS the same */
  commit(dtS: number): void {
    const row = this.#row;
    const at = this.#at;
    const feedC = solved[FEED_C]!;
    const coolingW = solved[COOLED_W]!;
    let gainedW = row[at + UNIT_HEAT_W]! - coolingW;
    let heldJ = 0;
    let returnC = 0;
    for (let zone = 0; zone < ZONES; zone++) {
      const airC = solved[BASE_C + zone]! + solved[FOLLOW + zone]! * feedC;
      gainedW += row[at + WALL_WK + zone]! * (row[at + SKIN_C]! - airC);
      if (zone === REAR) gainedW += row[at + DOOR_WK]! * (row[at + OUTSIDE_C]! - airC);
      const endC = 2 * airC - row[at + AIR_C + zone]!;
      heldJ += row[at + AIR_JK]! * (endC - row[at + AIR_C + zone]!);
      row[at + AIR_C + zone] = endC;
      returnC += TURNS_BACK[zone]! * endC;
      heldJ += this.#commitCargo(zone, airC, dtS);
    }
    row[at + SUPPLY_C] = this.#supplyAtC(returnC);
    row[at + RETURN_C] = returnC;
    row[at + COOLING_W] = coolingW;
    row[at + IMBALANCE_J] = row[at + IMBALANCE_J]! + heldJ - dtS * gainedW;
  }

  /** Supply air that the unit makes of the return air. */
  #supplyAtC(returnC: number): number {
    const row = this.#row;
    const at = this.#at;
    const uncooledC = returnC + row[at + UNIT_HEAT_W]! / row[at + FLOW_WK]!;
    const coldestC = uncooledC - row[at + CAPACITY_W]! / row[at + FLOW_WK]!;
    return Math.max(coldestC, Math.min(uncooledC, row[at + SUPPLY_MIN_C]!));
  }

  /** Returns the heat that the cargo of a zone holds more than what it got from its wall and of itself, J. */
  #commitCargo(zone: number, airC: number, dtS: number): number {
    const row = this.#row;
    const at = this.#at;
    const nodes = this.#nodes;
    const nodesAt = this.#nodesAt;
    const contents = this.#contents;
    const pulpC = this.#pulpC;
    const skinC = row[at + SKIN_C]!;
    const contactWK = this.#contactWK(zone);
    let heldJ = 0;
    for (let n = 0; n < contents.length; n++) {
      const node = nodesAt + n * STRIDE;
      const ix = contents[n]! * ZONES + zone;
      const fromC = pulpC[ix]!;
      const middleC =
        solvedNodes[n * SOLVED_STRIDE + NODE_BASE_C + zone]! +
        solvedNodes[n * SOLVED_STRIDE + NODE_FOLLOW + zone]! * airC;
      const endC = 2 * middleC - fromC;
      const ownW = contactWK * (skinC - middleC) + nodes[node + SOURCE_W + zone]!;
      const freezingC = nodes[node + FREEZING_C]!;
      if (fromC >= freezingC && endC >= freezingC) {
        pulpC[ix] = endC;
        heldJ += nodes[node + JK]! * (endC - fromC) - dtS * ownW;
      } else {
        const gainedJ = dtS * (nodes[node + TO_AIR_WK + zone]! * (airC - middleC) + ownW);
        heldJ += this.#commitFreezing(n, ix, gainedJ) - dtS * ownW;
      }
    }
    return heldJ;
  }

  /** Gives heat to fruit that freezes or thaws. Returns what it holds more by its new temperature. */
  #commitFreezing(n: number, ix: number, gainedJ: number): number {
    const fruit = this.#cargo.of(this.#contents[n]!);
    const kg = this.#nodes[this.#nodesAt + n * STRIDE + JK]! / fruit.specificHeatJkgK;
    const beforeJkg = enthalpyOfFruitJkg(fruit, this.#pulpC[ix]!);
    const toC = pulpAtEnthalpyC(fruit, beforeJkg + gainedJ / kg);
    this.#pulpC[ix] = toC;
    return kg * (enthalpyOfFruitJkg(fruit, toC) - beforeJkg);
  }
}
