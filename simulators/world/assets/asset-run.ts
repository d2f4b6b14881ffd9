import { saturationPa } from '../../../src/lib/vapour.ts';
import type { TrackCursor } from '../../plan/track.ts';
import type { Duty, PlannedFault, Track } from '../../plan/types.ts';
import { AirLoop } from '../physics/air-loop.ts';
import { ZONES as CARGO_ZONES } from '../physics/cargo.ts';
import { infiltrationWK } from '../physics/door.ts';
import { humidityRatio } from '../physics/humid-air.ts';
import { capacityAtW, performanceAt } from '../physics/refrigeration-unit.ts';
import { airFlow, fanW, heaterToAirShare, heaterW } from './air-flow.ts';
import { type AssetRow, type AssetRows, KEPT } from './asset-rows.ts';
import type { AssetBody, BodyKind } from './body.ts';
import { CargoHold, type SharedCargo } from './cargo-hold.ts';
import type { Conditions, ConditionsOf } from './conditions.ts';
import { humidityFollows, outsideAirInsidePct, relaxedHumidityPct, settledHumidityPct } from './humidity.ts';
import { Surroundings, type Weather } from './surroundings.ts';
import { Thermostat } from './thermostat.ts';

/** What an asset needs to go through one duty. */
export interface AssetSetup {
  readonly body: AssetBody;
  readonly setPointC: number;
  readonly duty: Duty;
  /** Those that strike the asset itself, ascending. */
  readonly faults: readonly PlannedFault[];
}

/** What all assets of a world have in common. */
export interface SharedSetup extends SharedCargo {
  readonly weather: Weather;
  /** The grid that slices and inner steps are on begins here. */
  readonly startMs: number;
  /** While nothing but the unit's own control acts on an asset; half of it otherwise, and where that acts briskly. */
  readonly stepMs: number;
  /** Of the heat that flows, to be checked. */
  readonly keepsAccounts: boolean;
  /** Of assets on duty. */
  readonly rows: AssetRows;
  readonly conditions: Conditions;
  /** Finds positions: quickest while one asset is asked after itself. */
  readonly cursor: TrackCursor;
}

/** A constant of this module: V8 folds it into the code of every step, where an imported one is loaded at each use. */
const ZONES = CARGO_ZONES;

const HUMIDITY_AT_FIRST_PCT = 80;

const HUMIDITY = KEPT - 1;

/** Values on their way into a row. */
const kept = new Float64Array(KEPT);

/** How long an asset goes by the same weather and the same respiration: both change over hours. */
const CONDITIONS_MS = 10 * 60_000;

/** How long air takes to settle after a door, a defrost or a fault: until then steps are fine. */
const SETTLING_MS = 10 * 60_000;

/** Whole steps that are longer than half of what air takes to go round would misplace when an on-off unit switches. */
const BRISK_TURNOVER_S = 120;

/** The most steps that are made at once, and what the unit took out in each, W. */
const STRIDE_STEPS = 64;
const cooledW = new Float64Array(STRIDE_STEPS);

/** One asset going through a duty in inner steps. */
export class AssetRun implements ConditionsOf {
  readonly duty: Duty;
  /** Of it: asked for in every slice, while duties come in many shapes. */
  readonly toMs: number;
  readonly #track: Track;
  readonly faults: readonly PlannedFault[];
  readonly kind: BodyKind;
  readonly intendedC: number;
  doorIx = 0;
  unpoweredIx = 0;
  plainUntilMs = -Infinity;
  readonly #shared: SharedSetup;
  /** Its numbers. */
  readonly #row: AssetRow;
  readonly #surroundings: Surroundings;
  readonly #loop: AirLoop;
  readonly #hold: CargoHold;
  readonly #thermostat: Thermostat;
  /** Its unit's switching comes to all of its air so quickly that steps are to be fine at all times. */
  readonly #isBrisk: boolean;
  #defrostOn = false;

