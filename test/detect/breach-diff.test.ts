import { expect, test } from 'vitest';
import type { Breach } from '../../src/contract/breach.ts';
import { diffBreaches } from '../../src/detect/breach-diff.ts';
import { breach } from '../alerts/breaches.ts';

const from = (startMs: number, endMs: number | null): Breach => breach({ id: `b${startMs}`, startMs, endMs });
const reasons = (before: Breach[], after: Breach[]) =>
  diffBreaches(before, after, 100).map(({ change, breach }) => `${breach.id} ${change}`);

test.each<[string, Breach[], Breach[], string[]]>([
  ['nothing', [from(1, 9)], [from(1, 9)], []],
  ['an end', [from(1, null)], [from(1, 9)], ['b1 cleared']],
  ['a later end', [from(1, 9)], [from(1, 12)], ['b1 extended']],
  ['no end after all', [from(1, 9)], [from(1, null)], ['b1 extended']],
  ['an earlier end', [from(1, 9)], [from(1, 7)], ['b1 shortened']],
  ['a worse peak', [from(1, 9)], [{ ...from(1, 9), peak: 99 }], ['b1 changed']],
  ['an earlier start', [from(5, 9)], [from(2, 9)], ['b5 merged', 'b2 raised-late']],
  ['two that are one', [from(1, 4), from(6, 9)], [from(1, 9)], ['b6 merged', 'b1 extended']],
  ['a later start', [from(1, 9)], [from(3, 9)], ['b1 withdrawn', 'b3 raised-late']],
  [
    'another channel of the same time',
    [from(5, 9)],
    [{ ...from(2, 9), channel: 'pulp-2' }],
    ['b5 withdrawn', 'b2 raised-late'],
  ],
])('%s', (_, before, after, expected) => {
  expect(reasons(before, after)).toEqual(expected);
});
