import type { PointScore } from './front.ts';

/** Every point of a sweep, a row each: its parameters, then what it costs. An empty cell is what cannot be told. */
export function sweepCsv(scores: readonly PointScore[]): string {
  const [first] = scores;
  if (!first) return '';
  const { params, ...costs } = first;
  const [paths, names] = [Object.keys(params), Object.keys(costs) as (keyof typeof costs)[]];
  const rows = scores.map((score) => [...paths.map((path) => score.params[path]), ...names.map((name) => score[name])]);
  return [[...paths, ...names], ...rows].map((row) => `${row.map((cell) => cell ?? '').join(',')}\n`).join('');
}
