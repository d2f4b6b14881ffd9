import { channelKind } from '../../contract/channel.ts';
import { splitUnit } from '../../produce/pack/params.ts';

const SYMBOL: Readonly<Record<string, string>> = { Cel: ' °C', '%RH': ' % RH', '%EL': ' %', '/': '' };

/**
 * The value of a fold's parameter for people: `60 min`, `4 °C`, `17 °C/h`.
 * @param param as the fold calls it @param channels in whose unit levels are; °C for none
 */
export function paramText(param: string, value: number, channels: readonly string[] = []): string {
  const { base, unit } = splitUnit(param);
  if (unit === 'Ms') return durationText(value);
  if (unit === 'Pct') return `${value} %`;
  if (unit === 'CMin') return `${value} °C·min`;
  if (unit !== 'C') return String(value);
  if (/perHour$/i.test(base)) return `${value} °C/h`;
  return `${value}${SYMBOL[channelKind(channels[0] ?? '')?.unit ?? 'Cel'] ?? ''}`;
}

/** A length of time in the greatest unit that it is a whole number of, days from two on: `90 min`, `14 d`. */
export function durationText(ms: number): string {
  if (ms === 0) return '0';
  if (ms % 86_400_000 === 0 && ms > 86_400_000) return `${ms / 86_400_000} d`;
  for (const [unit, unitMs] of [
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms % unitMs === 0) return `${ms / unitMs} ${unit}`;
  }
  return `${ms} ms`;
}
