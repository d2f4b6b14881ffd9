import type { ArmedRule, WatchPlan } from './compile.ts';
import { MemoryMap, type Place } from './memory-map.ts';
import type { Spell } from './rule.ts';
import { KEPT, raisedSpell } from './spell.ts';

/** By `{channel}:{rule}`, the numbers of a rule that are not all 0. */
export type SavedMemories = Readonly<Record<string, readonly number[]>>;

/** What the rules armed on a device remember: one array, changed in place. */
export class Memories {
  #map: MemoryMap;
  numbers: Float64Array;

  constructor(rules: readonly ArmedRule[], saved: SavedMemories) {
    const keys = Object.keys(saved);
    this.#map = MemoryMap.empty(rules).withKeys(keys);
    this.numbers = new Float64Array(this.#map.size);
    for (const key of keys) {
      const place = this.#map.place(key);
      if (place) this.numbers.set(saved[key]!, place.at);
    }
  }

  get rules(): readonly ArmedRule[] {
    return this.#map.rules;
  }

  /** Where the watches of a plan remember, in their order; makes room for those that are new. */
  offsets(plan: WatchPlan): Int32Array {
    const known = this.#map.offsets(plan);
    if (known) return known;
    this.#map = this.#map.withPlan(plan);
    const grown = new Float64Array(this.#map.size);
    grown.set(this.numbers);
    this.numbers = grown;
    return this.#map.offsets(plan)!;
  }

  /** Tells every raised spell. */
  forEachRaised(tell: (place: Place, spell: Spell) => void): void {
    const { places } = this.#map;
    for (let p = 0; p < places.length; p++) {
      const spell = raisedSpell(this.numbers, places[p]!.at);
      if (spell) tell(places[p]!, spell);
    }
  }

  /** As plain JSON, the same for the same memories: keys in order. */
  saved(): SavedMemories {
    const saved: Record<string, number[]> = {};
    for (const [key, { at, rule }] of this.#map.byKey) {
      const end = at + KEPT + rule.bound.keeps;
      let first = at;
      while (first < end && this.numbers[first] === 0) first++;
      if (first === end) continue;
      const own: number[] = [];
      // −0 would come back from JSON as 0.
      for (let i = at; i < end; i++) own.push(this.numbers[i]! + 0);
      saved[key] = own;
    }
    return saved;
  }
}
