import type { Breach, BreachSubject } from '../contract/breach.ts';
import type { AssetKey } from '../contract/words.ts';
import { isHarmful } from './incident.ts';
import { match } from './match.ts';
import type { SeedRun } from './seed-run.ts';

/** A fault that did harm and that no alarm spoke of. */
export interface MissedFault {
  readonly seed: number;
  readonly kind: string;
  /** Where it struck first. */
  readonly asset: AssetKey;
  readonly fromMs: number;
  /** When it or its effect was last to be found anywhere. */
  readonly untilMs: number;
  readonly lossDays: number;
  readonly alarmMin: number;
}

/** An alarm about nothing. */
export interface FalseAlarm {
  readonly seed: number;
  readonly asset: AssetKey;
  readonly subject: BreachSubject;
  /** All that took part in it; the first raised it. */
  readonly rules: readonly string[];
  readonly first: Pick<Breach, 'device' | 'channel' | 'rule' | 'limit' | 'peak' | 'unit' | 'startMs' | 'raisedMs'>;
  readonly endMs: number | null;
  /** Faults that could be found there at the time, by kind: of another subject, or the alarm spoke too early. */
  readonly during: readonly string[];
}

/** What is behind the figures of one seed: to be looked at one by one. */
export interface Explained {
  readonly missed: readonly MissedFault[];
  readonly falseAlarms: readonly FalseAlarm[];
}

/** Names what one rule set missed and what it cried wolf about. @param setIx which of the seed's rule sets */
export function explain({ seed, incidents, judged }: SeedRun, setIx = 0): Explained {
  const { foundMs, falseAlarms } = match(incidents, judged[setIx]!.breaches);
  const missed = incidents.filter((incident, i) => isHarmful(incident) && foundMs[i] === null);
  return {
    missed: missed.map(({ kind, windows, fromMs, lossDays, alarmMin }) => ({
      seed,
      kind,
      asset: windows[0]!.asset,
      fromMs,
      untilMs: Math.max(...windows.map(({ toMs }) => toMs)),
      lossDays,
      alarmMin,
    })),
    falseAlarms: falseAlarms.map(({ asset, subject, breaches, raisedMs, endMs }) => {
      const { device, channel, rule, limit, peak, unit, startMs } = breaches[0]!;
      const isThere = (at: { asset: AssetKey; fromMs: number; toMs: number }) =>
        at.asset === asset && at.fromMs < endMs && startMs < at.toMs;
      return {
        seed,
        asset,
        subject,
        rules: [...new Set(breaches.map((breach) => breach.rule))],
        first: { device, channel, rule, limit, peak, unit, startMs, raisedMs },
        endMs: Number.isFinite(endMs) ? endMs : null,
        during: incidents.filter(({ windows }) => windows.some(isThere)).map(({ kind }) => kind),
      };
    }),
  };
}
