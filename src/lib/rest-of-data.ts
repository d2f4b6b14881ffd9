type Path = readonly PropertyKey[];

/**
 * Data with what is wrong in it left out, so that the rest can be looked at in the same go: a reader wants all problems
 * at once. Elements of lists that are left out shift those behind them; {@link original} tells where they stood.
 */
export class RestOfData {
  readonly data: unknown;
  readonly #whole: unknown;
  readonly #leftOut: readonly Path[];

  constructor(whole: unknown, leftOut: readonly Path[] = []) {
    this.data = leftOut.length === 0 ? whole : copyWithout(whole, [], leftOut);
    this.#whole = whole;
    this.#leftOut = leftOut;
  }

  /** The path in the whole data of a path in the rest. */
  original(path: Path): PropertyKey[] {
    const whole: PropertyKey[] = [];
    for (const part of path) whole.push(typeof part === 'number' ? this.#indexInWhole(whole, part) : part);
    return whole;
  }

  /** True where what is found at a path, of the whole data, may only be so because something is left out. */
  isTouched(path: Path): boolean {
    return this.#leftOut.some((left) => isWithin(path, left) || isWithin(left, path));
  }

  #isLeftOut(path: Path): boolean {
    return this.#leftOut.some((left) => isWithin(path, left));
  }

  /**
   * Leaves more out: what stands at the paths, of the whole data, or around them where that is left out already, as
   * where the schema misses it now. Undefined where nothing would be left.
   */
  without(paths: readonly Path[]): RestOfData | undefined {
    const more = paths.map((path) => {
      let shorter = path;
      while (shorter.length > 0 && this.#isLeftOut(shorter)) shorter = shorter.slice(0, -1);
      return shorter;
    });
    if (more.some((path) => path.length === 0)) return undefined;
    return new RestOfData(this.#whole, [...this.#leftOut, ...more]);
  }

  #indexInWhole(list: Path, indexInRest: number): number {
    const gone = this.#leftOut.filter((left) => left.length === list.length + 1 && isWithin(left, list));
    const indices = new Set(gone.map((left) => left.at(-1)));
    let index = -1;
    for (let kept = -1; kept < indexInRest; ) if (!indices.has(++index)) kept++;
    return index;
  }
}

function copyWithout(value: unknown, at: Path, leftOut: readonly Path[]): unknown {
  const isOut = (path: Path) => leftOut.some((left) => left.length === path.length && isWithin(path, left));
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => (isOut([...at, i]) ? [] : [copyWithout(item, [...at, i], leftOut)]));
  }
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key]) => !isOut([...at, key]));
  return Object.fromEntries(kept.map(([key, item]) => [key, copyWithout(item, [...at, key], leftOut)]));
}

const isWithin = (path: Path, around: Path): boolean =>
  path.length >= around.length && around.every((part, i) => part === path[i]);
