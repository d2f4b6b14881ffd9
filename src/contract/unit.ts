const WRITTEN: Readonly<Record<string, string>> = {
  Cel: ' °C',
  '%RH': ' % RH',
  '%EL': ' %',
  // A switch, and what else has no unit.
  '/': '',
};

/** A value for people, with at most two decimals: `4.5 °C`, `92 % RH`, `90 min`. */
export function inUnit(value: number, unit: string): string {
  return `${Number(value.toFixed(2))}${WRITTEN[unit] ?? ` ${unit}`}`;
}
