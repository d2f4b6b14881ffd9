import type { Breach, SilenceCause } from '../contract/breach.ts';
import { kindOf, quantityOf, type Stage, stageOf } from './breach-kinds.ts';

/** What a breach is called for people. A rule that is not known goes by its name. */

const QUANTITIES: Readonly<Record<string, string>> = {
  air: 'Air',
  'air-supply': 'Supply air',
  'air-return': 'Return air',
  pulp: 'Pulp',
  ambient: 'Outside air',
  'set-point': 'Set-point',
  humidity: 'Humidity',
  battery: 'Battery',
};

const SILENCES: Readonly<Record<Exclude<SilenceCause, 'moving'>, string>> = {
  battery: 'its battery was running out',
  'never-heard': 'never heard of',
};

const MANY: Partial<Record<Stage, string>> = {
  battery: 'devices',
  silence: 'devices',
  sensor: 'sensors',
  setting: 'units',
  door: 'doors',
  defrost: 'units',
};

/**
 * What a breach says, without how long: `Pulp above 4 °C`, `Pulp above 4 °C (3 probes)`.
 * @param count how many channels or devices say so
 */
export function breachText(breach: Breach, count = 1): string {
  const kind = kindOf(breach);
  const said = kind?.say(QUANTITIES[quantityOf(breach)] ?? breach.channel, breach);
  const text = said ?? `Rule ${breach.rule} on ${breach.channel}`;
  if (count === 1) return text;
  const of = breach.channel === 'batch' ? 'batches' : kind && MANY[stageOf(kind, breach)];
  return `${text} (${count} ${of ?? 'probes'})`;
}

/** The same within a sentence: `pulp above 4 °C`. */
export function breachClause(breach: Breach): string {
  return inSentence(breachText(breach));
}

/** A text that is not the first of its sentence. */
export function inSentence(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A breach as a sentence: `Pulp above 4 °C for 5 h 20 min`. */
export function breachSentence(breach: Breach): string {
  return timedText(breach, [breach]);
}

/** A breach together with others that say the same (`isAlike`), with how long, and why where that is known. */
export function timedText(breach: Breach, alike: readonly Breach[]): string {
  const count = new Set(alike.map(({ device, channel }) => `${device}:${channel}`)).size;
  const [text, lasted] = [breachText(breach, count), lastedText(alike)];
  if (breach.cause === null) return text + lasted;
  // A tunnel, or no network: what is the matter comes first.
  if (breach.cause === 'moving') return `Out of coverage${lasted}: ${inSentence(text)}, last heard on the move`;
  return `${text}${lasted} (${SILENCES[breach.cause]})`;
}

/**
 * How long the longest of some breaches lasted. Of one that is still on, what will be true whenever it is read: at least
 * until it was raised.
 */
function lastedText(breaches: readonly Breach[]): string {
  const longestMs = Math.max(...breaches.map(({ startMs, raisedMs, endMs }) => (endMs ?? raisedMs) - startMs));
  if (longestMs < 60_000) return '';
  return ` for ${breaches.some(({ endMs }) => endMs === null) ? 'over ' : ''}${lengthText(longestMs)}`;
}

/** `45 min`, `5 h 20 min`, `3 d 4 h`. */
export function lengthText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes <= 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const [whole, unit, rest, restUnit] =
    hours < 48 ? [hours, 'h', minutes % 60, 'min'] : [Math.floor(hours / 24), 'd', hours % 24, 'h'];
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
}
