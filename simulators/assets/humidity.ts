/** What drives the humidity inside an asset. */
export interface HumidityDrivers {
  readonly doorOpen: boolean;
  /** Relative humidity that outside air has once it is as cold as the inside. */
  readonly outsidePct: number;
  readonly loaded: boolean;
  readonly cooling: boolean;
}

/**
 * Relative humidity after a step: it relaxes towards what fruit (which gives water off) and coil (which takes it
 * out) settle at, or towards the outside's while a door is open. A SIMPLIFICATION without a water balance; the
 * levels keep to the 90–95 % that stored plums are held at (USDA Handbook 66).
 */
export function relaxedHumidityPct(humidityPct: number, dtS: number, drivers: HumidityDrivers): number {
  const target = drivers.doorOpen
    ? Math.min(99, drivers.outsidePct)
    : drivers.loaded
      ? drivers.cooling
        ? 89
        : 95
      : 75;
  const tauS = drivers.doorOpen ? 240 : 1200;
  return humidityPct + ((target - humidityPct) * dtS) / (tauS + dtS);
}
