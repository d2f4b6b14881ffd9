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
import { ZONES } from '../physics/cargo.ts';
import { infiltrationWK } from '../physics/door.ts';
import { humidityRatio, saturationPa } from '../physics/humid-air.ts';
import { capacityAtW, performanceAt, switched } from '../physics/refrigeration-unit.ts';
import { airFlow, cargoAirShare, fanW, heaterToAirShare, heaterW } from './air-flow.ts';
import type { AssetBody } from './body.ts';
import { Conditions } from './conditions.ts';
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
  readonly rates: FruitRates;
  /** Finds positions: quickest while one asset is asked after itself. */
  readonly cursor: TrackCursor;
}

/** Walls by zone: front and rear have a bulkhead more. ESTIMATE. */
const WALL_SHARE = [0.35, 0.3, 0.35] as const;

/** Values that are read in between two steps: supply, return, door, three pulps, humidity. */
const KEPT = 7;
const HUMIDITY = 6;

/** One asset going through a duty in inner steps. */
export class AssetRun {
  /** Batches inside, in the order in which they came. */
  contents: readonly number[] = [];
  readonly #setup: AssetSetup;
  readonly #shared: SharedSetup;
  readonly #conditions: Conditions;
  readonly #surroundings: Surroundings;
  readonly #loop: AirLoop;
  /** The last step was [stepFromMs, stepToMs); what it goes by holds until segmentToMs. */
  #stepFromMs: number;
  #stepToMs: number;
  /** The instant it was brought to. */
  #timeMs: number;
  #segmentToMs: number;
  readonly #isOnOff: boolean;
  readonly #bandK: number;
  readonly #defrostEveryS: number;
  /** The thermostat's switch; always on where the unit is modulated. */
  #switchedOn = true;
  #capacityW = 0;
  #performance = 1;
  #auxiliaryW = 0;
  #defrostOn = false;
  /** Running time since the last defrost, and until when the present one takes. */
  #frostedS: number;
  #defrostToMs = 0;
  #humidityPct = 80;
  #takenJ = 0;
  #before: Float64Array | undefined;

  constructor(setup: AssetSetup, shared: SharedSetup) {
    const { body, duty, faults, setPointC } = setup;
    this.#setup = setup;
    this.#shared = shared;
    this.#conditions = new Conditions(duty, faults, body.kind, setPointC);
    this.#surroundings = new Surroundings(shared.weather, duty, body.kind);
    this.#loop = new AirLoop(shared.pulpC, shared.cargo);
    this.#stepFromMs = duty.fromMs;
    this.#stepToMs = duty.fromMs;
    this.#timeMs = duty.fromMs;
    this.#segmentToMs = duty.fromMs;
    // Read every step: the kinds' own objects are of many shapes.
    const { unit } = body.kind;
    this.#isOnOff = unit.control === 'on-off';
    this.#bandK = unit.bandK;
    this.#defrostEveryS = unit.defrostEveryH * 3600;
    this.#frostedS = body.frostedS;
    this.#conditions.enter(duty.fromMs, duty.fromMs + SLICE_MS);
    // What was on before goes on; what begins a trip has stood in the sun.
    const runsOn = body.kind.runsOn && this.#conditions.inService;
    this.#loop.fill(body.airJK, runsOn ? setPointC : this.#surroundings.skinC(duty.fromMs));
  }

  get duty(): Duty {
    return this.#setup.duty;
  }

  get humidityPct(): number {
    return this.#humidityPct;
  }

  /** Energy that unit, fans and heater have taken so far, J. */
  get takenJ(): number {
    return this.#takenJ;
  }

  get imbalanceJ(): number {
    return this.#loop.imbalanceJ;
  }

  airC(zone: number): number {
    return this.#loop.airC(zone);
  }

  /** Takes a batch in, at the end of the last step. */
  load(batchIx: number): void {
    this.#hold([...this.contents, batchIx]);
  }

  unload(batchIx: number): void {
    if (!this.contents.includes(batchIx)) throw new RangeError(`batch ${batchIx} is not in this asset`);
    this.#hold(this.contents.filter((ix) => ix !== batchIx));
  }

