import type { Breach } from '../contract/breach.ts';
import { channelKind } from '../contract/channel.ts';
import { inUnit } from '../contract/unit.ts';
import { profileFor } from './profiles.ts';

/**
 * What a breach is called for people, and where it stands in the chain from what goes wrong to what it does to the
 * fruit. Known by the fold behind the profile's rule; a rule that is not known here goes by its name.
 */

/** From cause to effect: first what measures, then what is measured. */
const CHAIN = [
  'battery',
  'silence',
  'sensor',
  'setting',
  'door',
  'defrost',
  'air',
  'airflow',
  'tally',
  'forecast',
  'fruit',
] as const;
type Stage = (typeof CHAIN)[number];

/** What may be the reason for something further down the chain. */
const CAUSES: ReadonlySet<Stage> = new Set(['battery', 'sensor', 'setting', 'door', 'defrost', 'air', 'airflow']);
const INSTRUMENTS: ReadonlySet<Stage> = new Set(['battery', 'silence', 'sensor']);

interface Words {
  readonly stage: Stage;
  /** @param what the channel's quantity, e.g. `Pulp` */
  say(what: string, breach: Breach): string;
}

const sensor = (does: string): Words => ({ stage: 'sensor', say: (_, { channel }) => `Sensor ${channel} ${does}` });
const limit = (breach: Breach) => inUnit(breach.limit, breach.unit);

/** Of a rule with a limit on either side, whose breach names the one that was passed. */
function outside(what: string, breach: Breach): string {
  return `${what} ${breach.peak > breach.limit ? 'above' : 'below'} ${limit(breach)}`;
}

/** By fold, or by name for a rule of whole batches; the threshold rules go by their channel too ({@link wordsOf}). */
const WORDS: Readonly<Record<string, Words>> = {
  'physical-range': sensor('shows what cannot be'),
  spike: sensor('jumps'),
  stuck: sensor('is stuck on one value'),
  drift: sensor('drifts'),
  'no-data': { stage: 'silence', say: (_, { device, cause }) => `No data from ${device}${silenceText(cause)}` },
  recording: { stage: 'silence', say: (what) => `${what} recorded too seldom` },
  battery: { stage: 'battery', say: (what, b) => `${what} below ${limit(b)}` },
  'set-point-mismatch': { stage: 'setting', say: outside },
  door: { stage: 'door', say: () => 'Door open' },
  defrost: { stage: 'defrost', say: () => 'Defrost running' },
  'defrost-shape': { stage: 'defrost', say: () => 'Defrost running' },
  humidity: { stage: 'air', say: outside },
  'pulp-against-air': { stage: 'airflow', say: () => 'Cold air does not reach the fruit' },
  'time-out-of-range': { stage: 'tally', say: (what) => `${what} out of range too long in all` },
  'degree-minutes': { stage: 'tally', say: (what, b) => `${what} too warm in all, above ${limit(b)}` },
  'chilling-zone': { stage: 'tally', say: (what) => `${what} too long where cold harms it` },
  'mean-kinetic': { stage: 'tally', say: (what, b) => `${what}, mean kinetic, above ${limit(b)}` },
  predicted: { stage: 'forecast', say: (what, b) => `${what} on its way past ${limit(b)}` },
  freezing: { stage: 'fruit', say: (what) => `${what} at freezing` },
  high: { stage: 'fruit', say: (what, b) => `${what} above ${limit(b)}` },
  low: { stage: 'fruit', say: (what, b) => `${what} below ${limit(b)}` },
  'left-warm': { stage: 'fruit', say: (what, b) => `${what} above ${limit(b)} when it went on` },
  rate: { stage: 'fruit', say: (what, b) => `${what} rising more than ${limit(b)}` },
  'batch-warm-time': { stage: 'tally', say: () => 'Batch too long too warm on its whole way' },
  'batch-degree-minutes': { stage: 'tally', say: () => 'Batch too warm in all on its whole way' },
  'batch-chilling': { stage: 'tally', say: () => 'Batch too long where cold harms it, on its whole way' },
  'batch-ripening': { stage: 'tally', say: () => 'Batch has used up its storage life' },
  'batch-pre-cooling': { stage: 'tally', say: () => 'Batch not pre-cooled in time' },
};

