import pc from 'picocolors';
import type { Breach, Severity } from '../contract/breach.ts';
import { inUnit } from '../contract/unit.ts';
import { breachSentence } from '../produce/breach-words.ts';
import { hanging } from './hanging.ts';
import type { TextOptions } from './render-text.ts';
import { localTime } from './zone.ts';

/** As wide as the longest severity and what sets it off. */
const INDENT = 12;

/**
 * One breach for people to read: what it says, where that was measured, and when.
 * @param remarks what else there is to say of it
 */
export function breachBlock(breach: Breach, { zoneMin, colour }: TextOptions, ...remarks: string[]): string {
  const { severity, rule, device, channel, startMs, endMs, endedBy } = breach;
  const mark = `  ${severity}`.padEnd(INDENT);
  const below = (text: string) => hanging(' '.repeat(INDENT), text);
  const to = endMs === null ? 'still on' : localTime(endMs, zoneMin);
  const end = endedBy === null || endedBy === 'recovered' ? '' : ` (${endedBy})`;
  return [
    hanging(mark.replace(severity, painted(severity, severity, colour)), breachSentence(breach), INDENT),
    below(`${rule}: ${device}, ${channel}${worstText(breach, zoneMin)}`),
    below([`${localTime(startMs, zoneMin)} to ${to}${end}`, ...remarks].join('; ')),
  ].join('\n');
}

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
