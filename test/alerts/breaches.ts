import fc from 'fast-check';
import { type Breach, SEVERITIES } from '../../src/contract/breach.ts';

/** A breach on the truck, open unless an end is given. */
export function breach(over: Partial<Breach> & Pick<Breach, 'id' | 'startMs'>): Breach {
  const endMs = over.endMs ?? null;
  return {
    device: 'c/d1',
    channel: 'pulp-1',
    asset: 'c/truck',
    rule: 'pulp-high',
    profile: 'prune',
    severity: 'alarm',
    about: 'cargo',
    limit: 4,
    unit: 'Cel',
    raisedMs: over.startMs + 1,
    endedBy: endMs === null ? null : 'recovered',
    cause: null,
    peak: 5,
    peakMs: over.startMs,
    ...over,
    endMs,
  };
}

const span = fc.record({
  startMs: fc.integer({ min: 0, max: 60 }),
  lengthMs: fc.option(fc.integer({ min: 1, max: 12 }), { nil: null, freq: 8 }),
  severity: fc.constantFrom(...SEVERITIES),
});

/** Breaches of one asset, small enough in time to meet. */
export const breaches: fc.Arbitrary<Breach[]> = fc
  .array(span, { maxLength: 12 })
  .map((spans) =>
    spans.map(({ startMs, lengthMs, severity }, i) =>
      breach({ id: `b${i}`, startMs, severity, endMs: lengthMs === null ? null : startMs + lengthMs }),
    ),
  );
