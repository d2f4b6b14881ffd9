import fc from 'fast-check';
import { type Breach, SEVERITIES } from '../../src/contract/breach.ts';
import { profileFor } from '../../src/produce/profiles.ts';

/** The fold of a rule of the prune profile; that of a whole batch is its own. */
function foldOf(rule: string): string {
  return profileFor('prune')!.rules.find(({ name }) => name === rule)?.rule ?? rule;
}

/** A breach on the truck, open unless an end is given. */
export function breach(over: Partial<Breach> & Pick<Breach, 'id' | 'startMs'>): Breach {
  const endMs = over.endMs ?? null;
  const rule = over.rule ?? 'pulp-high';
  return {
    device: 'c/d1',
    channel: 'pulp-1',
    asset: 'c/truck',
    rule,
    fold: foldOf(rule),
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

/** Rules of the prune profile from all along the chain from cause to effect. */
const KINDS = [
  { rule: 'pulp-high', channel: 'pulp-1' },
  { rule: 'pulp-high', channel: 'pulp-2' },
  { rule: 'pulp-predicted', channel: 'pulp-1' },
  { rule: 'air-return-high', channel: 'air-return' },
  { rule: 'door-open', channel: 'door' },
  { rule: 'set-point-wrong', channel: 'set-point' },
  { rule: 'sensor-drift', channel: 'pulp-1' },
  { rule: 'battery-low', channel: 'battery' },
  { rule: 'no-data', channel: 'frames' },
] as const;

const span = fc.record({
  startMs: fc.integer({ min: 0, max: 60 }),
  lengthMs: fc.option(fc.integer({ min: 1, max: 12 }), { nil: null, freq: 8 }),
  severity: fc.constantFrom(...SEVERITIES),
  kind: fc.constantFrom(...KINDS),
  endedBy: fc.constantFrom('recovered' as const, 'sensor-sick' as const),
});

/** Breaches of one asset, small enough in time to meet. */
export const breaches: fc.Arbitrary<Breach[]> = fc
  .array(span, { maxLength: 12 })
  .map((spans) =>
    spans.map(({ startMs, lengthMs, severity, kind, endedBy }, i) =>
      breach(
        lengthMs === null
          ? { id: `b${i}`, startMs, severity, ...kind }
          : { id: `b${i}`, startMs, severity, ...kind, endMs: startMs + lengthMs, endedBy },
      ),
    ),
  );
