import { ZONES as CARGO_ZONES } from './cargo.ts';
import type { FreezingFruit } from './freezing.ts';
import { LOOP_CARGO_SIZE, LoopCargo } from './loop-cargo.ts';
import { LoopSteps, REACHES } from './loop-steps.ts';

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
const CARGO = 22;

/** One for all: steps are made or given up before those of another loop are begun. */
const steps = new LoopSteps();
/** What `steps` is set up for; none where that has changed since. */
let stepsOf: AirLoop | undefined;
let stepS = 0;

/** What the cargo of the zone at hand adds to its air's equation. */
const WEIGHT_WK = 0;
const REST_W = 1;
const ofCargo = new Float64Array(2);

/** The zone at the door, and its equation in `steps` while the door is shut. */
const REAR = ZONES - 1;
const ALL_WK = 0;
const OWN_WK = 2;
const THROUGH_WK = 3;
const rear = new Float64Array(4);

/** How many numbers a loop takes of its asset's row. */
export const LOOP_SIZE = CARGO + LOOP_CARGO_SIZE;

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
export class AirLoop {
  readonly #row: Float64Array;
  readonly #at: number;
  readonly #cargo: LoopCargo;
  readonly #keepsAccounts: boolean;

  /**
   * @param pulpC of all batches, `batchIx × 3 + zone`
   * @param keepsAccounts of all heat that flows, to be checked: see {@link imbalanceJ}
   * @param row has {@link LOOP_SIZE} numbers for this loop alone, from `at` on
   */
  constructor(
    pulpC: Float64Array,
    book: { of(batchIx: number): FreezingFruit },
    keepsAccounts: boolean,
    row: Float64Array = new Float64Array(LOOP_SIZE),
    at = 0,
  ) {
    this.#keepsAccounts = keepsAccounts;
    this.#row = row;
    this.#at = at;
    this.#cargo = new LoopCargo(pulpC, book, row, at + CARGO);
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
    this.#row[this.#at + CONTACT_WK + zone] = contactWK / Math.max(1, this.#cargo.size);
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
    this.#cargo.hold(contents);
  }

  /** The batch that is the n-th inside. @param zoneJK heat capacity of a third of it above freezing */
  setBatch(n: number, zoneJK: number, freezingC: number): void {
    this.#change();
    this.#cargo.setBatch(n, zoneJK, freezingC);
  }

  /** One zone of it. @param sourceW its respiration */
  setNode(n: number, zone: number, toAirWK: number, sourceW: number): void {
    this.#change();
    this.#cargo.setNode(n, zone, toAirWK, sourceW);
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
    this.#make();
    this.#settle(1);
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
      if (this.#make()) break;
    }
    if (made > 0) this.#settle(made);
    return made;
  }

  /** Returns whether fruit was below its freezing point: then the next step's equations are others. */
  #make(): boolean {
    this.#row[this.#at + COOLING_W] = steps.cooledW;
    const froze = steps.make(this.#cargo);
    if (froze) this.#change();
    return froze;
  }

  /** Something other than temperatures is to be set, or has just come out differently. */
  #change(): void {
    if (stepsOf === this) stepsOf = undefined;
  }

  /** Sets `steps` up for steps of a length, from the temperatures as they are. */
  #setUp(dtS: number): void {
    if (stepsOf !== this || stepS !== dtS) this.#setEquations(dtS);
    for (let zone = 0; zone < ZONES; zone++) steps.setAir(zone, this.airC(zone));
    this.#cargo.begin(steps);
    steps.setCapacity(this.#row[this.#at + CAPACITY_W]!);
  }

  #setEquations(dtS: number): void {
    const row = this.#row;
    const at = this.#at;
    const perS = 2 / dtS;
    const jetWK = row[at + FLOW_WK]! * row[at + ENTRAINMENT]!;
    steps.begin(this.#cargo.size, this.#keepsAccounts);
    this.#cargo.setUp(steps, dtS, row[at + SKIN_C]!);
    for (let zone = 0; zone < ZONES; zone++) {
      const throughWK = jetWK * REACHES[zone]!;
      const ownWK = row[at + AIR_JK]! * perS;
      const wallWK = row[at + WALL_WK + zone]!;
      this.#cargo.eliminate(steps, zone, row[at + CONTACT_WK + zone]!, ofCargo);
      const allWK = ownWK + throughWK + wallWK + ofCargo[WEIGHT_WK]!;
      const restW = wallWK * row[at + SKIN_C]! + ofCargo[REST_W]!;
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

  /** Takes over what `made` steps have come to. */
  #settle(made: number): void {
    const row = this.#row;
    const at = this.#at;
    if (this.#keepsAccounts) this.#account(made);
    for (let zone = 0; zone < ZONES; zone++) row[at + AIR_C + zone] = steps.airC(zone);
    this.#cargo.settle(steps);
    const { returnC } = steps;
    row[at + SUPPLY_C] = this.#supplyAtC(returnC);
    row[at + RETURN_C] = returnC;
  }

  /** Enters what air and cargo will hold more after `made` steps, less what has come in from outside. */
  #account(made: number): void {
    const row = this.#row;
    const at = this.#at;
    let heldJ = this.#cargo.heldMoreJ(steps, made);
    let gainedW = made * row[at + UNIT_HEAT_W]! - steps.cooledSumW;
    for (let zone = 0; zone < ZONES; zone++) {
      const sumC = steps.airSumC(zone);
      gainedW += row[at + WALL_WK + zone]! * (made * row[at + SKIN_C]! - sumC);
      if (zone === REAR) gainedW += row[at + DOOR_WK]! * (made * row[at + OUTSIDE_C]! - sumC);
      heldJ += row[at + AIR_JK]! * (steps.airC(zone) - row[at + AIR_C + zone]!);
    }
    row[at + IMBALANCE_J] = row[at + IMBALANCE_J]! + heldJ - stepS * gainedW;
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
