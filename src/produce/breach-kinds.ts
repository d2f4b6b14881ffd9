import type { Breach } from '../contract/breach.ts';
import { channelKind } from '../contract/channel.ts';
import { inUnit } from '../contract/unit.ts';

/** What there is to say of a breach, by its fold: packs call their rules what they like. */

/** From cause to effect: first what measures, then what is measured. */
export const CHAIN = [
  'battery',
  'silence',
  'sensor',
  'setting',
  'door',
  'defrost',
  'air',
  'airflow',
  'effort',
  'tally',
  'forecast',
  'fruit',
] as const;
export type Stage = (typeof CHAIN)[number];

export interface BreachKind {
  readonly stage: Stage;
  /** @param what the channel's quantity, e.g. `Pulp` */
  say(what: string, breach: Breach): string;
}

const sensor = (does: string): BreachKind => ({
  stage: 'sensor',
  say: (_, { channel }) => `Sensor ${channel} ${does}`,
});
const limit = (breach: Breach) => inUnit(breach.limit, breach.unit);

/** Of a rule with a limit on either side, whose breach names the one that was passed. */
function outside(what: string, breach: Breach): string {
  return `${what} ${breach.peak > breach.limit ? 'above' : 'below'} ${limit(breach)}`;
}

/** By fold, or by name for a rule of whole batches; the threshold rules go by their channel too ({@link stageOf}). */
const KINDS: Readonly<Record<string, BreachKind>> = {
  'physical-range': sensor('shows what cannot be'),
  spike: sensor('jumps'),
  stuck: sensor('is stuck on one value'),
  drift: sensor('drifts'),
  sinking: sensor('drifts down'),
  'parted-air': sensor('drifts up'),
  'no-data': { stage: 'silence', say: (_, { device }) => `No data from ${device}` },
  recording: { stage: 'silence', say: (what) => `${what} recorded too seldom` },
  battery: { stage: 'battery', say: (what, b) => `${what} below ${limit(b)}` },
  'set-point-mismatch': { stage: 'setting', say: outside },
  'set-point-missed': { stage: 'air', say: () => 'Unit does not reach its set-point' },
  door: { stage: 'door', say: () => 'Door open' },
  defrost: { stage: 'defrost', say: () => 'Defrost running' },
  'defrost-shape': { stage: 'defrost', say: () => 'Defrost running' },
  // It tells that cold is asked for, not why: a load that came in warm, blocked air, a unit that fades.
  duty: { stage: 'effort', say: () => 'Unit at full power' },
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
export const FOLDS_WITH_WORDS: readonly string[] = Object.keys(KINDS);

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

/** What is known of a breach's rule; undefined for one that is not known here. */
export function kindOf({ fold }: Breach): BreachKind | undefined {
  return KINDS[fold];
}

/** Where less is worse. Of a rule with a limit on either side, a breach names the one that was passed. */
const DOWNWARDS: ReadonlySet<string> = new Set(['low', 'freezing', 'battery']);

/** How bad the worst value of a breach is, to be compared with that of one that says the same. */
export function badness({ fold, peak, limit }: Breach): number {
  return DOWNWARDS.has(fold) ? -peak : Math.abs(peak - limit);
}

/** Where a breach of this kind stands in the chain. */
export function stageOf({ stage }: BreachKind, breach: Breach): Stage {
  return stage === 'fruit' ? (STAGE_OF_KIND[quantityOf(breach)] ?? stage) : stage;
}

/** The kind of its channel: `pulp` for `pulp-2`. */
export function quantityOf({ channel }: Breach): string {
  return channelKind(channel)?.kind ?? channel;
}