  constructor({ body, duty, faults, setPointC }: AssetSetup, shared: SharedSetup) {
    const { kind } = body;
    this.duty = duty;
    this.toMs = duty.toMs;
    this.#track = duty.track;
    this.faults = faults;
    this.kind = kind;
    this.intendedC = setPointC;
    this.#shared = shared;
    const row = shared.rows.take();
    this.#row = row;
    row.stepFromMs = duty.fromMs;
    row.stepToMs = duty.fromMs;
    row.timeMs = duty.fromMs;
    row.segmentToMs = duty.fromMs;
    row.frostedS = body.frostedS;
    row.performance = 1;
    row.humidityPct = HUMIDITY_AT_FIRST_PCT;
    row.ratedW = body.capacityW;
    row.wallWK = body.wallWK;
    row.cargoWKkg = body.cargoWKkg;
    // Read every step: the kinds' own objects are of many shapes.
    row.bandK = kind.unit.bandK;
    row.defrostEveryS = kind.unit.defrostEveryH * 3600;
    const isOnOff = kind.unit.control === 'on-off';
    this.#isBrisk = isOnOff && kind.airJK / (kind.unit.airflowWK * kind.unit.entrainment) < BRISK_TURNOVER_S;
    this.#surroundings = new Surroundings(shared.weather, duty, kind, row.numbers, row.surroundingsAt);
    this.#loop = new AirLoop(shared.pulpC, shared.cargo, shared.keepsAccounts, row.numbers, row.loopAt);
    this.#hold = new CargoHold(kind, row, this.#loop, shared);
    this.#thermostat = new Thermostat(isOnOff, row, this.#loop);
    shared.conditions.enter(this, duty.fromMs, duty.fromMs + CONDITIONS_MS);
    // What was on before goes on; what begins a trip has stood in the sun.
    const runsOn = kind.runsOn && shared.conditions.inService;
    this.#loop.fill(body.airJK, runsOn ? setPointC : this.#surroundings.skinC(duty.fromMs));
  }

  /** Its duty is over, and its numbers are another's. */
  end(): void {
    this.#shared.rows.release(this.#row);
  }

  get humidityPct(): number {
    return this.#row.humidityPct;
  }

  /** Energy that unit, fans and heater have taken so far, J. */
  get takenJ(): number {
    return this.#row.takenJ;
  }

  get imbalanceJ(): number {
    return this.#loop.imbalanceJ;
  }

  airC(zone: number): number {
    return this.#loop.airC(zone);
  }

  /** Batches inside, in the order in which they came. */
  get contents(): readonly number[] {
    return this.#hold.contents;
  }

  /** Takes a batch in, at the end of the last step. */
  load(batchIx: number): void {
    this.#hold.load(batchIx);
    this.#row.segmentToMs = this.#row.stepToMs;
  }

  unload(batchIx: number): void {
    this.#hold.unload(batchIx);
    this.#row.segmentToMs = this.#row.stepToMs;
  }

