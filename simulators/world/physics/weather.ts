import { drawNormal } from '../../draw.ts';
import { randomStream } from '../../random-stream.ts';

/**
 * Weather as seeded day-to-day deviations from the climate: what happens one day fades over the days after, and
 * places near each other share it. A function of (seed, place, day) alone, in whatever order it is asked for. The
 * figures are ESTIMATES: fronts cross the region in some days and are some hundreds of kilometres wide.
 */

/** Draws are made on a grid of cells and spread with this length: places 500 km apart share about two thirds. */
const CELL_DEG = 4;
const SPREAD_DEG = 4;
const REACH_CELLS = 2;

/** Share of a day's deviation that is left the day after: of temperature, of clouds. */
const KEPT = [0.7, 0.45] as const;
const QUANTITIES = KEPT.length;
/** After this many days what is left is below half a percent. */
const MEMORY_DAYS = 16;

interface CellShare {
  readonly cell: string;
  readonly share: number;
}

/** The weather of a set of places. */
export class Weather {
  readonly #seed: number;
  readonly #cells: readonly (readonly CellShare[])[];
  /** By day: what is new that day at each place. */
  readonly #news = new Map<number, Float64Array>();

  constructor(seed: number, places: readonly { readonly lat: number; readonly lon: number }[]) {
    this.#seed = seed;
    this.#cells = places.map(({ lat, lon }) => cellsAround(lat, lon));
  }

  /**
   * Deviations of a day, in standard deviations: of temperature and of sunshine, place by place.
   * @param day since 1970
   */
  ofDay(day: number): Float64Array {
    const deviations = new Float64Array(this.#cells.length * QUANTITIES);
    for (let back = 0; back < MEMORY_DAYS; back++) {
      const news = this.#newsOf(day - back);
      // The root keeps the variance of the sum at one.
      const left = KEPT.map((kept) => Math.sqrt(1 - kept * kept) * kept ** back);
      for (let i = 0; i < deviations.length; i++) deviations[i]! += left[i % QUANTITIES]! * news[i]!;
    }
    return deviations;
  }

  #newsOf(day: number): Float64Array {
    let news = this.#news.get(day);
    if (!news) {
      news = this.#drawNews(day);
      this.#news.set(day, news);
    }
    return news;
  }

  #drawNews(day: number): Float64Array {
    const news = new Float64Array(this.#cells.length * QUANTITIES);
    const drawn = new Map<string, readonly number[]>();
    for (const [place, cells] of this.#cells.entries()) {
      for (const { cell, share } of cells) {
        let ofCell = drawn.get(cell);
        if (!ofCell) {
          const stream = randomStream(this.#seed, 'weather', cell, String(day));
          ofCell = KEPT.map(() => drawNormal(stream, 0, 1));
          drawn.set(cell, ofCell);
        }
        for (let q = 0; q < QUANTITIES; q++) news[place * QUANTITIES + q]! += share * ofCell[q]!;
      }
    }
    return news;
  }
}

/** The cells that make a place's weather; the squares of their shares sum to one, and so does the variance. */
function cellsAround(lat: number, lon: number): CellShare[] {
  const [row, column] = [Math.round(lat / CELL_DEG), Math.round(lon / CELL_DEG)];
  const eastWest = Math.cos((lat * Math.PI) / 180);
  const cells: CellShare[] = [];
  for (let r = row - REACH_CELLS; r <= row + REACH_CELLS; r++) {
    for (let c = column - REACH_CELLS; c <= column + REACH_CELLS; c++) {
      const squared = (r * CELL_DEG - lat) ** 2 + ((c * CELL_DEG - lon) * eastWest) ** 2;
      cells.push({ cell: `${r} ${c}`, share: Math.exp(-squared / (2 * SPREAD_DEG ** 2)) });
    }
  }
  const norm = Math.sqrt(cells.reduce((sum, { share }) => sum + share * share, 0));
  return cells.map(({ cell, share }) => ({ cell, share: share / norm }));
}
