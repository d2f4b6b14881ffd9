import { ZONES as CARGO_ZONES } from './cargo.ts';
import { apparentHeatJkgK, enthalpyOfFruitJkg, type FreezingFruit, pulpAtEnthalpyC } from './freezing.ts';
import { type Freezing, LoopSteps, REACHES } from './loop-steps.ts';

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

/** One for all: steps are made or given up before those of another loop are begun. */
const steps = new LoopSteps();
/** What `steps` is set up for; none where that has changed since. */
let stepsOf: AirLoop | undefined;
let stepS = 0;

/** What the cargo of the zone at hand adds to its air's equation. */
const WEIGHT_WK = 0;
const REST_W = 1;
const cargo = new Float64Array(2);

/** The zone at the door, and its equation in `steps` while the door is shut. */
const REAR = ZONES - 1;
const ALL_WK = 0;
const OWN_WK = 2;
const THROUGH_WK = 3;
const rear = new Float64Array(4);

/** A batch's figures, behind each other: from NODES on where there is one batch. */
const JK = 0;
const FREEZING_C = 1;
const TO_AIR_WK = 2;
const SOURCE_W = 5;
const STRIDE = 8;

/** How many numbers a loop takes of its asset's row. */
export const LOOP_SIZE = NODES + STRIDE;

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
 * What holds for a row of equal steps is worked out once for all of them (see {@link LoopSteps}).
 */
export class AirLoop implements Freezing {
  readonly #row: Float64Array;
  readonly #at: number;
  /** Figures of the batches: in the row while there is one, else in an array of their own. */
  #nodes: Float64Array;
  #nodesAt: number;
  readonly #pulpC: Float64Array;
  /** Indices of the batches inside, in the order in which they came. */
  #contents: readonly number[] = [];
  readonly #cargo: { of(batchIx: number): FreezingFruit };
  readonly #keepsAccounts: boolean;

  /**
   * @param pulpC of all batches, `batchIx × 3 + zone`
   * @param keepsAccounts of all heat that flows, to be checked: see {@link imbalanceJ}
   * @param row has {@link LOOP_SIZE} numbers for this loop alone, from `at` on
   */
  constructor(
    pulpC: Float64Array,
    cargo: { of(batchIx: number): FreezingFruit },
    keepsAccounts: boolean,
    row: Float64Array = new Float64Array(LOOP_SIZE),
    at = 0,
  ) {
    this.#keepsAccounts = keepsAccounts;
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
    this.#change();
    row[at + AIR_JK] = airJK / ZONES;
    row.fill(airC, at + AIR_C, at + AIR_C + ZONES);
    row[at + SUPPLY_C] = airC;
    row[at + RETURN_C] = airC;
  }

  /** A zone's walls, W/K. @param contactWK what of them ends in cargo that leans on them: in each batch as much */
  setWall(zone: number, wallWK: number, contactWK: number): void {
    this.#change();
    this.#row[this.#at + WALL_WK + zone] = wallWK - contactWK;
    this.#row[this.#at + CONTACT_WK + zone] = contactWK / Math.max(1, this.#contents.length);
  }

  drive(drive: LoopDrive): void {
    const row = this.#row;
    const at = this.#at;
    this.#change();
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
    if (stepsOf === this) this.#setRear();
  }

  /** What is inside from now on; its figures are to be set anew. */
  hold(contents: readonly number[]): void {
    this.#change();
    this.#contents = contents;
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
    this.#change();
    this.#nodes[node + JK] = zoneJK;
    this.#nodes[node + FREEZING_C] = freezingC;
  }

  /** One zone of it. @param sourceW its respiration */
  setNode(n: number, zone: number, toAirWK: number, sourceW: number): void {
    const node = this.#nodesAt + n * STRIDE + zone;
    this.#change();
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
    return steps.middleAirC(zone);
  }

  get returnC(): number {
    return this.#row[this.#at + RETURN_C]!;
  }

  /** What the unit took out on the mean of the last step, W. */
  get coolingW(): number {
    return this.#row[this.#at + COOLING_W]!;
  }

  /** Heat that the steps have made out of nothing, J: 0 but for rounding. NaN where no accounts are kept. */
  get imbalanceJ(): number {
    return this.#keepsAccounts ? this.#row[this.#at + IMBALANCE_J]! : NaN;
  }

  /** Works out a step of `dtS` seconds without making it. Returns the return air at its end. Call before {@link commit}. */
  solve(dtS: number): number {
    this.#setUp(dtS);
    return steps.solve();
  }

  /** Makes the step that {@link solve} found. */
  commit(): void {
    const { cooledW } = steps;
    if (steps.make(this)) this.#change();
    this.#settle(1, cooledW);
  }

