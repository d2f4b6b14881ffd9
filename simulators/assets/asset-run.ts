import type { ThermalProduce } from '../../src/produce/respiration.ts';
import { type AmbientSeries, seriesAt } from '../physics/ambient.ts';
import { type CargoBody, ZONES, zoneRespirationW } from '../physics/cargo.ts';
import { infiltrationWK } from '../physics/door.ts';
import { coolingAtW, type HeatNetwork } from '../physics/heat-network.ts';
import { humidityRatio, saturationPa } from '../physics/humid-air.ts';
import { capacityAtW, powerW, switched } from '../physics/refrigeration-unit.ts';
import type { WayPoint } from '../plan-types.ts';
import { positionAt, speedAtMps } from '../track.ts';
import { type AssetBody, STILL_AIR_SHARE } from './body.ts';
import type { Conditions } from './conditions.ts';
import { relaxedHumidityPct } from './humidity.ts';

/** What an asset needs to run through its plan. */
export interface AssetSetup {
  readonly body: AssetBody;
  readonly track: readonly WayPoint[];
  readonly conditions: readonly Conditions[];
  /** Instants at which cargo enters or leaves, ascending. */
  readonly moveTimesMs: readonly number[];
  readonly ambient: AmbientSeries;
  readonly startMs: number;
  readonly stepMs: number;
  readonly produce: ThermalProduce;
  /** All batches of the world, by batch index. */
  readonly cargo: readonly CargoBody[];
  /** Pulp of all batches, `batchIx × ZONES + zone`; shared, since a batch takes its heat along. */
  readonly pulpC: Float64Array;
  /** Scratch, shared by all assets: they step one after the other. */
  readonly network: HeatNetwork;
}

/** Offsets into the values kept at both ends of a step, to read in between. */
const SUPPLY = 0;
const RETURN = 1;
const PULP = 2;
const HUMIDITY = 5;
const KEPT = 6;

/** One asset going through time in inner steps. */
export class AssetRun {
  /** The largest heat held so far, J. */
  turnoverJ = 0;
  readonly #setup: AssetSetup;
  readonly #batches: number[] = [];
  /** The current step is [stepFromMs, stepToMs). */
  #stepFromMs: number;
  #stepToMs: number;
  #conditionIx = 0;
  #moveIx = 0;
  #airC: number;
  #humidityPct = 80;
  #unitOn = false;
  #coolingW = 0;
  #startJ: number;
  #inflowJ = 0;
  readonly #atFrom = new Float64Array(KEPT);
  readonly #atTo = new Float64Array(KEPT);

  constructor(setup: AssetSetup) {
    this.#setup = setup;
    this.#stepFromMs = setup.startMs;
    this.#stepToMs = setup.startMs;
    const first = setup.conditions[0]!;
    this.#airC = first.inService ? first.setPointC : seriesAt(setup.ambient, setup.ambient.airC, setup.startMs);
    this.#startJ = this.#heatJ();
  }

