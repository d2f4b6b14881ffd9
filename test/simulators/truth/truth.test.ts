import { describe, expect, it } from 'vitest';
import { planOf, twinOf } from '../../../simulators/source.ts';
import { truthOf } from '../../../simulators/truth/truth.ts';

const source = { scenario: 'demo' };

describe('the truth of the demo', { timeout: 120_000 }, () => {
  const record = truthOf(planOf(source), twinOf(source));

  it('every batch’s parts add up to its damage', () => {
    for (const { parts, lossDays, alarmMin } of record.batches) {
      expect(parts.reduce((sum, part) => sum + part.lossDays, 0)).toBeCloseTo(lossDays, 9);
      expect(parts.reduce((sum, part) => sum + part.alarmMin, 0)).toBeCloseTo(alarmMin, 6);
    }
  });

  it('tonne-days of the faults are those of the batches in which fruit ended', () => {
    const ended = record.batches.filter((batch) => batch.end !== 'blended');
    const struck = ended.flatMap(({ massKg, parts }) =>
      parts.filter((part) => part.faultIx !== null).map((part) => (massKg / 1000) * part.lossDays),
    );
    const ofFaults = record.faults.reduce((sum, fault) => sum + fault.lossTonneDays, 0);
    expect(ofFaults).toBeCloseTo(
      struck.reduce((sum, loss) => sum + loss, 0),
      6,
    );
    expect(ofFaults).toBeGreaterThan(10);
  });

  it('a batch is in one place at a time, from its beginning to its end', () => {
    for (const { fromMs, toMs, stays } of record.batches) {
      if (fromMs === null) continue;
      expect(stays[0]!.fromMs).toBe(fromMs);
      expect(stays.at(-1)!.toMs).toBe(toMs);
      for (const [i, stay] of stays.entries()) {
        expect(stay.toMs).toBeGreaterThanOrEqual(stay.fromMs);
        if (i > 0) expect(stay.fromMs).toBe(stays[i - 1]!.toMs);
      }
    }
  });

  it('some fruit is harmed and most is not', () => {
    const harmed = record.batches.filter(({ harm }) => harm.byDamage || harm.byLimits);
    expect(harmed.length).toBeGreaterThan(0);
    expect(harmed.length).toBeLessThan(record.batches.length / 4);
  });

  it('a world beside its like loses nothing at all', () => {
    const twin = twinOf({ scenario: 'tiny' });
    const { batches } = truthOf(twin, twin);
    expect(batches.flatMap((batch) => batch.parts)).toEqual([]);
  });
});
