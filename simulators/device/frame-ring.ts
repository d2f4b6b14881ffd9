/** A bounded memory of frames that overwrites its oldest. Takes space only while it holds some. */
export class FrameRing<Sent> {
  readonly #capacity: number;
  #slots: (Sent | undefined)[] = [];
  #oldest = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(0, capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** How many frames were lost by it: 0 or 1. */
  push(frame: Sent): 0 | 1 {
    if (this.#capacity === 0) return 1;
    this.#slots[(this.#oldest + this.#size) % this.#capacity] = frame;
    if (this.#size < this.#capacity) {
      this.#size++;
      return 0;
    }
    this.#oldest = (this.#oldest + 1) % this.#capacity;
    return 1;
  }

  /** Takes out up to `count` of the oldest frames, ascending in time. */
  takeOldest(count: number): Sent[] {
    const taken = this.#slice(0, Math.min(count, this.#size));
    this.#oldest = (this.#oldest + taken.length) % Math.max(1, this.#capacity);
    this.#drop(taken.length);
    return taken;
  }

  /** Takes out up to `count` of the newest frames, ascending in time. */
  takeNewest(count: number): Sent[] {
    const from = Math.max(0, this.#size - count);
    const taken = this.#slice(from, this.#size);
    this.#drop(taken.length);
    return taken;
  }

  #slice(from: number, to: number): Sent[] {
    const frames: Sent[] = [];
    for (let i = from; i < to; i++) frames.push(this.#slots[(this.#oldest + i) % this.#capacity]!);
    return frames;
  }

  #drop(count: number): void {
    this.#size -= count;
    if (this.#size > 0) return;
    this.#slots = [];
    this.#oldest = 0;
  }
}