  /** Steps until the current step ends at the instant exactly, which must be one of the asset's own edges. */
  advanceUpTo(timeMs: number): void {
    while (this.#stepToMs < timeMs) this.#step();
  }

  /** Steps until the instant lies within the current step. */
  advancePast(timeMs: number): void {
    while (this.#stepToMs <= timeMs) this.#step();
  }

  load(batchIx: number): void {
    const before = this.#heatJ();
    this.#batches.push(batchIx);
    this.#inflowJ += this.#heatJ() - before;
  }

  unload(batchIx: number): void {
    const before = this.#heatJ();
    this.#batches.splice(this.#batches.indexOf(batchIx), 1);
    this.#inflowJ += this.#heatJ() - before;
  }

  imbalanceJ(): number {
    return this.#heatJ() - this.#startJ - this.#inflowJ;
  }

  /** Writes the true values in the order of QUANTITIES; the instant lies within the current step. */
  read(timeMs: number, out: Float64Array): void {
    const { ambient, body, track } = this.#setup;
    const share = (timeMs - this.#stepFromMs) / (this.#stepToMs - this.#stepFromMs);
    for (let i = 0; i < PULP + ZONES; i++) out[i] = this.#between(i, share);
    const conditions = this.#conditions();
    const ambientC = seriesAt(ambient, ambient.airC, timeMs);
    const position = positionAt(track, timeMs);
    out[5] = ambientC;
    out[6] = conditions.setPointC;
    out[7] = this.#between(HUMIDITY, share);
    out[8] = conditions.doorShare > 0 ? 1 : 0;
    out[9] = this.#coolingW > 0 ? 1 : 0;
    out[10] = powerW(body.unit, this.#coolingW, ambientC, conditions.inService);
    out[11] = position.latDeg;
    out[12] = position.lonDeg;
    out[13] = speedAtMps(track, timeMs);
    // Telematics hang on the asset's own supply.
    out[14] = 100;
  }

  #between(i: number, share: number): number {
    const from = this.#atFrom[i]!;
    return from + share * (this.#atTo[i]! - from);
  }

  #conditions(): Conditions {
    return this.#setup.conditions[this.#conditionIx]!;
  }

  /** One inner step: up to the next grid point, edge, or instant at which the unit switches. */
  #step(): void {
    const fromMs = this.#stepToMs;
    const toMs = this.#nextEdgeMs(fromMs);
    const conditions = this.#conditions();
    const { network, body } = this.#setup;
    this.#fillNetwork(conditions, fromMs);
    this.#keep(this.#atFrom, conditions);

    let dtS = (toMs - fromMs) / 1000;
    let endAirC = network.solve(dtS);
    let switches = false;
    if (conditions.inService && body.unit.control === 'on-off') {
      const limitC = conditions.setPointC + (this.#unitOn ? -body.unit.bandK : body.unit.bandK);
      switches = this.#unitOn ? endAirC < limitC : endAirC > limitC;
      if (switches) {
        // The switching instant is located within the step, so that the step's length does not shift it.
        const share = (limitC - network.airC) / (endAirC - network.airC);
        dtS = Math.max(1, Math.round(dtS * 1000 * share)) / 1000;
        endAirC = network.solve(dtS);
      }
    }
    network.commit(endAirC);
    this.#takeBack(dtS, conditions, fromMs);
    this.#stepFromMs = fromMs;
    this.#stepToMs = switches ? fromMs + Math.round(dtS * 1000) : toMs;
    this.#keep(this.#atTo, conditions);
    if (switches) this.#unitOn = !this.#unitOn;
  }

  #nextEdgeMs(fromMs: number): number {
    const { startMs, stepMs, conditions, moveTimesMs } = this.#setup;
    while ((conditions[this.#conditionIx + 1]?.fromMs ?? Infinity) <= fromMs) this.#conditionIx++;
    while ((moveTimesMs[this.#moveIx] ?? Infinity) <= fromMs) this.#moveIx++;
    const gridMs = startMs + (Math.floor((fromMs - startMs) / stepMs) + 1) * stepMs;
    return Math.min(
      gridMs,
      conditions[this.#conditionIx + 1]?.fromMs ?? Infinity,
      moveTimesMs[this.#moveIx] ?? Infinity,
    );
  }

  #fillNetwork(conditions: Conditions, timeMs: number): void {
    const { body, network, ambient, cargo, pulpC, produce } = this.#setup;
    const batches = this.#batches.length;
    network.airC = this.#airC;
    network.airJK = body.airJK;
    network.wallOutC = seriesAt(ambient, ambient.skinC, timeMs);
    network.doorOutC = seriesAt(ambient, ambient.airC, timeMs);
    network.doorWK = conditions.doorShare > 0 ? this.#doorWK(conditions, timeMs, network.doorOutC) : 0;
    network.airSourceW = conditions.inService ? body.unit.fanW : 0;
    this.#setCooling(conditions, network.doorOutC);

    const toAir = body.cargoWKkg * (conditions.inService ? 1 : STILL_AIR_SHARE);
    network.reserve(batches * ZONES);
    network.nodes = batches * ZONES;
    let contactWK = 0;
    for (let b = 0; b < batches; b++) {
      const batchIx = this.#batches[b]!;
      const load = cargo[batchIx]!;
      for (let zone = 0; zone < ZONES; zone++) {
        const i = b * ZONES + zone;
        const pulp = pulpC[batchIx * ZONES + zone]!;
        const wallWK = (body.wallContact[zone]! * body.wallWK) / batches;
        network.nodeC[i] = pulp;
        network.nodeJK[i] = load.zoneJK;
        network.nodeToAirWK[i] = toAir * load.zoneKg * load.airShare[zone]!;
        network.nodeToWallWK[i] = wallWK;
        network.nodeSourceW[i] = zoneRespirationW(produce, load, pulp);
        contactWK += wallWK;
      }
    }
    network.wallWK = body.wallWK - contactWK;
  }

  #doorWK(conditions: Conditions, timeMs: number, outsideC: number): number {
    const { body, ambient } = this.#setup;
    const pressure = seriesAt(ambient, ambient.pressurePa, timeMs);
    const insideRatio = humidityRatio((this.#humidityPct / 100) * saturationPa(this.#airC), pressure);
    const outsideRatio = seriesAt(ambient, ambient.humidityRatio, timeMs);
    const areaM2 = body.doorAreaM2 * conditions.doorShare;
    const openWK = infiltrationWK(areaM2, body.doorHeightM, this.#airC, insideRatio, outsideC, outsideRatio, pressure);
    return openWK * (conditions.docked ? 1 - body.dockStops : 1);
  }

  #setCooling(conditions: Conditions, ambientC: number): void {
    const { unit } = this.#setup.body;
    const { cooling } = this.#setup.network;
    const capacityW = conditions.inService ? capacityAtW(unit, ambientC) * conditions.capacityShare : 0;
    cooling.fromC = conditions.setPointC;
    if (unit.control === 'modulated') {
      cooling.maxW = capacityW;
      cooling.bandK = unit.bandK;
    } else {
      this.#unitOn = capacityW > 0 && switched(this.#unitOn, this.#airC, conditions.setPointC, unit.bandK);
      cooling.maxW = this.#unitOn ? capacityW : 0;
      cooling.bandK = 0;
    }
    this.#coolingW = coolingAtW(cooling, this.#airC);
  }

  /** Takes the step's result out of the network. */
  #takeBack(dtS: number, conditions: Conditions, timeMs: number): void {
    const { network, pulpC, ambient } = this.#setup;
    this.#airC = network.airC;
    for (let i = 0; i < network.nodes; i++) {
      pulpC[this.#batches[Math.floor(i / ZONES)]! * ZONES + (i % ZONES)] = network.nodeC[i]!;
    }
    this.#coolingW = network.coolingW;
    this.#inflowJ += dtS * (network.wallW + network.doorW + network.sourceW - network.coolingW);
    this.turnoverJ = Math.max(this.turnoverJ, Math.abs(network.heatJ()));
    const outsidePa =
      seriesAt(ambient, ambient.humidityRatio, timeMs) * (seriesAt(ambient, ambient.pressurePa, timeMs) / 0.622);
    this.#humidityPct = relaxedHumidityPct(this.#humidityPct, dtS, {
      doorOpen: conditions.doorShare > 0,
      outsidePct: (100 * outsidePa) / saturationPa(this.#airC),
      loaded: this.#batches.length > 0,
      cooling: this.#coolingW > 0,
    });
  }

  /** Notes the values at one end of the step. */
  #keep(into: Float64Array, conditions: Conditions): void {
    const { body, pulpC, cargo } = this.#setup;
    into[RETURN] = this.#airC;
    into[SUPPLY] = conditions.inService ? this.#airC - this.#coolingW / body.unit.airflowWK : this.#airC;
    into[HUMIDITY] = this.#humidityPct;
    for (let zone = 0; zone < ZONES; zone++) {
      let massKg = 0;
      let sum = 0;
      for (let b = 0; b < this.#batches.length; b++) {
        const batchIx = this.#batches[b]!;
        const zoneKg = cargo[batchIx]!.zoneKg;
        massKg += zoneKg;
        sum += zoneKg * pulpC[batchIx * ZONES + zone]!;
      }
      // A probe without fruit to stick in hangs in the air.
      into[PULP + zone] = massKg > 0 ? sum / massKg : this.#airC;
    }
  }

  #heatJ(): number {
    const { body, cargo, pulpC } = this.#setup;
    let heat = body.airJK * this.#airC;
    for (const batchIx of this.#batches) {
      const { zoneJK } = cargo[batchIx]!;
      for (let zone = 0; zone < ZONES; zone++) heat += zoneJK * pulpC[batchIx * ZONES + zone]!;
    }
    return heat;
  }
}