  /**
   * Makes equal steps: as many as asked for, but none at whose end the return air would be at one of the limits or
   * beyond, and none after one in which fruit was below its freezing point. Returns how many.
   * @param cooledW is given what the unit took out on the mean of each
   */
  advance(count: number, dtS: number, aboveC: number, belowC: number, cooledW: Float64Array): number {
    this.#setUp(dtS);
    let made = 0;
    while (made < count) {
      const endC = steps.solve();
      if (endC <= aboveC || endC >= belowC) break;
      cooledW[made++] = steps.cooledW;
      if (!steps.make(this)) continue;
      this.#change();
      break;
    }
    if (made > 0) this.#settle(made, cooledW[made - 1]!);
    return made;
  }

  freeze(n: number, zone: number, fromC: number, middleC: number, airC: number): number {
    const node = this.#nodesAt + n * STRIDE;
    const contactWK = this.#row[this.#at + CONTACT_WK + zone]!;
    const toFruitW =
      this.#nodes[node + TO_AIR_WK + zone]! * (airC - middleC) +
      contactWK * (this.#row[this.#at + SKIN_C]! - middleC) +
      this.#nodes[node + SOURCE_W + zone]!;
    const fruit = this.#cargo.of(this.#contents[n]!);
    const kg = this.#nodes[node + JK]! / fruit.specificHeatJkgK;
    const beforeJkg = enthalpyOfFruitJkg(fruit, fromC);
    const toC = pulpAtEnthalpyC(fruit, beforeJkg + (stepS * toFruitW) / kg);
    // The accounts reckon with unfrozen fruit.
    const heldJ = kg * (enthalpyOfFruitJkg(fruit, toC) - beforeJkg) - this.#nodes[node + JK]! * (toC - fromC);
    this.#row[this.#at + IMBALANCE_J] = this.#row[this.#at + IMBALANCE_J]! + heldJ;
    return toC;
  }

  /** Something other than temperatures is to be set, or has just come out differently. */
  #change(): void {
    if (stepsOf === this) stepsOf = undefined;
  }

  /** Sets `steps` up for steps of a length, from the temperatures as they are. */
  #setUp(dtS: number): void {
    if (stepsOf !== this || stepS !== dtS) this.#setEquations(dtS);
    const contents = this.#contents;
    for (let zone = 0; zone < ZONES; zone++) {
      steps.setAir(zone, this.airC(zone));
      for (let n = 0; n < contents.length; n++) steps.setPulp(n, zone, this.#pulpC[contents[n]! * ZONES + zone]!);
    }
    steps.setCapacity(this.#row[this.#at + CAPACITY_W]!);
  }

  #setEquations(dtS: number): void {
    const row = this.#row;
    const at = this.#at;
    const perS = 2 / dtS;
    const jetWK = row[at + FLOW_WK]! * row[at + ENTRAINMENT]!;
    const contents = this.#contents;
    steps.begin(contents.length, this.#keepsAccounts);
    for (let n = 0; n < contents.length; n++) {
      steps.setFreezing(n, this.#nodes[this.#nodesAt + n * STRIDE + FREEZING_C]!);
    }
    for (let zone = 0; zone < ZONES; zone++) {
      const throughWK = jetWK * REACHES[zone]!;
      const ownWK = row[at + AIR_JK]! * perS;
      const wallWK = row[at + WALL_WK + zone]!;
      this.#eliminate(zone, perS);
      const allWK = ownWK + throughWK + wallWK + cargo[WEIGHT_WK]!;
      const restW = wallWK * row[at + SKIN_C]! + cargo[REST_W]!;
      if (zone === REAR) {
        rear[ALL_WK] = allWK;
        rear[OWN_WK] = ownWK;
        rear[THROUGH_WK] = throughWK;
        rear[REST_W] = restW;
      } else steps.setZone(zone, allWK, ownWK, throughWK, restW);
    }
    stepsOf = this;
    stepS = dtS;
    this.#setRear();
  }

  /** The equation of the zone at the door, and what hangs on it. */
  #setRear(): void {
    const row = this.#row;
    const at = this.#at;
    const doorWK = row[at + DOOR_WK]!;
    const restW = rear[REST_W]! + doorWK * row[at + OUTSIDE_C]!;
    steps.setZone(REAR, rear[ALL_WK]! + doorWK, rear[OWN_WK]!, rear[THROUGH_WK]!, restW);
    steps.setUnit(row[at + FLOW_WK]!, row[at + ENTRAINMENT]!, row[at + UNIT_HEAT_W]!, row[at + SUPPLY_MIN_C]!);
  }

  /** Takes the cargo of a zone out of the equations: its temperatures as straight lines of the zone's air. */
  #eliminate(zone: number, perS: number): void {
    const row = this.#row;
    const at = this.#at;
    const nodes = this.#nodes;
    const nodesAt = this.#nodesAt;
    const contents = this.#contents;
    const contactWK = row[at + CONTACT_WK + zone]!;
    const contactW = contactWK * row[at + SKIN_C]!;
    let weightWK = 0;
    let restW = 0;
    for (let n = 0; n < contents.length; n++) {
      const node = nodesAt + n * STRIDE;
      const pulpC = this.#pulpC[contents[n]! * ZONES + zone]!;
      const toAirWK = nodes[node + TO_AIR_WK + zone]!;
      const warms = pulpC >= nodes[node + FREEZING_C]! ? 1 : this.#warmsSlower(n, pulpC);
      const ownWK = nodes[node + JK]! * warms * perS;
      const perWK = 1 / (ownWK + toAirWK + contactWK);
      const own = ownWK * perWK;
      const restC = (nodes[node + SOURCE_W + zone]! + contactW) * perWK;
      const follow = toAirWK * perWK;
      steps.setNode(n, zone, own, restC, follow, toAirWK * own);
      weightWK += toAirWK * (1 - follow);
      restW += toAirWK * restC;
    }
    cargo[WEIGHT_WK] = weightWK;
    cargo[REST_W] = restW;
  }

