/** Magnus's formula with the coefficients of the WMO: pressure at 0 °C, and how it rises over water. */
const PA_AT_ZERO = 611.2;
const FACTOR = 17.62;
const OFFSET_C = 243.12;

/** Saturation vapour pressure over water, Pa. */
export function saturationPa(tempC: number): number {
  return PA_AT_ZERO * Math.exp((FACTOR * tempC) / (OFFSET_C + tempC));
}

/** Temperature at which air of a vapour pressure is saturated, °C: the inverse of {@link saturationPa}. */
export function dewPointC(vapourPa: number): number {
  const x = Math.log(vapourPa / PA_AT_ZERO);
  return (OFFSET_C * x) / (FACTOR - x);
}
