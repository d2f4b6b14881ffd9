import { prune } from './traits/prune.ts';
import { type ProduceTraits, traitsSchema } from './traits/schema.ts';

export type { ProduceTraits, Range } from './traits/schema.ts';

/** The shipped traits, checked when the program starts: wrong ones are a bug of ours. */
const byName = new Map([prune].map((traits) => [traits.name, traitsSchema.parse(traits)]));

/** What is published of a produce, or undefined where nothing is shipped. */
export function produceTraits(produce: string): ProduceTraits | undefined {
  return byName.get(produce);
}

/** Names of all produce with traits: what can be simulated. */
export function produceNames(): string[] {
  return [...byName.keys()];
}
