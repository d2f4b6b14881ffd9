import { saturationPa } from '../../../src/lib/vapour.ts';
import type { TrackCursor } from '../../plan/track.ts';
import { type Duty, type PlannedFault, SLICE_MS } from '../../plan/types.ts';
import {
  AIR_SHARE,
  type CargoBook,
  FREEZING_C,
  RESPIRATION_SHARE,
  SPECIFIC_HEAT_JKGK,
  ZONE_KG,
} from '../cargo-book.ts';
import type { FruitRates } from '../fruit.ts';
import { AirLoop } from '../physics/air-loop.ts';
import { ZONES as CARGO_ZONES } from '../physics/cargo.ts';
import { crossedWithinMs } from '../physics/crossing.ts';
import { infiltrationWK } from '../physics/door.ts';
import { humidityRatio } from '../physics/humid-air.ts';
import { capacityAtW, performanceAt, switched } from '../physics/refrigeration-unit.ts';
import { airFlow, cargoAirShare, fanW, heaterToAirShare, heaterW } from './air-flow.ts';
import { type AssetRow, type AssetRows, KEPT } from './asset-rows.ts';
import type { AssetBody, BodyKind } from './body.ts';
import type { Conditions, ConditionsOf } from './conditions.ts';
import { outsideAirInsidePct, relaxedHumidityPct, settledHumidityPct } from './humidity.ts';
import { Surroundings, type Weather } from './surroundings.ts';

/** What an asset needs to go through one duty. */
export interface AssetSetup {
  readonly body: AssetBody;
  readonly setPointC: number;
  readonly duty: Duty;
  /** Those that strike the asset itself, ascending. */
  readonly faults: readonly PlannedFault[];
}

/** What all assets of a world have in common. */
export interface SharedSetup {
  readonly weather: Weather;
  /** The grid that slices and inner steps are on begins here. */
  readonly startMs: number;
  readonly stepMs: number;
  /** Of all batches, `batchIx × 3 + zone`; shared, since a batch takes its heat along. */
  readonly pulpC: Float64Array;
  readonly cargo: CargoBook;
  /** Of assets on duty. */
  readonly rows: AssetRows;
  readonly conditions: Conditions;
  readonly rates: FruitRates;
  /** Finds positions: quickest while one asset is asked after itself. */
  readonly cursor: TrackCursor;
}

/** A constant of this module: V8 folds it into the code of every step, where an imported one is loaded at each use. */
const ZONES = CARGO_ZONES;

const NONE: readonly number[] = [];

const HUMIDITY_AT_FIRST_PCT = 80;

/** Walls by zone: front and rear have a bulkhead more. ESTIMATE. */
const WALL_SHARE = [0.35, 0.3, 0.35] as const;

const HUMIDITY = KEPT - 1;

/** Values on their way into a row. */
const kept = new Float64Array(KEPT);

/** One asset going through a duty in inner steps. */
export class AssetRun implements ConditionsOf {
  readonly duty: Duty;
  readonly faults: readonly PlannedFault[];
  readonly kind: BodyKind;
  readonly intendedC: number;
  doorIx = 0;
  unpoweredIx = 0;
  plainUntilMs = -Infinity;
  /** Batches inside, in the order in which they came. */
  contents: readonly number[] = NONE;
  readonly #shared: SharedSetup;
  /** Its numbers. */
  readonly #row: AssetRow;
  readonly #surroundings: Surroundings;
  readonly #loop: AirLoop;
  readonly #isOnOff: boolean;
  /** The thermostat's switch; always on where the unit is modulated. */
  #switchedOn = true;
  #defrostOn = false;

  constructor({ body, duty, faults, setPointC }: AssetSetup, shared: SharedSetup) {
    const { kind } = body;
    this.duty = duty;
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
    this.#isOnOff = kind.unit.control === 'on-off';
    this.#surroundings = new Surroundings(shared.weather, duty, kind, row.numbers, row.surroundingsAt);
    this.#loop = new AirLoop(shared.pulpC, shared.cargo, row.numbers, row.loopAt);
    shared.conditions.enter(this, duty.fromMs, duty.fromMs + SLICE_MS);
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

  /** Takes a batch in, at the end of the last step. */
  load(batchIx: number): void {
    // Not spread: that leaves room for sixteen more.
    this.#hold(this.contents.concat(batchIx));
  }

  unload(batchIx: number): void {
    const n = this.contents.indexOf(batchIx);
    if (n < 0) throw new RangeError(`batch ${batchIx} is not in this asset`);
    this.#hold(this.contents.toSpliced(n, 1));
  }

  #hold(contents: readonly number[]): void {
    this.contents = contents;
    this.#loop.hold(contents);
    this.#row.segmentToMs = this.#row.stepToMs;
  }