  /** How many times the heat of unfrozen fruit it takes to warm this fruit by a kelvin. */
  #warmsSlower(n: number, pulpC: number): number {
    const fruit = this.#cargo.of(this.#contents[n]!);
    return apparentHeatJkgK(fruit, pulpC) / fruit.specificHeatJkgK;
  }

  /** Takes over what `made` steps have come to. @param cooledW what the unit took out in the last */
  #settle(made: number, cooledW: number): void {
    const row = this.#row;
    const at = this.#at;
    const contents = this.#contents;
    const pulpC = this.#pulpC;
    if (this.#keepsAccounts) this.#account(made);
    for (let zone = 0; zone < ZONES; zone++) {
      row[at + AIR_C + zone] = steps.airC(zone);
      for (let n = 0; n < contents.length; n++) pulpC[contents[n]! * ZONES + zone] = steps.pulpC(n, zone);
    }
    const { returnC } = steps;
    row[at + SUPPLY_C] = this.#supplyAtC(returnC);
    row[at + RETURN_C] = returnC;
    row[at + COOLING_W] = cooledW;
  }

  /** Enters what air and cargo will hold more after `made` steps, less what has come in from outside. */
  #account(made: number): void {
    const row = this.#row;
    const at = this.#at;
    let heldJ = 0;
    let gainedW = made * row[at + UNIT_HEAT_W]! - steps.cooledSumW;
    for (let zone = 0; zone < ZONES; zone++) {
      const sumC = steps.airSumC(zone);
      gainedW += row[at + WALL_WK + zone]! * (made * row[at + SKIN_C]! - sumC);
      if (zone === REAR) gainedW += row[at + DOOR_WK]! * (made * row[at + OUTSIDE_C]! - sumC);
      heldJ += row[at + AIR_JK]! * (steps.airC(zone) - row[at + AIR_C + zone]!);
      heldJ += this.#cargoHeldJ(zone, made);
    }
    row[at + IMBALANCE_J] = row[at + IMBALANCE_J]! + heldJ - stepS * gainedW;
  }

  /** The heat that the cargo of a zone will hold more than what it got from its wall and of itself, J. */
  #cargoHeldJ(zone: number, made: number): number {
    const nodes = this.#nodes;
    const contents = this.#contents;
    const skinC = this.#row[this.#at + SKIN_C]!;
    const contactWK = this.#row[this.#at + CONTACT_WK + zone]!;
    let heldJ = 0;
    for (let n = 0; n < contents.length; n++) {
      const node = this.#nodesAt + n * STRIDE;
      const moreC = steps.pulpC(n, zone) - this.#pulpC[contents[n]! * ZONES + zone]!;
      const ownW = contactWK * (made * skinC - steps.pulpSumC(n, zone)) + made * nodes[node + SOURCE_W + zone]!;
      heldJ += nodes[node + JK]! * moreC - stepS * ownW;
    }
    return heldJ;
  }

  /** Supply air that the unit makes of the return air. */
  #supplyAtC(returnC: number): number {
    const row = this.#row;
    const at = this.#at;
    const uncooledC = returnC + row[at + UNIT_HEAT_W]! / row[at + FLOW_WK]!;
    const coldestC = uncooledC - row[at + CAPACITY_W]! / row[at + FLOW_WK]!;
    return Math.max(coldestC, Math.min(uncooledC, row[at + SUPPLY_MIN_C]!));
  }
}