/** The folds that have words, for the test that none is missing. */
export const FOLDS_WITH_WORDS: readonly string[] = Object.keys(WORDS);

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

/** Where a fold's own stage gives way to the channel's: warm air comes before warm fruit. */
const STAGE_OF_KIND: Readonly<Record<string, Stage>> = {
  air: 'air',
  'air-supply': 'air',
  'air-return': 'air',
  ambient: 'air',
  humidity: 'air',
  battery: 'battery',
  'set-point': 'setting',
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
  const words = wordsOf(breach);
  const said = words?.say(QUANTITIES[kindOf(breach)] ?? breach.channel, breach);
  const text = said ?? `Rule ${breach.rule} on ${breach.channel}`;
  if (count === 1) return text;
  const of = breach.channel === 'batch' ? 'batches' : words && MANY[stageOf(words, breach)];
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
  return breachText(breach) + lastedText([breach]);
}

/**
 * How long the longest of some breaches lasted. Of one that is still on, what will be true whenever it is read: at least
 * until it was raised.
 */
export function lastedText(breaches: readonly Breach[]): string {
  const longestMs = Math.max(...breaches.map(({ startMs, raisedMs, endMs }) => (endMs ?? raisedMs) - startMs));
  if (longestMs < 60_000) return '';
  return ` for ${breaches.some(({ endMs }) => endMs === null) ? 'over ' : ''}${lengthText(longestMs)}`;
}

/** Whether a breach is about what measures, and not about what is measured. */
export function aboutInstruments(breach: Breach): boolean {
  const words = wordsOf(breach);
  return words ? INSTRUMENTS.has(stageOf(words, breach)) : breach.about !== 'cargo';
}

/** True for a breach of a sensor rule: what the sensor says is not to be believed. */
export function doubtsSensor(breach: Breach): boolean {
  const words = wordsOf(breach);
  return words ? words.stage === 'sensor' : breach.about === 'sensor';
}

/** Whether two breaches say the same of different channels or devices. */
export function isAlike(a: Breach, b: Breach): boolean {
  return a.rule === b.rule && a.limit === b.limit && kindOf(a) === kindOf(b);
}

/** How far down the chain from cause to effect: 0 is its beginning. A rule that is not known stands at the end. */
export function chainPlace(breach: Breach): number {
  const words = wordsOf(breach);
  return words ? CHAIN.indexOf(stageOf(words, breach)) : CHAIN.length;
}

/** Whether the first is likely to be why the second is: further up the chain, and there when it began. */
export function mayCause(first: Breach, second: Breach): boolean {
  const words = wordsOf(first);
  if (!words || first.startMs > second.startMs || chainPlace(first) >= chainPlace(second)) return false;
  const stage = stageOf(words, first);
  if (!CAUSES.has(stage)) return false;
  if (stage === 'battery') return first.device === second.device;
  return stage !== 'sensor' || (first.device === second.device && first.channel === second.channel);
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

function wordsOf({ profile, rule }: Breach): Words | undefined {
  const fold = profileFor(profile)?.rules.find(({ name }) => name === rule)?.rule;
  return WORDS[fold ?? rule];
}

function stageOf({ stage }: Words, breach: Breach): Stage {
  return stage === 'fruit' ? (STAGE_OF_KIND[kindOf(breach)] ?? stage) : stage;
}

function kindOf({ channel }: Breach): string {
  return channelKind(channel)?.kind ?? channel;
}

function silenceText(cause: Breach['cause']): string {
  if (cause === 'battery') return ', its battery was running out';
  if (cause === 'moving') return ', it was on the move';
  return cause === 'never-heard' ? ', never heard of' : '';
}
