/** Humid air by the usual engineering formulas; every function takes and returns SI units but °C. */

/** Dry air, J/(kg·K). */
const AIR_HEAT_JKGK = 1006;

/** Standard atmosphere (ICAO), Pa. @param altitudeM above sea level */
export function pressurePa(altitudeM: number): number {
  return 101_325 * (1 - 2.25577e-5 * altitudeM) ** 5.2559;
}

/** Kilograms of water vapour in a kilogram of dry air. */
export function humidityRatio(vapourPa: number, pressure: number): number {
  return (0.622 * vapourPa) / (pressure - vapourPa);
}

/** Specific enthalpy, J per kg of dry air, 0 for dry air at 0 °C (ASHRAE Fundamentals, psychrometrics). */
export function enthalpyJkg(tempC: number, ratio: number): number {
  return AIR_HEAT_JKGK * tempC + ratio * (2_501_000 + 1860 * tempC);
}

/** Density of humid air, kg/m³ (ideal gas, 287.05 J/(kg·K)). */
export function densityKgm3(tempC: number, ratio: number, pressure: number): number {
  return (pressure * (1 + ratio)) / (287.05 * (tempC + 273.15) * (1 + 1.608 * ratio));
}
