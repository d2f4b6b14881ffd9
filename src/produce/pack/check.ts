import { z } from 'zod';
import { channelKind } from '../../contract/channel.ts';
import type { Finding } from '../../lib/data-file.ts';
import { nearest } from '../../lib/nearest.ts';
import { lengthText } from '../breach-words.ts';
import { type ProduceLimits, rulesNamedTwice } from '../profiles/schema.ts';
import { inUnitOf, resolveParams, splitUnit, TIME_UNITS, writtenAs } from './params.ts';
import { ruleFor } from './resolve.ts';
import type { Pack, PackRule } from './schema.ts';

/** The folds that there are, with the schema of their parameters. Handed in: the produce knows no rule engine. */
export type Folds = ReadonlyMap<string, z.ZodType>;

/** Everything wrong with a pack that its schema cannot see. */
export function* checkPack(pack: Pack, limits: ProduceLimits, folds: Folds): Generator<Finding> {
  yield* checkRules(pack.rules, limits, folds);
  for (const { index, message } of clashes(pack.rules, limits)) yield { path: ['rules', index], message };
  const known = Object.keys(pack.sources);
  for (const [i, { sources = [] }] of pack.rules.entries()) {
    for (const [s, source] of sources.entries()) {
      if (known.includes(source)) continue;
      yield {
        path: ['rules', i, 'sources', s],
        message: `the pack has no source '${source}'${nearest(source, known)}`,
      };
    }
  }
}

/** Everything wrong with rules for a produce. Paths begin with `rules`. */
export function* checkRules(rules: readonly PackRule[], limits: ProduceLimits, folds: Folds): Generator<Finding> {
  for (const [i, rule] of rules.entries()) {
    const path = ['rules', i];
    const schema = folds.get(rule.rule);
    if (schema) yield* checkParams(rule, limits, schema, [...path, 'params']);
    else {
      const message = `no rule is called '${rule.rule}'${nearest(rule.rule, [...folds.keys()])}`;
      yield { path: [...path, 'rule'], message };
    }
    for (const [e, param] of (rule.estimates ?? []).entries()) {
      if (!(param in rule.params)) yield { path: [...path, 'estimates', e], message: `the rule gives no ${param}` };
    }
  }
}

/** Rules that a rule before stands in the way of: the same name on the same channel of the same asset. */
export function clashes(rules: readonly PackRule[], limits: ProduceLimits): { index: number; message: string }[] {
  return rulesNamedTwice(rules.map((rule) => ruleFor(rule, limits))).map(({ index, clash }) => {
    return { index, message: `two rules named ${clash}` };
  });
}

function* checkParams(rule: PackRule, limits: ProduceLimits, schema: z.ZodType, path: Path): Generator<Finding> {
  const { params, problems } = resolveParams(rule.params, limits);
  for (const { param, message } of problems) yield { path: [...path, param], message };
  yield* checkUnits(rule, path);
  const checked = schema.safeParse(params);
  if (checked.success) return;
  const known = knownParams(schema);
  for (const issue of checked.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const param = writtenAs(key, rule.params);
        yield { path: [...path, param], message: unknownParam(param, rule.rule, Object.keys(known)) };
      }
      continue;
    }
    const key = issue.path[0] === undefined ? undefined : String(issue.path[0]);
    if (key !== undefined && params[key] === undefined) {
      // One of another unit, or a limit that the produce lacks, is told already.
      if (!Object.keys(rule.params).some((param) => splitUnit(param).base === splitUnit(key).base)) {
        yield { path: [...path], message: `${key} is missing: ${known[key]?.description ?? ''}` };
      }
    } else {
      const param = key === undefined ? undefined : writtenAs(key, rule.params);
      yield {
        path: param === undefined ? path : [...path, param],
        message: messageOf(issue, param ?? '', known[key ?? '']),
      };
    }
  }
}

/** What the schema says, with bounds in the unit that the pack writes. */
function messageOf(issue: z.core.$ZodIssue, param: string, known: KnownParam | undefined): string {
  if (issue.code === 'too_big') {
    const most = Number(issue.maximum);
    const why = known?.looksBack ? `: no rule looks back on more than ${lengthText(most)}` : '';
    return `must be at most ${inUnitOf(param, most)}${why}`;
  }
  if (issue.code === 'too_small') return `must be at least ${inUnitOf(param, Number(issue.minimum))}`;
  return issue.message;
}

/** A limit of the produce is a temperature: it says nothing of humidity or charge. */
function* checkUnits({ params, channels }: PackRule, path: Path): Generator<Finding> {
  const other = channels.map((channel) => channelKind(channel)).find((kind) => kind && kind.unit !== 'Cel');
  if (!other) return;
  for (const [param, value] of Object.entries(params)) {
    if (typeof value !== 'string') continue;
    yield { path: [...path, param], message: `${value} is a temperature, and ${other.kind} is in ${other.unit}` };
  }
}

function unknownParam(param: string, fold: string, known: readonly string[]): string {
  const { base, unit: ownUnit } = splitUnit(param);
  const same = known.find((name) => splitUnit(name).base === base);
  if (same) {
    const { unit } = splitUnit(same);
    const fitting = unit === 'Ms' ? TIME_UNITS.map((u) => base + u).join(', ') : same;
    return `the unit does not fit: ${base} is ${QUANTITY[unit] ?? 'a plain number'}, write ${fitting}`;
  }
  const written = known.flatMap((name) => {
    const split = splitUnit(name);
    return split.unit === 'Ms' && ownUnit !== '' ? TIME_UNITS.map((unit) => split.base + unit) : [name];
  });
  return `'${fold}' has no such parameter${nearest(param, written) || `: it has ${known.join(', ')}`}`;
}

const QUANTITY: Readonly<Record<string, string>> = {
  Ms: 'a time',
  C: 'a temperature',
  CMin: 'a temperature × time',
  Pct: 'a percentage',
};

type Path = readonly (string | number)[];

/** The parameters of a fold, by name. */
export function knownParams(schema: z.ZodType): Readonly<Record<string, KnownParam>> {
  return (z.toJSONSchema(schema, { io: 'input' }) as { properties?: Record<string, KnownParam> }).properties ?? {};
}

/** A parameter as its schema tells it. */
export interface KnownParam {
  readonly default?: unknown;
  readonly description?: string;
  /** True of a time before a reading that its judgement depends on: the frame store has to keep that long. */
  readonly looksBack?: boolean;
}
