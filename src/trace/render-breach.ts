import pc from 'picocolors';
import type { Breach, Severity } from '../contract/breach.ts';
import { inUnit } from '../contract/unit.ts';
import { badness } from '../produce/breach-kinds.ts';
import { breachSentence, timedText } from '../produce/breach-words.ts';
import { hanging } from './hanging.ts';
import type { TextOptions } from './render-text.ts';
import { localTime } from './zone.ts';

/** As wide as the longest severity and what sets it off. */
const INDENT = 12;

/**
 * One breach for people to read: what it says, where that was measured, and when.
 * @param remarks what else there is to say of it
 */
export function breachBlock(breach: Breach, options: TextOptions, ...remarks: string[]): string {
  return breachesBlock([breach], options, ...remarks);
}

/**
 * Breaches that say the same: what, how often and for how long at most, the worst, the first and the last.
 * @param breaches at least one, by start
 */
export function breachesBlock(
  breaches: readonly Breach[],
  { zoneMin, colour }: TextOptions,
  ...remarks: string[]
): string {
  const worst = breaches.reduce((a, b) => (badness(b) > badness(a) ? b : a));
  const { severity, rule, device, channel } = worst;
  const mark = `  ${severity}`.padEnd(INDENT);
  const below = (text: string) => hanging(' '.repeat(INDENT), text);
  return [
    hanging(mark.replace(severity, painted(severity, severity, colour)), saidText(worst, breaches), INDENT),
    below(`${rule}: ${device}, ${channel}${worstText(worst, zoneMin)}`),
    below([spanText(breaches, zoneMin), ...remarks].join('; ')),
  ].join('\n');
}

function saidText(worst: Breach, breaches: readonly Breach[]): string {
  if (breaches.length === 1) return breachSentence(worst);
  return `${timedText(worst, breaches)} at the longest, ${breaches.length} times`;
}

/** From the first to the last, of which any may still be on. */
function spanText(breaches: readonly Breach[], zoneMin: number): string {
  const startMs = Math.min(...breaches.map((breach) => breach.startMs));
  const last = breaches.reduce((a, b) => (endOf(b) > endOf(a) ? b : a));
  const { endMs, endedBy } = last;
  const from = localTime(startMs, zoneMin);
  if (endMs === null) return `${from}, still on`;
  const end = endedBy === null || endedBy === 'recovered' ? '' : ` (${endedBy})`;
  return `${from} to ${localTime(endMs, zoneMin)}${end}`;
}

const endOf = ({ endMs }: Breach) => endMs ?? Number.POSITIVE_INFINITY;

/** In the colour of the severity. */
export function painted(severity: Severity, text: string, colour: boolean): string {
  const colours = pc.createColors(colour);
  return severity === 'warning' ? colours.yellow(text) : colours.red(text);
}

/** A switch, and a silence, have no worst value worth telling. */
function worstText({ unit, peak, peakMs, limit }: Breach, zoneMin: number): string {
  if (unit === '/' || unit === 'min') return '';
  return `, worst ${inUnit(peak, unit)} at ${localTime(peakMs, zoneMin)}, limit ${inUnit(limit, unit)}`;
}