  /** Steps until the instant is reached or lies within the last step. */
  advanceTo(timeMs: number): void {
    while (this.#row.stepToMs < timeMs) this.#step(timeMs);
    this.#row.timeMs = timeMs;
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
    cursor.moveTo(this.duty.track, timeMs);
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

  /** One inner step: up to the next grid point, edge, or instant at which the unit switches. */
  #step(wantedMs: number): void {
    const { startMs, stepMs } = this.#shared;
    const fromMs = this.#row.stepToMs;
    if (this.#row.segmentToMs <= fromMs) this.#enter(fromMs);
    const gridMs = startMs + (Math.floor((fromMs - startMs) / stepMs) + 1) * stepMs;
    let toMs = Math.min(gridMs, this.#row.segmentToMs, this.#frostedMs(fromMs));
    const { doorShare } = this.#row;
    if (doorShare > 0) {
      this.#loop.setDoor(this.#doorWK(fromMs, this.#loop.airC(ZONES - 1)));
      this.#loop.solve((toMs - fromMs) / 1000);
      this.#loop.setDoor(this.#doorWK(fromMs, this.#loop.middleAirC(ZONES - 1)));
    }
    toMs = this.#switchWithin(fromMs, toMs);
    if (toMs > wantedMs) {
      this.#keep(kept);
      this.#row.keepBefore(kept);
    }
    const dtS = (toMs - fromMs) / 1000;
    this.#loop.commit(dtS);
    if (this.#row.capacityW > 0) this.#row.frostedS = this.#row.frostedS + dtS;
    this.#row.takenJ = this.#row.takenJ + dtS * this.#powerW();
    const targetPct =
      doorShare > 0 ? this.#outsidePct(fromMs) : settledHumidityPct(this.contents.length > 0, this.#loop.coolingW > 0);
    this.#row.humidityPct = relaxedHumidityPct(this.#row.humidityPct, targetPct, doorShare > 0, dtS);
    this.#row.stepFromMs = fromMs;
    this.#row.stepToMs = toMs;
    if (this.#row.frostedS >= this.#row.defrostEveryS - 1e-6) this.#defrost(toMs);
  }

  /** Works the step out; ends it where the thermostat switches, so that the step's length does not shift that. */
  #switchWithin(fromMs: number, toMs: number): number {
    const loop = this.#loop;
    const dtS = (toMs - fromMs) / 1000;
    if (!this.#isOnOff || this.#row.capacityW === 0) {
      loop.solve(dtS);
      return toMs;
    }
    const { setPointC, bandK } = this.#row;
    const returnC = loop.returnC;
    const on = switched(this.#switchedOn, returnC, setPointC, bandK);
    if (on !== this.#switchedOn) this.#switch(on);
    const endC = loop.solve(dtS);
    const limitC = setPointC + (on ? -bandK : bandK);
    if (on ? endC >= limitC : endC <= limitC) return toMs;
    const crossedMs = crossedWithinMs(toMs - fromMs, returnC, endC, limitC, (ms) => loop.solve(ms / 1000));
    loop.solve(crossedMs / 1000);
    return fromMs + crossedMs;
  }

  #switch(on: boolean): void {
    this.#switchedOn = on;
    this.#loop.setCapacity(on ? this.#row.capacityW : 0);
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
    const { startMs, conditions } = this.#shared;
    const { unit } = this.kind;
    const sliceToMs = startMs + (Math.floor((timeMs - startMs) / SLICE_MS) + 1) * SLICE_MS;
    conditions.enter(this, timeMs, sliceToMs);
    row.setPointC = conditions.setPointC;
    row.doorShare = conditions.doorShare;
    row.doorStops = conditions.doorStops;
    const defrosts = this.#row.defrostToMs > timeMs;
    this.#row.segmentToMs = defrosts ? Math.min(conditions.untilMs, this.#row.defrostToMs) : conditions.untilMs;
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
      capacityW: this.#switchedOn || !this.#isOnOff ? this.#row.capacityW : 0,
      supplyMinC: conditions.setPointC - unit.supplyDropK,
    });
    this.#loop.setDoor(0);
    this.#fillCargo(fansRun);
  }

  #fillCargo(fansRun: boolean): void {
    const { wallWK, cargoWKkg } = this.#row;
    const { cargo, rates, pulpC } = this.#shared;
    const loaded = this.contents.length > 0;
    for (let zone = 0; zone < ZONES; zone++) {
      const contactWK = loaded ? this.kind.wallContact[zone]! * wallWK : 0;
      this.#loop.setWall(zone, WALL_SHARE[zone]! * wallWK, contactWK);
    }
    const { blockedShare } = this.#shared.conditions;
    for (let n = 0; n < this.contents.length; n++) {
      const batchIx = this.contents[n]!;
      const at = cargo.at(batchIx);
      const book = cargo.rows;
      const zoneKg = book[at + ZONE_KG]!;
      this.#loop.setBatch(n, zoneKg * book[at + SPECIFIC_HEAT_JKGK]!, book[at + FREEZING_C]!);
      for (let zone = 0; zone < ZONES; zone++) {
        const share = cargoAirShare(blockedShare, fansRun, zone) * book[at + AIR_SHARE + zone]!;
        const respirationWkg = book[at + RESPIRATION_SHARE]! * rates.respirationWkg(pulpC[batchIx * ZONES + zone]!);
        this.#loop.setNode(n, zone, cargoWKkg * zoneKg * share, zoneKg * respirationWkg);
      }
    }
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
    for (let zone = 0; zone < ZONES; zone++) into[3 + zone] = this.#probedC(zone);
    into[HUMIDITY] = this.#row.humidityPct;
  }

  /** What the pulp probe of a zone is in. Without fruit to stick in it hangs in the air. */
  #probedC(zone: number): number {
    const { pulpC, cargo } = this.#shared;
    const { contents } = this;
    if (contents.length === 0) return this.#loop.airC(zone);
    if (contents.length === 1 || this.kind.probes === 'oldest') return pulpC[contents[0]! * ZONES + zone]!;
    let massKg = 0;
    let sum = 0;
    for (const batchIx of contents) {
      const at = cargo.at(batchIx);
      const zoneKg = cargo.rows[at + ZONE_KG]!;
      massKg += zoneKg;
      sum += zoneKg * pulpC[batchIx * ZONES + zone]!;
    }
    return sum / massKg;
  }
}
