import { inUnit } from '../contract/unit.ts';
import type { Explained } from '../lab/explain.ts';
import type { Figure, Score } from '../lab/score.ts';
import type { Scorecard } from '../lab/scorecard.ts';
import type { PointScore, Recommendation } from '../lab/sweep/front.ts';
import type { Tally } from '../lab/tally.ts';
import { plainTable } from '../trace/plain-table.ts';

/** Title, figure, decimals. */
const COLUMNS: readonly (readonly [string, keyof Score, number])[] = [
  ['recall', 'recall', 3],
  ['precision', 'precision', 3],
  ['f1', 'f1', 3],
  ['delay min', 'delayMedianMin', 0],
  ['p95 min', 'delayP95Min', 0],
  ['lead h', 'leadH', 1],
  ['of oracle', 'leadShare', 2],
  ['false /100 d', 'falseAlarmsPer100DeviceDays', 2],
  ['missed days', 'missedHarmDays', 2],
];

/** The scorecard for people: the pack with its intervals, every rule beside it, and faults by kind. */
export function renderScorecard(card: Scorecard): string {
  const table = plainTable(['rule', ...COLUMNS.map(([title]) => title)]);
  const row = (name: string, text: (figure: Figure, decimals: number) => string, score: Score) =>
    table.push([name, ...COLUMNS.map(([, figure, decimals]) => text(score[figure], decimals))]);
  row('pack', valueText, card.pack);
  row('  95 % from', (figure, decimals) => numberText(figure.low, decimals), card.pack);
  row('  to', (figure, decimals) => numberText(figure.high, decimals), card.pack);
  const rules = Object.entries(card.byRule);
  for (const [name, score] of rules) if (score.counts.alarms > 0) row(name, valueText, score);
  const silent = rules.filter(([, score]) => score.counts.alarms === 0).map(([name]) => name);
  const { counts } = card.pack;
  const seeds = `${card.seeds.length} ${card.seeds.length === 1 ? 'seed' : 'seeds'}`;
  return [
    `${card.scenario} · rules ${card.rules} · ${seeds} · ${counts.harmful} harmful faults, ${counts.alarms} alarms, ` +
      `${counts.falseAlarms} of them false`,
    table.toString(),
    ...(silent.length > 0 ? [`Silent: ${silent.join(', ')}`] : []),
    renderKinds(counts.byKind),
    `Intervals ${card.interval}. How alarms are matched to faults: docs/lab.md`,
    '',
  ].join('\n');
}

function renderKinds(byKind: Tally['byKind']): string {
  const table = plainTable(['fault', 'faults', 'found', 'harmful', 'harmful found']);
  for (const [kind, tally] of Object.entries(byKind).sort(([a], [b]) => (a < b ? -1 : 1))) {
    table.push([kind, ...[tally.faults, tally.found, tally.harmful, tally.harmfulFound].map(String)]);
  }
  return table.toString();
}

/** What was missed and what was cried wolf about, seed by seed: to be looked at with `simulate --plot`. */
export function renderExplained(explained: readonly Explained[]): string {
  const missed = explained.flatMap((of) => of.missed);
  const falses = explained.flatMap((of) => of.falseAlarms);
  const missedTable = plainTable(['seed', 'missed', 'asset', 'from', 'found until', 'days lost', 'beyond limits h']);
  for (const { seed, kind, asset, fromMs, untilMs, lossDays, alarmMin } of missed) {
    const harm = [lossDays.toFixed(2), (alarmMin / 60).toFixed(1)];
    missedTable.push([String(seed), kind, asset, timeText(fromMs), timeText(untilMs), ...harm]);
  }
  const falseTable = plainTable(['seed', 'false alarm', 'on', 'raised', 'until', 'peak', 'limit', 'beside', 'during']);
  for (const { seed, asset, first, rules, endMs, during } of falses) {
    const others = rules.filter((rule) => rule !== first.rule).join(', ');
    const values = [inUnit(first.peak, first.unit), inUnit(first.limit, first.unit)];
    const until = endMs === null ? 'open' : timeText(endMs);
    const where = `${asset} ${first.channel}`;
    falseTable.push([
      String(seed),
      first.rule,
      where,
      timeText(first.raisedMs),
      until,
      ...values,
      others,
      during.join(', '),
    ]);
  }
  return [
    missed.length > 0 ? missedTable.toString() : 'No harmful fault was missed.',
    falses.length > 0 ? falseTable.toString() : 'No alarm was false.',
    '',
  ].join('\n');
}

const timeText = (ms: number) => new Date(ms).toISOString().slice(0, 16).concat('Z');
const valueText = (figure: Figure, decimals: number) => numberText(figure.value, decimals);
const numberText = (value: number | null, decimals: number) => value?.toFixed(decimals) ?? '–';

/** The front of a sweep for people, by false alarms; with advice, that below. */
export function renderSweep(scores: readonly PointScore[], advice: Recommendation | undefined): string {
  const table = plainTable(['point', 'recall', 'precision', 'delay min', 'of oracle', 'false /100 d', 'missed t·d']);
  const front = scores.filter(({ onFront }) => onFront);
  const falses = (score: PointScore) => score.falseAlarmsPer100DeviceDays ?? Infinity;
  for (const score of front.sort((a, b) => falses(a) - falses(b))) {
    table.push([
      pointText(score),
      numberText(score.recall, 3),
      numberText(score.precision, 3),
      numberText(score.delayMedianMin, 0),
      numberText(score.leadShare, 2),
      numberText(score.falseAlarmsPer100DeviceDays, 3),
      numberText(score.missedHarmTonneDays, 2),
    ]);
  }
  const lines = [`${scores.length} points, ${front.length} on the front:`, table.toString()];
  if (advice) lines.push(`Take ${pointText(advice.point)}: ${advice.why}.`, `It costs ${costText(advice.point)}.`);
  return `${lines.join('\n')}\n`;
}

const pointText = ({ params }: PointScore) =>
  Object.entries(params)
    .map(([path, value]) => `${path} ${value}`)
    .join(', ');

function costText(point: PointScore): string {
  return (
    `${numberText(point.falseAlarmsPer100DeviceDays, 3)} false alarms per 100 device-days, a median delay of ` +
    `${numberText(point.delayMedianMin, 0)} min, and ${numberText(point.missedHarmTonneDays, 2)} tonne-days of life a ` +
    `seed that no alarm spoke of (recall ${numberText(point.recall, 3)}, precision ${numberText(point.precision, 3)})`
  );
}
