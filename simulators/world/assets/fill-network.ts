import { seriesAt } from '../physics/ambient.ts';
import { ZONES, zoneRespirationW } from '../physics/cargo.ts';
import { infiltrationWK } from '../physics/door.ts';
import { coolingAtW } from '../physics/heat-network.ts';
import { humidityRatio, saturationPa } from '../physics/humid-air.ts';
import { capacityAtW, switched } from '../physics/refrigeration-unit.ts';
import type { AssetSetup, AssetState } from './asset-state.ts';
import { STILL_AIR_SHARE } from './body.ts';
import type { Conditions } from './conditions.ts';

/** Sets the shared heat network up for one asset's next step, which begins at `timeMs`. Lets the thermostat act. */
export function fillNetwork(setup: AssetSetup, state: AssetState, conditions: Conditions, timeMs: number): void {
  const { body, network, ambient } = setup;
  network.airC = state.airC;
  network.airJK = body.airJK;
  network.wallOutC = seriesAt(ambient, ambient.skinC, timeMs);
  network.doorOutC = seriesAt(ambient, ambient.airC, timeMs);
  network.doorWK = conditions.doorShare > 0 ? doorWK(setup, state, conditions, timeMs) : 0;
  network.airSourceW = conditions.inService ? body.unit.fanW : 0;
  setCooling(setup, state, conditions);
  network.wallWK = body.wallWK - fillCargo(setup, state, conditions);
}

/** Puts each batch's zones into the network. Returns the wall conductance that ends in cargo, W/K. */
function fillCargo(
  { body, network, cargo, pulpC, produce }: AssetSetup,
  state: AssetState,
  conditions: Conditions,
): number {
  const batches = state.batches.length;
  const toAir = body.cargoWKkg * (conditions.inService ? 1 : STILL_AIR_SHARE);
  network.reserve(batches * ZONES);
  network.nodes = batches * ZONES;
  let contactWK = 0;
  for (let b = 0; b < batches; b++) {
    const batchIx = state.batches[b]!;
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
  return contactWK;
}

function doorWK(
  { body, ambient, network }: AssetSetup,
  state: AssetState,
  conditions: Conditions,
  timeMs: number,
): number {
  const pressure = seriesAt(ambient, ambient.pressurePa, timeMs);
  const insideRatio = humidityRatio((state.humidityPct / 100) * saturationPa(state.airC), pressure);
  const outsideRatio = seriesAt(ambient, ambient.humidityRatio, timeMs);
  const areaM2 = body.doorAreaM2 * conditions.doorShare;
  const { doorHeightM } = body;
  const openWK = infiltrationWK(areaM2, doorHeightM, state.airC, insideRatio, network.doorOutC, outsideRatio, pressure);
  return openWK * (conditions.docked ? 1 - body.dockStops : 1);
}

function setCooling({ body: { unit }, network }: AssetSetup, state: AssetState, conditions: Conditions): void {
  const { cooling } = network;
  const capacityW = conditions.inService ? capacityAtW(unit, network.doorOutC) * conditions.capacityShare : 0;
  cooling.fromC = conditions.setPointC;
  if (unit.control === 'modulated') {
    cooling.maxW = capacityW;
    cooling.bandK = unit.bandK;
  } else {
    state.unitOn = capacityW > 0 && switched(state.unitOn, state.airC, conditions.setPointC, unit.bandK);
    cooling.maxW = state.unitOn ? capacityW : 0;
    cooling.bandK = 0;
  }
  state.coolingW = coolingAtW(cooling, state.airC);
}
