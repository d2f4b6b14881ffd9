import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { parseSeeds } from '../lab/seeds.ts';
import { parseParam, type SweptParam } from '../lab/sweep/space.ts';
import { workersOf } from './simulate-options.ts';

/** What several of the lab's commands take, and readers of it; each throws InvalidArgumentError with what is expected. */

export const seedsOption = () =>
  new Option('--seeds <list>', "such as 1..100 or 1,2,7 (default: the scenario's own)").argParser(seedsOf);

export const workersOption = () =>
  new Option('--workers <n>', 'threads (default: one for each core)').argParser(workersOf);

function seedsOf(text: string): number[] {
  const seeds = parseSeeds(text);
  if (!seeds) throw new InvalidArgumentError('It must be a list of whole numbers, such as 1..100 or 1,2,7.');
  return seeds;
}

export function paramsOf(text: string, before: SweptParam[] | undefined): SweptParam[] {
  const param = parseParam(text);
  if (!param) {
    throw new InvalidArgumentError(
      'It must be rule.parameter=from..to/step, or a list of values, as in x.limitC=1,2,4.',
    );
  }
  if (before?.some(({ path }) => path === param.path)) throw new InvalidArgumentError(`${param.path} is given twice.`);
  return [...(before ?? []), param];
}

export function countOf(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return count;
}

export function shareOf(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) throw new InvalidArgumentError('It must be from 0 to 1.');
  return share;
}
