/** Below this a battery gives less than it promises. */
const RATED_C = 20;

/**
 * How much faster it runs down for each kelvin below that: 1.24 times at 0 °C, 1.48 times at −20 °C. ESTIMATE: lithium
 * cells are said to keep about 80 % of their capacity at 0 °C and 60–70 % at −20 °C.
 */
const FASTER_PER_K = 0.012;

/** How much charge a device's battery gives in some hours, percent. @param fullHours how long a full one lasts at 20 °C */
export function batteryDrainPct(hours: number, fullHours: number, tempC: number): number {
  return ((100 * hours) / fullHours) * (1 + FASTER_PER_K * Math.max(0, RATED_C - tempC));
}
