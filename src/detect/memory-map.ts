import { channelKind } from '../contract/channel.ts';
import type { ArmedRule, WatchPlan } from './compile.ts';
import { KEPT } from './spell.ts';

/** One rule on one channel, and where in a device's numbers its memory begins. */
export interface Place {
  readonly channel: string;
  readonly rule: ArmedRule;
  readonly at: number;
}

const rootOf = new WeakMap<readonly ArmedRule[], MemoryMap>();

/**
 * Where each rule on each channel remembers in a device's one array of numbers. It grows with the channels that a
 * device reports; devices that report alike share one map, so that a device costs no more than its numbers.
 */
export class MemoryMap {
  readonly rules: readonly ArmedRule[];
  readonly places: readonly Place[];
  /** The same by key. */
  readonly byKey: readonly (readonly [key: string, place: Place])[];
  /** How many numbers there are. */
  readonly size: number;
  readonly #placeOf: ReadonlyMap<string, Place>;
  readonly #next = new Map<string, MemoryMap>();
  readonly #offsets = new WeakMap<WatchPlan, Int32Array>();

  private constructor(rules: readonly ArmedRule[], places: readonly Place[], size: number) {
    this.rules = rules;
    this.places = places;
    this.size = size;
    this.#placeOf = new Map(places.map((place) => [keyOf(place), place]));
    this.byKey = [...this.#placeOf].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The map of a device that has reported nothing yet. */
  static empty(rules: readonly ArmedRule[]): MemoryMap {
    let root = rootOf.get(rules);
    if (!root) {
      root = new MemoryMap(rules, [], 0);
      rootOf.set(rules, root);
    }
    return root;
  }

  /** Where the watches of a plan remember, in their order; undefined where this map has no place for one of them. */
  offsets(plan: WatchPlan): Int32Array | undefined {
    const known = this.#offsets.get(plan);
    if (known) return known;
    const places = plan.watches.map((watch) => this.#placeOf.get(`${watch.channel}:${watch.name}`));
    if (places.includes(undefined)) return undefined;
    const offsets = Int32Array.from(places, (place) => place!.at);
    this.#offsets.set(plan, offsets);
    return offsets;
  }

  /** This map with places for a plan's watches, behind those that are there. */
  withPlan(plan: WatchPlan): MemoryMap {
    return this.#with(plan.watches.map((watch) => ({ channel: watch.channel, name: watch.name })));
  }

  /** This map with places for a saved state's keys, `{channel}:{rule}`; those of no rule that is armed are left out. */
  withKeys(keys: readonly string[]): MemoryMap {
    return this.#with(
      keys.map((key) => {
        const [channel, name] = key.split(':') as [string, string];
        return { channel, name };
      }),
    );
  }

  place(key: string): Place | undefined {
    return this.#placeOf.get(key);
  }

  #with(wanted: readonly { readonly channel: string; readonly name: string }[]): MemoryMap {
    const fresh = wanted.filter(({ channel, name }) => !this.#placeOf.has(`${channel}:${name}`));
    if (fresh.length === 0) return this;
    const step = fresh.map(({ channel, name }) => `${channel}:${name}`).join();
    let next = this.#next.get(step);
    if (!next) {
      next = this.#grown(fresh);
      this.#next.set(step, next);
    }
    return next;
  }

  #grown(fresh: readonly { readonly channel: string; readonly name: string }[]): MemoryMap {
    const places = [...this.places];
    let size = this.size;
    for (const { channel, name } of fresh) {
      const kind = channelKind(channel)?.kind ?? '';
      const rule = this.rules.find((r) => r.name === name && r.channelKinds.includes(kind));
      if (!rule) continue;
      places.push({ channel, rule, at: size });
      size += KEPT + rule.bound.keeps;
    }
    return new MemoryMap(this.rules, places, size);
  }
}

/** What a state calls a place by. */
function keyOf({ channel, rule }: Place): string {
  return `${channel}:${rule.name}`;
}
