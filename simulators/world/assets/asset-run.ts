import { positionAt, speedAtMps } from '../../plan/track.ts';
import { seriesAt } from '../physics/ambient.ts';
import { ZONES } from '../physics/cargo.ts';
import { saturationPa } from '../physics/humid-air.ts';
import { powerW } from '../physics/refrigeration-unit.ts';
import type { AssetSetup, AssetState } from './asset-state.ts';
import type { Conditions } from './conditions.ts';
import { fillNetwork } from './fill-network.ts';
import { relaxedHumidityPct, settledHumidityPct } from './humidity.ts';

/** Offsets into the values kept at both ends of a step, to read in between. */
const SUPPLY = 0;
const RETURN = 1;
const PULP = 2;
const HUMIDITY = 5;
const KEPT = 6;

/** One asset going through time in inner steps. */
export class AssetRun {
  readonly #setup: AssetSetup;
  readonly #state: AssetState;
  /** The current step is [stepFromMs, stepToMs). */
  #stepFromMs: number;
  #stepToMs: number;
  #conditionIx = 0;
  #moveIx = 0;
  readonly #startJ: number;
  #inflowJ = 0;
  readonly #atFrom = new Float64Array(KEPT);
  readonly #atTo = new Float64Array(KEPT);

  constructor(setup: AssetSetup) {
    this.#setup = setup;
    this.#stepFromMs = setup.startMs;
    this.#stepToMs = setup.startMs;
    const first = setup.conditions[0]!;
    const airC = first.inService ? first.setPointC : seriesAt(setup.ambient, setup.ambient.airC, setup.startMs);
    this.#state = { airC, humidityPct: 80, unitOn: false, coolingW: 0, batches: [] };
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
    this.#state.batches.push(batchIx);
    this.#inflowJ += this.#heatJ() - before;
  }

  unload(batchIx: number): void {
    const before = this.#heatJ();
    this.#state.batches.splice(this.#state.batches.indexOf(batchIx), 1);
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
    out[9] = this.#state.coolingW > 0 ? 1 : 0;
    out[10] = powerW(body.unit, this.#state.coolingW, ambientC, conditions.inService);
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
    fillNetwork(this.#setup, this.#state, conditions, fromMs);
    this.#keep(this.#atFrom, conditions);

    let dtS = (toMs - fromMs) / 1000;
    let endAirC = network.solve(dtS);
    let switches = false;
    if (conditions.inService && body.unit.control === 'on-off') {
      const limitC = conditions.setPointC + (this.#state.unitOn ? -body.unit.bandK : body.unit.bandK);
      switches = this.#state.unitOn ? endAirC < limitC : endAirC > limitC;
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
    if (switches) this.#state.unitOn = !this.#state.unitOn;
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

  /** Takes the step's result out of the network. */
  #takeBack(dtS: number, conditions: Conditions, timeMs: number): void {
    const { network, pulpC } = this.#setup;
    const state = this.#state;
    state.airC = network.airC;
    state.coolingW = network.coolingW;
    for (let i = 0; i < network.nodes; i++) {
      pulpC[state.batches[Math.floor(i / ZONES)]! * ZONES + (i % ZONES)] = network.nodeC[i]!;
    }
    this.#inflowJ += dtS * (network.wallW + network.doorW + network.sourceW - network.coolingW);
    const open = conditions.doorShare > 0;
    const targetPct = open
      ? this.#outsideHumidityPct(timeMs)
      : settledHumidityPct(state.batches.length > 0, state.coolingW > 0);
    state.humidityPct = relaxedHumidityPct(state.humidityPct, targetPct, open, dtS);
  }

  /** Relative humidity that outside air has once it is as cold as the inside. */
  #outsideHumidityPct(timeMs: number): number {
    const { ambient } = this.#setup;
    const ratio = seriesAt(ambient, ambient.humidityRatio, timeMs);
    const vapourPa = (ratio * seriesAt(ambient, ambient.pressurePa, timeMs)) / (0.622 + ratio);
    return (100 * vapourPa) / saturationPa(this.#state.airC);
  }

  /** Notes the values at one end of the step. */
  #keep(into: Float64Array, conditions: Conditions): void {
    const { body, pulpC, cargo } = this.#setup;
    const { airC, coolingW, humidityPct, batches } = this.#state;
    into[RETURN] = airC;
    into[SUPPLY] = conditions.inService ? airC - coolingW / body.unit.airflowWK : airC;
    into[HUMIDITY] = humidityPct;
    for (let zone = 0; zone < ZONES; zone++) {
      let massKg = 0;
      let sum = 0;
      for (let b = 0; b < batches.length; b++) {
        const batchIx = batches[b]!;
        const zoneKg = cargo[batchIx]!.zoneKg;
        massKg += zoneKg;
        sum += zoneKg * pulpC[batchIx * ZONES + zone]!;
      }
      // A probe without fruit to stick in hangs in the air; several loads show as their mean.
      into[PULP + zone] = massKg > 0 ? sum / massKg : airC;
    }
  }

  #heatJ(): number {
    const { body, cargo, pulpC } = this.#setup;
    let heat = body.airJK * this.#state.airC;
    for (const batchIx of this.#state.batches) {
      const { zoneJK } = cargo[batchIx]!;
      for (let zone = 0; zone < ZONES; zone++) heat += zoneJK * pulpC[batchIx * ZONES + zone]!;
    }
    return heat;
  }
}
