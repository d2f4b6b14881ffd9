import { ZONES } from './cargo.ts';
import { apparentHeatJkgK, enthalpyOfFruitJkg, type FreezingFruit, pulpAtEnthalpyC } from './freezing.ts';

/** Where the figures of an asset lie in its row; three in a row are front, middle, rear. */
const AIR_C = 0;
const AIR_JK = 3;
const WALL_WK = 6;
const CONTACT_WK = 9;
const SKIN_C = 12;
const OUTSIDE_C = 13;
const DOOR_WK = 14;
const FLOW_WK = 15;
const UNIT_HEAT_W = 16;
const CAPACITY_W = 17;
const SUPPLY_MIN_C = 18;
const SUPPLY_C = 19;
const RETURN_C = 20;
const COOLING_W = 21;
/** Of the solved step’s middle: air = BASE + FOLLOW · feed, the mixture that reaches the front; cooling, supply. */
const BASE_C = 22;
const FOLLOW = 25;
const COOLED_W = 28;
const FEED_C = 29;
const IMBALANCE_J = 30;
const ENTRAINMENT = 31;
const CARGO_WEIGHT = 32;
const CARGO_LOAD = 33;
const NODES = 34;

/** The zone at the door. */
const REAR = ZONES - 1;

/** A batch's figures, behind each other from NODES on. */
const JK = 0;
const FREEZING_C = 1;
const TO_AIR_WK = 2;
const SOURCE_W = 5;
const NODE_BASE_C = 8;
const NODE_FOLLOW = 11;
const STRIDE = 14;

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
  #row = new Float64Array(NODES + STRIDE);
  readonly #pulpC: Float64Array;
  /** Indices of the batches inside, in the order in which they came. */
  #contents: readonly number[] = [];
  readonly #cargo: { of(batchIx: number): FreezingFruit };

  /** @param pulpC of all batches, `batchIx × 3 + zone` */
  constructor(pulpC: Float64Array, cargo: { of(batchIx: number): FreezingFruit }) {
    this.#pulpC = pulpC;
    this.#cargo = cargo;
  }

  /** Air, lining, racks and packaging of the whole asset, which are all at one temperature to begin with. */
  fill(airJK: number, airC: number): void {
    this.#row.fill(airJK / ZONES, AIR_JK, AIR_JK + ZONES);
    this.#row.fill(airC, AIR_C, AIR_C + ZONES);
    this.#row[SUPPLY_C] = airC;
    this.#row[RETURN_C] = airC;
  }

  /** A zone's walls, W/K. @param contactWK what of them ends in cargo that leans on them */
  setWall(zone: number, wallWK: number, contactWK: number): void {
    this.#row[WALL_WK + zone] = wallWK - contactWK;
    this.#row[CONTACT_WK + zone] = contactWK;
  }

  drive(drive: LoopDrive): void {
    const row = this.#row;
    row[SKIN_C] = drive.skinC;
    row[OUTSIDE_C] = drive.outsideC;
    row[FLOW_WK] = drive.flowWK;
    row[ENTRAINMENT] = drive.entrainment;
    row[UNIT_HEAT_W] = drive.unitHeatW;
    row[CAPACITY_W] = drive.capacityW;
    row[SUPPLY_MIN_C] = drive.supplyMinC;
  }

  /** The unit's cooling alone: the thermostat's way to switch it. */
  setCapacity(capacityW: number): void {
    this.#row[CAPACITY_W] = capacityW;
  }

  setDoor(doorWK: number): void {
    this.#row[DOOR_WK] = doorWK;
  }

  /** What is inside from now on; its figures are to be set anew. */
  hold(contents: readonly number[]): void {
    this.#contents = contents;
    const needed = NODES + contents.length * STRIDE;
    if (needed <= this.#row.length) return;
    // A vehicle holds one batch or a few; rooms come and go.
    const room = contents.length < 4 ? contents.length : Math.ceil(contents.length * 1.5);
    const row = new Float64Array(NODES + room * STRIDE);
    row.set(this.#row);
    this.#row = row;
  }

  /** The batch that is the n-th inside. @param zoneJK heat capacity of a third of it above freezing */
  setBatch(n: number, zoneJK: number, freezingC: number): void {
    this.#row[NODES + n * STRIDE + JK] = zoneJK;
    this.#row[NODES + n * STRIDE + FREEZING_C] = freezingC;
  }

  /** One zone of it. @param sourceW its respiration */
  setNode(n: number, zone: number, toAirWK: number, sourceW: number): void {
    const at = NODES + n * STRIDE + zone;
    this.#row[at + TO_AIR_WK] = toAirWK;
    this.#row[at + SOURCE_W] = sourceW;
  }

  airC(zone: number): number {
    return this.#row[AIR_C + zone]!;
  }

  get supplyC(): number {
    return this.#row[SUPPLY_C]!;
  }

  /** A zone's air in the middle of the step that {@link solve} found. */
  middleAirC(zone: number): number {
    return this.#row[BASE_C + zone]! + this.#row[FOLLOW + zone]! * this.#row[FEED_C]!;
  }

  get returnC(): number {
    return this.#row[RETURN_C]!;
  }

  /** What the unit took out on the mean of the last step, W. */
  get coolingW(): number {
    return this.#row[COOLING_W]!;
  }

  /** Heat that the steps have made out of nothing, J: 0 but for rounding. */
  get imbalanceJ(): number {
    return this.#row[IMBALANCE_J]!;
  }

  /** Works out a step of `dtS` seconds without making it. Returns the return air at its end. Call before {@link commit}. */
  solve(dtS: number): number {
    const row = this.#row;
    const perS = 2 / dtS;
    const skinC = row[SKIN_C]!;
    const flow = row[FLOW_WK]! * row[ENTRAINMENT]!;
    let upBase = 0;
    let upFollow = 1;
    let base = 0;
    let follow = 0;
    for (let zone = 0; zone < ZONES; zone++) {
      const through = flow * REACHES[zone]!;
      const perStep = row[AIR_JK + zone]! * perS;
      const wallWK = row[WALL_WK + zone]!;
      let weight = perStep + through + wallWK;
      let load = perStep * row[AIR_C + zone]! + wallWK * skinC;
      if (zone === REAR) {
        weight += row[DOOR_WK]!;
        load += row[DOOR_WK]! * row[OUTSIDE_C]!;
      }
      this.#eliminate(zone, perS);
      weight += row[CARGO_WEIGHT]!;
      load += row[CARGO_LOAD]!;
      upBase = (load + through * upBase) / weight;
      upFollow = (through * upFollow) / weight;
      row[BASE_C + zone] = upBase;
      row[FOLLOW + zone] = upFollow;
      base += TURNS_BACK[zone]! * upBase;
      follow += TURNS_BACK[zone]! * upFollow;
    }
    return 2 * this.#close(base, follow) - row[RETURN_C]!;
  }

  /** Takes the cargo of a zone out of the equations: its temperatures as straight lines of the zone's air. */
  #eliminate(zone: number, perS: number): void {
    const row = this.#row;
    const contents = this.#contents;
    const contactWK = this.#contactWK(zone);
    const contactW = contactWK * row[SKIN_C]!;
    let weight = 0;
    let load = 0;
    for (let n = 0; n < contents.length; n++) {
      const at = NODES + n * STRIDE;
      const pulpC = this.#pulpC[contents[n]! * ZONES + zone]!;
      const toAir = row[at + TO_AIR_WK + zone]!;
      const warms = pulpC >= row[at + FREEZING_C]! ? 1 : this.#warmsSlower(n, pulpC);
      const perStep = row[at + JK]! * warms * perS;
      const share = 1 / (perStep + toAir + contactWK);
      const nodeFollow = toAir * share;
      const nodeBaseC = (perStep * pulpC + row[at + SOURCE_W + zone]! + contactW) * share;
      row[at + NODE_BASE_C + zone] = nodeBaseC;
      row[at + NODE_FOLLOW + zone] = nodeFollow;
      weight += toAir * (1 - nodeFollow);
      load += toAir * nodeBaseC;
    }
    row[CARGO_WEIGHT] = weight;
    row[CARGO_LOAD] = load;
  }

  /** How many times the heat of unfrozen fruit it takes to warm this fruit by a kelvin. */
  #warmsSlower(n: number, pulpC: number): number {
    const fruit = this.#cargo.of(this.#contents[n]!);
    return apparentHeatJkgK(fruit, pulpC) / fruit.specificHeatJkgK;
  }

  /** Conductance from the wall to each batch of a zone. */
  #contactWK(zone: number): number {
    return this.#contents.length > 0 ? this.#row[CONTACT_WK + zone]! / this.#contents.length : 0;
  }

  /**
   * The unit closes the loop, in which supply = return + (its heat − cooling) / flow, the feed lies between return and
   * supply by the entrainment, and return = base + follow · feed.
   */
  #close(base: number, follow: number): number {
    const row = this.#row;
    const flow = row[FLOW_WK]!;
    const heatW = row[UNIT_HEAT_W]!;
    const supplyMinC = row[SUPPLY_MIN_C]!;
    const fed = follow / row[ENTRAINMENT]!;
    const returnAtMinC = (base + fed * supplyMinC) / (1 - follow + fed);
    const cooledW = Math.min(row[CAPACITY_W]!, Math.max(0, flow * (returnAtMinC - supplyMinC) + heatW));
    const liftK = (heatW - cooledW) / flow;
    const returnC = (base + fed * liftK) / (1 - follow);
    row[COOLED_W] = cooledW;
    row[FEED_C] = returnC + liftK / row[ENTRAINMENT]!;
    return returnC;
  }

  /** Makes the step that {@link solve} found. @param dtS the same */
  commit(dtS: number): void {
    const row = this.#row;
    const feedC = row[FEED_C]!;
    const coolingW = row[COOLED_W]!;
    let gainedW = row[UNIT_HEAT_W]! - coolingW;
    let heldJ = 0;
    let returnC = 0;
    for (let zone = 0; zone < ZONES; zone++) {
      const airC = row[BASE_C + zone]! + row[FOLLOW + zone]! * feedC;
      gainedW += row[WALL_WK + zone]! * (row[SKIN_C]! - airC);
      if (zone === REAR) gainedW += row[DOOR_WK]! * (row[OUTSIDE_C]! - airC);
      const endC = 2 * airC - row[AIR_C + zone]!;
      heldJ += row[AIR_JK + zone]! * (endC - row[AIR_C + zone]!);
      row[AIR_C + zone] = endC;
      returnC += TURNS_BACK[zone]! * endC;
      heldJ += this.#commitCargo(zone, airC, dtS);
    }
    row[SUPPLY_C] = this.#supplyAtC(returnC);
    row[RETURN_C] = returnC;
    row[COOLING_W] = coolingW;
    row[IMBALANCE_J] = row[IMBALANCE_J]! + heldJ - dtS * gainedW;
  }

  /** Supply air that the unit makes of the return air. */
  #supplyAtC(returnC: number): number {
    const row = this.#row;
    const uncooledC = returnC + row[UNIT_HEAT_W]! / row[FLOW_WK]!;
    const coldestC = uncooledC - row[CAPACITY_W]! / row[FLOW_WK]!;
    return Math.max(coldestC, Math.min(uncooledC, row[SUPPLY_MIN_C]!));
  }

  /** Returns the heat that the cargo of a zone holds more than what it got from its wall and of itself, J. */
  #commitCargo(zone: number, airC: number, dtS: number): number {
    const row = this.#row;
    const contents = this.#contents;
    const pulpC = this.#pulpC;
    const skinC = row[SKIN_C]!;
    const contactWK = this.#contactWK(zone);
    let heldJ = 0;
    for (let n = 0; n < contents.length; n++) {
      const at = NODES + n * STRIDE;
      const ix = contents[n]! * ZONES + zone;
      const fromC = pulpC[ix]!;
      const middleC = row[at + NODE_BASE_C + zone]! + row[at + NODE_FOLLOW + zone]! * airC;
      const endC = 2 * middleC - fromC;
      const ownW = contactWK * (skinC - middleC) + row[at + SOURCE_W + zone]!;
      const freezingC = row[at + FREEZING_C]!;
      if (fromC >= freezingC && endC >= freezingC) {
        pulpC[ix] = endC;
        heldJ += row[at + JK]! * (endC - fromC) - dtS * ownW;
      } else {
        const gainedJ = dtS * (row[at + TO_AIR_WK + zone]! * (airC - middleC) + ownW);
        heldJ += this.#commitFreezing(n, ix, gainedJ) - dtS * ownW;
      }
    }
    return heldJ;
  }

  /** Gives heat to fruit that freezes or thaws. Returns what it holds more by its new temperature. */
  #commitFreezing(n: number, ix: number, gainedJ: number): number {
    const fruit = this.#cargo.of(this.#contents[n]!);
    const kg = this.#row[NODES + n * STRIDE + JK]! / fruit.specificHeatJkgK;
    const beforeJkg = enthalpyOfFruitJkg(fruit, this.#pulpC[ix]!);
    const toC = pulpAtEnthalpyC(fruit, beforeJkg + gainedJ / kg);
    this.#pulpC[ix] = toC;
    return kg * (enthalpyOfFruitJkg(fruit, toC) - beforeJkg);
  }
}
