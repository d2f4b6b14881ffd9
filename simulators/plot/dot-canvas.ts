/** Dots of a braille character: 2 wide, 4 high. */
const CELL_W = 2;
const CELL_H = 4;
/** Bits of U+2800 by column and row (Unicode: dots 1 2 3 7 on the left, 4 5 6 8 on the right). */
const BITS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

/** What a cell shows: its dots, and whose they are; the last to draw in it owns it. */
export interface Cell {
  readonly dots: number;
  readonly owner: number;
}

/** A grid of character cells that lines are drawn into dot by dot. */
export class DotCanvas {
  readonly columns: number;
  readonly rows: number;
  readonly #dots: Uint8Array;
  readonly #owner: Int16Array;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#dots = new Uint8Array(columns * rows);
    this.#owner = new Int16Array(columns * rows).fill(-1);
  }

  get width(): number {
    return this.columns * CELL_W;
  }

  get height(): number {
    return this.rows * CELL_H;
  }

  /** From dot to dot; what lies outside is left out. */
  line(x0: number, y0: number, x1: number, y1: number, owner: number): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (let i = 0; i <= steps; i++) {
      this.#dot(Math.round(x0 + ((x1 - x0) * i) / steps), Math.round(y0 + ((y1 - y0) * i) / steps), owner);
    }
  }

  cell(column: number, row: number): Cell {
    const at = row * this.columns + column;
    return { dots: this.#dots[at]!, owner: this.#owner[at]! };
  }

  #dot(x: number, y: number, owner: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = Math.floor(y / CELL_H) * this.columns + Math.floor(x / CELL_W);
    this.#dots[at] = this.#dots[at]! | BITS[x % CELL_W]![y % CELL_H]!;
    this.#owner[at] = owner;
  }
}

/** The braille character with these dots. */
export const braille = (dots: number): string => String.fromCharCode(0x2800 + dots);