  /** Steps until the instant is reached or lies within the last step. */
  advanceTo(timeMs: number): void {
    const row = this.#row;
    while (row.stepToMs < timeMs) {
      if (row.segmentToMs <= row.stepToMs) this.#enter(row.stepToMs);
      if (!this.#stride(timeMs)) this.#step(timeMs);
    }
    row.timeMs = timeMs;
  }

  /** Writes the values in the order of QUANTITIES, true at the instant it was brought to. */
  read(out: Float64Array): void {
    const timeMs = this.#row.timeMs;
    // At an edge, what is imposed from here on shows already.
    if (this.#row.segmentToMs <= timeMs) this.#enter(timeMs);
    this.#keep(out);
    out[8] = out[HUMIDITY]!;
    if (timeMs < this.#row.stepToMs) this.#readBetween(timeMs, out);
    out[6] = this.#surroundings.airC(timeMs);
    out[7] = this.#row.setPointC;
    out[9] = this.#row.doorShare > 0 ? 1 : 0;
    out[10] = this.#coolingW() > 0 ? 1 : 0;
    out[11] = this.#defrostOn ? 1 : 0;
    out[12] = this.#powerW();
    const { cursor } = this.#shared;
    cursor.moveTo(this.#track, timeMs);
    out[13] = cursor.latDeg;
    out[14] = cursor.lonDeg;
    out[15] = cursor.speedMps;
    // Of the asset's own supply; a device with a battery knows better.
    out[16] = 100;
  }

  #readBetween(timeMs: number, out: Float64Array): void {
    const row = this.#row;
    const share = (timeMs - row.stepFromMs) / (row.stepToMs - row.stepFromMs);
    for (let i = 0; i < HUMIDITY; i++) out[i] = row.before(i) + share * (out[i]! - row.before(i));
    out[8] = row.before(HUMIDITY) + share * (out[8]! - row.before(HUMIDITY));
  }

  /**
   * Makes the whole inner steps in which nothing but temperatures changes, up to an instant, all in one go. They come
   * out as each by itself would. Returns whether there was one.
   */
  #stride(wantedMs: number): boolean {
    const row = this.#row;
    const { startMs } = this.#shared;
    const { innerMs, stepToMs: fromMs } = row;
    const innerSteps = (fromMs - startMs) / innerMs;
    if (row.doorShare > 0 || innerSteps !== Math.floor(innerSteps)) return false;
    const wholeSteps = Math.floor((Math.min(row.segmentToMs, this.#frostedMs(fromMs)) - fromMs) / innerMs);
    const wantedSteps = (wantedMs - fromMs) / innerMs;
    // A step that goes beyond what is wanted is made by itself: what was before it is read, too.
    const count = Math.min(STRIDE_STEPS, wholeSteps, Math.max(1, Math.floor(wantedSteps)));
    if (count === 0) return false;
    const thermostat = this.#thermostat;
    thermostat.follow();
    if (wantedSteps < 1) this.#keepBefore();
    const made = this.#loop.advance(count, innerMs / 1000, thermostat.offAtC, thermostat.onAtC, cooledW);
    if (made === 0) return false;
    this.#settle(made, innerMs / 1000, fromMs);
    this.#end(fromMs + (made - 1) * innerMs, fromMs + made * innerMs);
    return true;
  }

  /** One inner step: up to the next grid point, edge, or instant at which the unit switches. */
  #step(wantedMs: number): void {
    const { startMs } = this.#shared;
    const row = this.#row;
    const { innerMs, stepToMs: fromMs } = row;
    const gridMs = startMs + (Math.floor((fromMs - startMs) / innerMs) + 1) * innerMs;
    let toMs = Math.min(gridMs, row.segmentToMs, this.#frostedMs(fromMs));
    if (row.doorShare > 0) {
      this.#loop.setDoor(this.#doorWK(fromMs, this.#loop.airC(ZONES - 1)));
      this.#loop.solve((toMs - fromMs) / 1000);
      this.#loop.setDoor(this.#doorWK(fromMs, this.#loop.middleAirC(ZONES - 1)));
    }
    this.#thermostat.follow();
    toMs = this.#thermostat.solve(fromMs, toMs);
    if (toMs > wantedMs) this.#keepBefore();
    this.#loop.commit();
    cooledW[0] = this.#loop.coolingW;
    this.#settle(1, (toMs - fromMs) / 1000, fromMs);
    this.#end(fromMs, toMs);
  }

  #keepBefore(): void {
    this.#keep(kept);
    this.#row.keepBefore(kept);
  }

  /**
   * Brings what follows the air through equal steps, in which the unit took out {@link cooledW}. At an open door there
   * is but one. @param fromMs when they began
   */
  #settle(made: number, dtS: number, fromMs: number): void {
    const row = this.#row;
    const { performance, auxiliaryW } = row;
    const doorOpen = row.doorShare > 0;
    const runs = row.capacityW > 0;
    const loaded = this.contents.length > 0;
    const follows = humidityFollows(doorOpen, dtS);
    let { frostedS, takenJ, humidityPct } = row;
    for (let n = 0; n < made; n++) {
      const takenOutW = cooledW[n]!;
      if (runs) frostedS += dtS;
      takenJ += dtS * ((runs ? takenOutW : 0) / performance + auxiliaryW);
      const targetPct = doorOpen ? this.#outsidePct(fromMs) : settledHumidityPct(loaded, takenOutW > 0);
      humidityPct = relaxedHumidityPct(humidityPct, targetPct, follows);
    }
    row.frostedS = frostedS;
    row.takenJ = takenJ;
    row.humidityPct = humidityPct;
  }

  /** The last step was this one. */
  #end(fromMs: number, toMs: number): void {
    const row = this.#row;
    row.stepFromMs = fromMs;
    row.stepToMs = toMs;
    if (row.frostedS >= row.defrostEveryS - 1e-6) this.#defrost(toMs);
  }

  /** When the unit will have run for long enough to be defrosted. */
  #frostedMs(fromMs: number): number {
    if (this.#row.capacityW === 0) return Infinity;
    const leftS = this.#row.defrostEveryS - this.#row.frostedS;
    return fromMs + Math.max(1, Math.ceil(leftS * 1000));
  }

  #defrost(timeMs: number): void {
    this.#row.frostedS = 0;
    this.#row.defrostToMs = timeMs + this.kind.unit.defrostMin * 60_000;
    this.#row.segmentToMs = timeMs;
  }

  /** From an instant on, other conditions hold: sets up all that is constant until `#segmentToMs`. */
  #enter(timeMs: number): void {
    const row = this.#row;
    const { startMs, stepMs, conditions } = this.#shared;
    const { unit } = this.kind;
    const anewMs = startMs + (Math.floor((timeMs - startMs) / CONDITIONS_MS) + 1) * CONDITIONS_MS;
    conditions.enter(this, timeMs, anewMs);
    row.setPointC = conditions.setPointC;
    row.doorShare = conditions.doorShare;
    row.doorStops = conditions.doorStops;
    const defrosts = this.#row.defrostToMs > timeMs;
    this.#row.segmentToMs = defrosts ? Math.min(conditions.untilMs, this.#row.defrostToMs) : conditions.untilMs;
    if (!conditions.isPlain || defrosts) row.fineToMs = row.segmentToMs + SETTLING_MS;
    row.innerMs = this.#isBrisk || timeMs < row.fineToMs ? stepMs / 2 : stepMs;
    const middleMs = (timeMs + this.#row.segmentToMs) / 2;
    this.#surroundings.moveTo(timeMs);
    const outsideC = this.#surroundings.airC(middleMs);
    const fansRun = conditions.inService && !defrosts;
    const fansW = fanW(unit, fansRun);
    const heatingW = heaterW(unit, conditions, defrosts);
    this.#defrostOn = conditions.inService && (defrosts || conditions.heaterShare > 0);
    this.#row.auxiliaryW = fansW + heatingW + (fansRun ? unit.engineW : 0);
    this.#row.performance = performanceAt(outsideC);
    this.#row.capacityW = fansRun ? capacityAtW(row.ratedW, outsideC) * conditions.capacityShare : 0;
    this.#loop.drive({
      skinC: this.#surroundings.skinC(middleMs),
      outsideC,
      flowWK: airFlow(unit, conditions.blockedShare, fansRun),
      entrainment: unit.entrainment,
      unitHeatW: fansW + heaterToAirShare(defrosts) * heatingW,
      capacityW: this.#thermostat.isOn ? this.#row.capacityW : 0,
      supplyMinC: conditions.setPointC - unit.supplyDropK,
    });
    this.#loop.setDoor(0);
    this.#hold.fill(conditions.blockedShare, fansRun);
  }

  #doorWK(timeMs: number, rearC: number): number {
    const { doorAreaM2, doorHeightM } = this.kind;
    const { doorShare, doorStops } = this.#row;
    const pressurePa = this.#surroundings.pressurePa(timeMs);
    const inside = humidityRatio((this.#row.humidityPct / 100) * saturationPa(rearC), pressurePa);
    const outside = this.#surroundings.humidityRatio(timeMs);
    const outsideC = this.#surroundings.airC(timeMs);
    const openWK = infiltrationWK(doorAreaM2 * doorShare, doorHeightM, rearC, inside, outsideC, outside, pressurePa);
    return openWK * (1 - doorStops);
  }

  #outsidePct(timeMs: number): number {
    const ratio = this.#surroundings.humidityRatio(timeMs);
    return outsideAirInsidePct(ratio, this.#surroundings.pressurePa(timeMs), this.#loop.airC(ZONES - 1));
  }

  #powerW(): number {
    return this.#coolingW() / this.#row.performance + this.#row.auxiliaryW;
  }

  /** What the unit takes out: that of the last step, but for a unit that stops at this instant. */
  #coolingW(): number {
    return this.#row.capacityW > 0 ? this.#loop.coolingW : 0;
  }

  /** Writes supply, return, door-side air, pulps and humidity as they are at the end of the last step. */
  #keep(into: Float64Array): void {
    const loop = this.#loop;
    into[0] = loop.supplyC;
    into[1] = loop.returnC;
    into[2] = loop.airC(ZONES - 1);
    for (let zone = 0; zone < ZONES; zone++) into[3 + zone] = this.#hold.probedC(zone);
    into[HUMIDITY] = this.#row.humidityPct;
  }
}
