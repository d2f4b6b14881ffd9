import { expect, test } from 'vitest';
import { contentFromEvents } from '../../../src/store/ledger/unit-content.ts';
import { batchId, identified, pack, unitDigits } from './event-builders.ts';

const HOUR = 3_600_000;
const at = (hours: number) => Date.UTC(2026, 7, 1) + hours * HOUR;

const content = (...events: ReturnType<typeof pack>[]) =>
  contentFromEvents(unitDigits(1), identified(events)).map((c) => [
    c.child,
    c.quantityKg,
    (c.fromMs - at(0)) / HOUR,
    c.toMs === null ? null : (c.toMs - at(0)) / HOUR,
  ]);

test('batches and units are in it from ADD to DELETE', () => {
  expect(
    content(
      pack(at(1), { unit: 1, lots: { A: 300 }, units: [2] }),
      pack(at(4), { unit: 1, units: [2] }, 'DELETE'),
      pack(at(6), { unit: 1, lots: { A: null } }, 'DELETE'),
    ),
  ).toEqual([
    [unitDigits(2), null, 1, 4],
    [batchId('A'), 300, 1, 6],
  ]);
});

test('quantities are added and taken off', () => {
  expect(
    content(
      pack(at(1), { unit: 1, lots: { A: 300 } }),
      pack(at(2), { unit: 1, lots: { A: 100 } }),
      pack(at(3), { unit: 1, lots: { A: 250 } }, 'DELETE'),
      pack(at(4), { unit: 1, lots: { A: 150 } }, 'DELETE'),
    ),
  ).toEqual([
    [batchId('A'), 300, 1, 2],
    [batchId('A'), 400, 2, 3],
    [batchId('A'), 150, 3, 4],
  ]);
});

test('DELETE without a name empties it; what is seen in it was in it', () => {
  expect(
    content(
      pack(at(1), { unit: 1, lots: { A: 300, B: 20 } }, 'OBSERVE'),
      pack(at(2), { unit: 1, lots: { A: 1 } }, 'OBSERVE'),
      pack(at(3), { unit: 1 }, 'DELETE'),
    ),
  ).toEqual([
    [batchId('A'), 300, 1, 3],
    [batchId('B'), 20, 1, 3],
  ]);
});