  #hold(contents: readonly number[]): void {
    this.contents = contents;
    this.#loop.hold(contents);
    this.#segmentToMs = this.#stepToMs;
  }

  /** Steps until the instant is reached or lies within the last step. */
  advanceTo(timeMs: number): void {
    while (this.#stepToMs < timeMs) this.#step(timeMs);
    this.#timeMs = timeMs;
  }

  /** Writes the values in the order of QUANTITIES, true at the instant it was brought to. */
  read(out: Float64Array): void {
    const timeMs = this.#timeMs;
    // At an edge, what is imposed from here on shows already.
    if (this.#segmentToMs <= timeMs) this.#enter(timeMs);
    this.#keep(out);
    out[8] = out[HUMIDITY]!;
    if (timeMs < this.#stepToMs) this.#readBetween(timeMs, out);
    out[6] = this.#surroundings.airC(timeMs);
    out[7] = this.#conditions.setPointC;
    out[9] = this.#conditions.doorShare > 0 ? 1 : 0;
    out[10] = this.#coolingW() > 0 ? 1 : 0;
    out[11] = this.#defrostOn ? 1 : 0;
    out[12] = this.#powerW();
    const { cursor } = this.#shared;
    cursor.moveTo(this.#setup.duty.track, timeMs);
    out[13] = cursor.latDeg;
    out[14] = cursor.lonDeg;
    out[15] = cursor.speedMps;
    // Of the asset's own supply; a device with a battery knows better.
    out[16] = 100;
  }

  #readBetween(timeMs: number, out: Float64Array): void {
    const before = this.#before!;
    const share = (timeMs - this.#stepFromMs) / (this.#stepToMs - this.#stepFromMs);
    for (let i = 0; i < HUMIDITY; i++) out[i] = before[i]! + share * (out[i]! - before[i]!);
    out[8] = before[HUMIDITY]! + share * (out[8]! - before[HUMIDITY]!);
  }

  /** One inner step: up to the next grid point, edge, or instant at which the unit switches. */
  #step(wantedMs: number): void {
    const { startMs, stepMs } = this.#shared;
    const fromMs = this.#stepToMs;
    if (this.#segmentToMs <= fromMs) this.#enter(fromMs);
    const gridMs = startMs + (Math.floor((fromMs - startMs) / stepMs) + 1) * stepMs;
    let toMs = Math.min(gridMs, this.#segmentToMs, this.#frostedMs(fromMs));
    if (toMs > wantedMs) {
      this.#before ??= new Float64Array(KEPT);
      this.#keep(this.#before);
    }
    const { doorShare } = this.#conditions;
    if (doorShare > 0) {
      this.#loop.setDoor(this.#doorWK(fromMs, this.#loop.airC(ZONES - 1)));
      this.#loop.solve((toMs - fromMs) / 1000);
      this.#loop.setDoor(this.#doorWK(fromMs, this.#loop.middleAirC(ZONES - 1)));
    }
    toMs = this.#switchWithin(fromMs, toMs);
    const dtS = (toMs - fromMs) / 1000;
    this.#loop.commit(dtS);
    if (this.#capacityW > 0) this.#frostedS += dtS;
    this.#takenJ += dtS * this.#powerW();
    const targetPct =
      doorShare > 0 ? this.#outsidePct(fromMs) : settledHumidityPct(this.contents.length > 0, this.#loop.coolingW > 0);
    this.#humidityPct = relaxedHumidityPct(this.#humidityPct, targetPct, doorShare > 0, dtS);
    this.#stepFromMs = fromMs;
    this.#stepToMs = toMs;
    if (this.#frostedS >= this.#defrostEveryS - 1e-6) this.#defrost(toMs);
  }

  /** Works the step out; ends it where the thermostat switches, so that the step's length does not shift that. */
  #switchWithin(fromMs: number, toMs: number): number {
    const loop = this.#loop;
    const dtS = (toMs - fromMs) / 1000;
    if (!this.#isOnOff || this.#capacityW === 0) {
      loop.solve(dtS);
      return toMs;
    }
    const { setPointC } = this.#conditions;
    const returnC = loop.returnC;
    const on = switched(this.#switchedOn, returnC, setPointC, this.#bandK);
    if (on !== this.#switchedOn) this.#switch(on);
    const endC = loop.solve(dtS);
    const limitC = setPointC + (on ? -this.#bandK : this.#bandK);
    if (on ? endC >= limitC : endC <= limitC) return toMs;
    const cutMs = crossedAfterMs(toMs - fromMs, returnC, endC, limitC);
    // Once more from there: air does not move in a straight line, and may be thought to cross after the step's end.
    const refinedMs = Math.min(crossedAfterMs(cutMs, returnC, loop.solve(cutMs / 1000), limitC), toMs - fromMs);
    loop.solve(refinedMs / 1000);
    return fromMs + refinedMs;
  }

  #switch(on: boolean): void {
    this.#switchedOn = on;
    this.#loop.setCapacity(on ? this.#capacityW : 0);
  }

  /** When the unit will have run for long enough to be defrosted. */
  #frostedMs(fromMs: number): number {
    if (this.#capacityW === 0) return Infinity;
    const leftS = this.#defrostEveryS - this.#frostedS;
    return fromMs + Math.max(1, Math.ceil(leftS * 1000));
  }

  #defrost(timeMs: number): void {
    this.#frostedS = 0;
    this.#defrostToMs = timeMs + this.#setup.body.kind.unit.defrostMin * 60_000;
    this.#segmentToMs = timeMs;
  }

  /** From an instant on, other conditions hold: sets up all that is constant until `#segmentToMs`. */
  #enter(timeMs: number): void {
    const { body } = this.#setup;
    const { startMs } = this.#shared;
    const { unit } = body.kind;
    const conditions = this.#conditions;
    const sliceToMs = startMs + (Math.floor((timeMs - startMs) / SLICE_MS) + 1) * SLICE_MS;
    conditions.enter(timeMs, sliceToMs);
    const defrosts = this.#defrostToMs > timeMs;
    this.#segmentToMs = defrosts ? Math.min(conditions.untilMs, this.#defrostToMs) : conditions.untilMs;
    const middleMs = (timeMs + this.#segmentToMs) / 2;
    this.#surroundings.moveTo(timeMs);
    const outsideC = this.#surroundings.airC(middleMs);
    const fansRun = conditions.inService && !defrosts;
    const fansW = fanW(unit, fansRun);
    const heatingW = heaterW(unit, conditions, defrosts);
    this.#defrostOn = conditions.inService && (defrosts || conditions.heaterShare > 0);
    this.#auxiliaryW = fansW + heatingW + (fansRun ? unit.engineW : 0);
    this.#performance = performanceAt(outsideC);
    this.#capacityW = fansRun ? capacityAtW(body.capacityW, outsideC) * conditions.capacityShare : 0;
    this.#loop.drive({
      skinC: this.#surroundings.skinC(middleMs),
      outsideC,
      flowWK: airFlow(unit, conditions.blockedShare, fansRun),
      entrainment: unit.entrainment,
      unitHeatW: fansW + heaterToAirShare(defrosts) * heatingW,
      capacityW: this.#switchedOn || !this.#isOnOff ? this.#capacityW : 0,
      supplyMinC: conditions.setPointC - unit.supplyDropK,
    });
    this.#loop.setDoor(0);
    this.#fillCargo(fansRun);
  }

  #fillCargo(fansRun: boolean): void {
    const { body } = this.#setup;
    const { cargo, rates, pulpC } = this.#shared;
    const loaded = this.contents.length > 0;
    for (let zone = 0; zone < ZONES; zone++) {
      const contactWK = loaded ? body.kind.wallContact[zone]! * body.wallWK : 0;
      this.#loop.setWall(zone, WALL_SHARE[zone]! * body.wallWK, contactWK);
    }
    const { blockedShare } = this.#conditions;
    for (let n = 0; n < this.contents.length; n++) {
      const batchIx = this.contents[n]!;
      const at = cargo.at(batchIx);
      const book = cargo.rows;
      const zoneKg = book[at + ZONE_KG]!;
      this.#loop.setBatch(n, zoneKg * book[at + SPECIFIC_HEAT_JKGK]!, book[at + FREEZING_C]!);
      for (let zone = 0; zone < ZONES; zone++) {
        const share = cargoAirShare(blockedShare, fansRun, zone) * book[at + AIR_SHARE + zone]!;
        const respirationWkg = book[at + RESPIRATION_SHARE]! * rates.respirationWkg(pulpC[batchIx * ZONES + zone]!);
        this.#loop.setNode(n, zone, body.cargoWKkg * zoneKg * share, zoneKg * respirationWkg);
      }
    }
  }

  #doorWK(timeMs: number, rearC: number): number {
    const { doorAreaM2, doorHeightM } = this.#setup.body.kind;
    const { doorShare, doorStops } = this.#conditions;
    const pressurePa = this.#surroundings.pressurePa(timeMs);
    const inside = humidityRatio((this.#humidityPct / 100) * saturationPa(rearC), pressurePa);
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
    return this.#coolingW() / this.#performance + this.#auxiliaryW;
  }

  /** What the unit takes out: that of the last step, but for a unit that stops at this instant. */
  #coolingW(): number {
    return this.#capacityW > 0 ? this.#loop.coolingW : 0;
  }

  /** Writes supply, return, door-side air, pulps and humidity as they are at the end of the last step. */
  #keep(into: Float64Array): void {
    const loop = this.#loop;
    into[0] = loop.supplyC;
    into[1] = loop.returnC;
    into[2] = loop.airC(ZONES - 1);
    for (let zone = 0; zone < ZONES; zone++) into[3 + zone] = this.#probedC(zone);
    into[HUMIDITY] = this.#humidityPct;
  }

  /** What the pulp probe of a zone is in. Without fruit to stick in it hangs in the air. */
  #probedC(zone: number): number {
    const { body } = this.#setup;
    const { pulpC, cargo } = this.#shared;
    const { contents } = this;
    if (contents.length === 0) return this.#loop.airC(zone);
    if (contents.length === 1 || body.kind.probes === 'oldest') return pulpC[contents[0]! * ZONES + zone]!;
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

/** When a straight line, from a start through where it is after `spanMs`, crosses a limit: whole ms, at least 1. */
function crossedAfterMs(spanMs: number, startC: number, thenC: number, limitC: number): number {
  return Math.max(1, Math.round(spanMs * ((limitC - startC) / (thenC - startC))));
}
