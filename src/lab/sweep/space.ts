import { randomStream, uniform } from '../../../simulators/random-stream.ts';

/** A parameter of a rule and the values that are tried: `pulp-high.limitC=0.5..6/0.25` or `high.dwellMin=0,60`. */
export interface SweptParam {
  /** `{rule}.{parameter}`. */
  readonly path: string;
  readonly values: readonly number[];
}

/** One point of the search: a value for each parameter. */
export type Point = ReadonlyMap<string, number>;

/** The most points of one search. */
export const POINTS_MAX = 5000;

const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})/(${NUMBER})$`);
const LIST = new RegExp(`^${NUMBER}(?:,${NUMBER})*$`);

/** Reads what `--param` was given; undefined where it is neither a range nor a list. Both ends of a range belong to it. */
export function parseParam(text: string): SweptParam | undefined {
  const [, path, spec] = /^([a-z0-9._-]+\.[A-Za-z]\w*)=(.+)$/.exec(text) ?? [];
  if (path === undefined || spec === undefined) return undefined;
  if (LIST.test(spec)) return { path, values: [...new Set(spec.split(',').map(Number))] };
  const range = RANGE.exec(spec);
  if (!range) return undefined;
  const [from, to, step] = [Number(range[1]), Number(range[2]), Number(range[3])];
  if (step <= 0 || to < from || (to - from) / step >= POINTS_MAX) return undefined;
  // 0.1 has no exact double: half a thousandth of a step beyond the end still counts as the end.
  const steps = Math.floor((to - from) / step + 5e-4);
  return { path, values: Array.from({ length: steps + 1 }, (_, i) => Number((from + i * step).toPrecision(12))) };
}

/** How many points the whole grid has. */
export const gridSize = (params: readonly SweptParam[]): number =>
  params.reduce((size, { values }) => size * values.length, 1);

/** Every point of the grid; the last parameter changes first. */
export function gridOf(params: readonly SweptParam[]): Point[] {
  let points: [string, number][][] = [[]];
  for (const { path, values } of params) {
    points = points.flatMap((point) => values.map((value): [string, number][] => [...point, [path, value]]));
  }
  return points.map((point) => new Map(point));
}

/** So many points of the grid, drawn evenly, each once; all where it has no more. The same seed draws the same. */
export function randomPoints(params: readonly SweptParam[], count: number, seed: number): Point[] {
  if (gridSize(params) <= count) return gridOf(params);
  const stream = randomStream(seed, 'lab sweep');
  const points = new Map<string, Point>();
  while (points.size < count) {
    const point = params.map(({ path, values }): [string, number] => {
      return [path, values[Math.floor(uniform(stream) * values.length)]!];
    });
    points.set(JSON.stringify(point), new Map(point));
  }
  return [...points.values()];
}
