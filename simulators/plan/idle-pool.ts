/**
 * Numbered things that are lent out and come back: trucks, boxes, rooms, displays. The one that has been idle longest
 * goes first, the lower number where two have been idle alike: each use is cheap however many there are (a heap).
 */
export class IdlePool {
  readonly #numbers: number[] = [];
  readonly #freeMs: number[] = [];
  readonly #grow: (() => number) | undefined;

  /** @param grow makes one more where none is free; without it there are no more than these */
  constructor(numbers: readonly number[], grow?: () => number) {
    this.#grow = grow;
    for (const number of numbers) this.giveBack(number, Number.NEGATIVE_INFINITY);
  }

  /** One that is free at an instant, or undefined where none is. */
  take(atMs: number): number | undefined {
    if (this.#numbers.length > 0 && this.#freeMs[0]! <= atMs) return this.#pop();
    return this.#grow?.();
  }

  /** The one that is free first, and when that is: not before an instant. Undefined where there is none at all. */
  takeFirst(fromMs: number): { number: number; freeMs: number } | undefined {
    const free = this.take(fromMs);
    if (free !== undefined) return { number: free, freeMs: fromMs };
    const freeMs = this.#freeMs[0];
    return freeMs === undefined ? undefined : { number: this.#pop(), freeMs };
  }

  /** @param freeMs from when on it can be taken again */
  giveBack(number: number, freeMs: number): void {
    let i = this.#numbers.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(freeMs, number, parent)) break;
      this.#set(i, this.#freeMs[parent]!, this.#numbers[parent]!);
      i = parent;
    }
    this.#set(i, freeMs, number);
  }

  #pop(): number {
    const first = this.#numbers[0]!;
    const number = this.#numbers.pop()!;
    const freeMs = this.#freeMs.pop()!;
    const size = this.#numbers.length;
    if (size === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(this.#freeMs[child + 1]!, this.#numbers[child + 1]!, child)) child++;
      if (this.#before(freeMs, number, child)) break;
      this.#set(i, this.#freeMs[child]!, this.#numbers[child]!);
      i = child;
    }
    this.#set(i, freeMs, number);
    return first;
  }

  #before(freeMs: number, number: number, at: number): boolean {
    return freeMs < this.#freeMs[at]! || (freeMs === this.#freeMs[at] && number < this.#numbers[at]!);
  }

  #set(at: number, freeMs: number, number: number): void {
    this.#freeMs[at] = freeMs;
    this.#numbers[at] = number;
  }
}
