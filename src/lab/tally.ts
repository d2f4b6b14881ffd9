import type { ToldBreach } from './heard-device.ts';
import { type Incident, isHarmful } from './incident.ts';
import { match } from './match.ts';

/** What one seed counts for one rule, or for all of them. Tallies of seeds add up: plain data, sent between threads. */
export interface Tally {
  /** Faults that harmed the fruit, and how many of them were found; by either definition of harm, and by each. */
  readonly harmful: number;
  readonly harmfulFound: number;
  readonly byDamage: number;
  readonly byDamageFound: number;
  readonly byLimits: number;
  readonly byLimitsFound: number;
  /** Faults of any kind, harmful or not, that an alarm on their own subject spoke of. */
  readonly found: number;
  readonly alarms: number;
  readonly falseAlarms: number;
  /** Days in which a device was armed. */
  readonly deviceDays: number;
  /** From the fault's start, for each harmful fault that was found, minutes. */
  readonly delaysMin: readonly number[];
  /** From the alarm until the damage reached what counts as harm, summed; an oracle would have had `oracleLeadH`. */
  readonly leadH: number;
  readonly oracleLeadH: number;
  /** Faults with such an instant. */
  readonly leads: number;
  /** What faults cost the fruit, and what of it no alarm spoke of: days of life by fault, tonne-days, hours of limits. */
  readonly lossTonneDays: number;
  readonly missedTonneDays: number;
  readonly missedLossDays: number;
  readonly missedLimitsH: number;
  readonly byKind: Readonly<Record<string, KindTally>>;
}

/** Faults of one kind. */
export interface KindTally {
  readonly faults: number;
  readonly found: number;
  readonly harmful: number;
  readonly harmfulFound: number;
}

/** Counts what breaches say of the incidents of a seed. */
export function tallyOf(incidents: readonly Incident[], breaches: readonly ToldBreach[], deviceDays: number): Tally {
  const { foundMs, alarms, falseAlarms } = match(incidents, breaches);
  const all = incidents.map((incident, i) => ({ incident, foundMs: foundMs[i]! }));
  const harmful = all.filter(({ incident }) => isHarmful(incident));
  const byDamage = harmful.filter(({ incident }) => incident.harmByDamage);
  const byLimits = harmful.filter(({ incident }) => incident.harmByLimits);
  const missed = all.filter((fault) => fault.incident.subject === 'cargo' && !isFound(fault));
  const dated = harmful.filter(({ incident }) => incident.damageMs !== null);
  return {
    harmful: harmful.length,
    harmfulFound: count(harmful, isFound),
    byDamage: byDamage.length,
    byDamageFound: count(byDamage, isFound),
    byLimits: byLimits.length,
    byLimitsFound: count(byLimits, isFound),
    found: count(all, isFound),
    alarms: alarms.length,
    falseAlarms: falseAlarms.length,
    deviceDays,
    delaysMin: harmful.filter(isFound).map(({ incident, foundMs }) => (foundMs! - incident.fromMs) / 60_000),
    leadH: sum(dated, ({ incident, foundMs }) => hours(Math.max(0, incident.damageMs! - (foundMs ?? Infinity)))),
    oracleLeadH: sum(dated, ({ incident }) => hours(incident.damageMs! - incident.fromMs)),
    leads: dated.length,
    lossTonneDays: sum(all, ({ incident }) => Math.max(0, incident.lossTonneDays)),
    missedTonneDays: sum(missed, ({ incident }) => Math.max(0, incident.lossTonneDays)),
    missedLossDays: sum(missed, ({ incident }) => Math.max(0, incident.lossDays)),
    missedLimitsH: sum(missed, ({ incident }) => Math.max(0, incident.alarmMin) / 60),
    byKind: kindsOf(all),
  };
}

interface Found {
  readonly incident: Incident;
  readonly foundMs: number | null;
}

const isFound = ({ foundMs }: Found) => foundMs !== null;
const count = <T>(list: readonly T[], is: (item: T) => boolean) => list.filter(is).length;
const sum = <T>(list: readonly T[], of: (item: T) => number) => list.reduce((total, item) => total + of(item), 0);
const hours = (ms: number) => ms / 3_600_000;

function kindsOf(all: readonly Found[]): Tally['byKind'] {
  const kinds: Record<string, KindTally> = {};
  for (const { incident, foundMs } of all) {
    const one = { found: foundMs === null ? 0 : 1, harmful: isHarmful(incident) ? 1 : 0 };
    const before = kinds[incident.kind] ?? { faults: 0, found: 0, harmful: 0, harmfulFound: 0 };
    kinds[incident.kind] = {
      faults: before.faults + 1,
      found: before.found + one.found,
      harmful: before.harmful + one.harmful,
      harmfulFound: before.harmfulFound + one.found * one.harmful,
    };
  }
  return kinds;
}

const SUMS = [
  'harmful',
  'harmfulFound',
  'byDamage',
  'byDamageFound',
  'byLimits',
  'byLimitsFound',
  'found',
  'alarms',
  'falseAlarms',
  'deviceDays',
  'leadH',
  'oracleLeadH',
  'leads',
  'lossTonneDays',
  'missedTonneDays',
  'missedLossDays',
  'missedLimitsH',
] as const satisfies readonly (keyof Tally)[];

/** Several seeds' tallies as one. */
export function addTallies(tallies: readonly Tally[]): Tally {
  const sums = Object.fromEntries(SUMS.map((key) => [key, sum(tallies, (tally) => tally[key])]));
  return {
    ...(sums as unknown as Tally),
    delaysMin: tallies.flatMap((tally) => tally.delaysMin),
    byKind: addKinds(tallies),
  };
}

function addKinds(tallies: readonly Tally[]): Tally['byKind'] {
  const kinds: Record<string, KindTally> = {};
  for (const tally of tallies) {
    for (const [kind, add] of Object.entries(tally.byKind)) {
      const before = kinds[kind];
      kinds[kind] = before
        ? {
            faults: before.faults + add.faults,
            found: before.found + add.found,
            harmful: before.harmful + add.harmful,
            harmfulFound: before.harmfulFound + add.harmfulFound,
          }
        : add;
    }
  }
  return kinds;
}
