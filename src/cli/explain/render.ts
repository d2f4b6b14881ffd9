import { assetKindsOf } from '../../produce/pack/asset-groups.ts';
import type { ProduceLimits } from '../../produce/profiles.ts';
import type { Explanation, PackRuleTold, ParamTold } from './explanation.ts';
import { durationText } from './param-text.ts';
import { pictureOf, pictureOfRule } from './picture.ts';

const WIDTH = 98;

/** An explanation as text that fits a terminal of 100 columns. */
export function renderExplanation(explanation: Explanation): string {
  const { name } = explanation;
  switch (explanation.kind) {
    case 'rule':
      return page([
        [`${name}: a rule of the stratum "${explanation.stratum}"`, '', ...wrapped(explanation.doc)],
        indented(pictureOfRule(name)),
        ['Parameters', ...indented(paramLines(explanation.params))],
        ['In packs', ...indented(explanation.inPacks.flatMap((rule) => ruleInShort(rule, `${rule.pack}: `)))],
        footnotes(explanation.inPacks),
      ]);
    case 'pack':
      return page([
        [`${name}: ${explanation.title}`, '', ...wrapped(explanation.for)],
        ...explanation.rules.map((rule) => [...headOf(rule), ...indented(given(rule)), ...indented(groundsOf(rule))]),
        sourcesOf(explanation.rules),
        footnotes(explanation.rules),
      ]);
    case 'profile':
      return page([
        [`${name}: ${explanation.title}`, '', ...limitLines(explanation.limits)],
        ...explanation.packs.map((pack) => [
          `Pack ${pack}`,
          ...indented(explanation.rules.filter((rule) => rule.pack === pack).flatMap((rule) => ruleInShort(rule))),
        ]),
        footnotes(explanation.rules),
      ]);
    case 'pack-rule':
      return page([
        ...Object.entries(explanation.docs).map(([rule, doc]) => [`${name}: the rule ${rule}`, '', ...wrapped(doc)]),
        ...explanation.rules.flatMap((rule) => [
          [`Pack ${rule.pack}`, ...headOf(rule), ...indented(paramLines(rule.params))],
          indented(pictureOf(rule)),
          indented(groundsOf(rule)),
        ]),
        sourcesOf(explanation.rules),
        footnotes(explanation.rules),
      ]);
  }
}

const page = (sections: readonly (readonly string[])[]): string =>
  `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;

const INDENT = '    ';
const indented = (lines: readonly string[]) => lines.map((line) => INDENT + line);

/** What it watches. @param prefix stands before it, for instance the pack */
function headOf(told: PackRuleTold, prefix = '', width = WIDTH): string[] {
  const { name, rule, severity, channels, assetWords, explainable } = told;
  const where = assetWords.join(', ').replace(/^all$/, 'all assets');
  const what = channels.length === 0 ? 'the device' : channels.join(', ');
  const head = wrapped(`${prefix}${name} (${severity}): ${rule} on ${what} of ${where}`, width);
  return [...head, ...(explainable ? indented(['not while a door or a defrost explains it']) : [])];
}

/** The parameters that a pack gives. */
function given({ params }: PackRuleTold): string[] {
  const told = params.filter(({ value }) => value !== null).map((param) => `${param.name} ${textOf(param)}`);
  return told.length === 0 ? ['its own defaults'] : wrapped(told.join(', '), WIDTH - INDENT.length);
}

/** A rule in two or three lines. @param prefix stands before it, for instance the pack */
function ruleInShort(rule: PackRuleTold, prefix = ''): string[] {
  return [...headOf(rule, prefix, WIDTH - INDENT.length), ...indented(given(rule))];
}

/** The limits of a produce. */
function limitLines({ target, alarm, critical, freezingC, maxGapMs }: ProduceLimits): string[] {
  return [
    `target    ${target.minC} to ${target.maxC} °C: where it is best kept; leaving it is no alarm`,
    `alarm     beyond ${alarm.lowC} to ${alarm.highC} °C someone should act`,
    `critical  beyond ${critical.lowC} to ${critical.highC} °C someone must act now`,
    `freezing  ${freezingC} °C: where the produce itself freezes`,
    `gap       a reading speaks for ${durationText(maxGapMs)} at most`,
  ];
}

/** Who says so. */
function groundsOf({ clause, sources, why, unverified }: PackRuleTold): string[] {
  const cited = sources.length > 0 ? ` [${sources.map(({ name }) => name).join(', ')}]` : '';
  return [
    ...(clause ? wrapped(clause + cited, WIDTH - INDENT.length) : []),
    ...(why ? wrapped(why, WIDTH - INDENT.length) : []),
    ...(unverified ? ['UNVERIFIED: could not be confirmed for this produce or equipment'] : []),
  ];
}

function sourcesOf(rules: readonly PackRuleTold[]): string[] {
  const sources = new Map(rules.flatMap((rule) => rule.sources.map((source) => [source.name, source])));
  if (sources.size === 0) return [];
  return ['Sources', ...[...sources.values()].flatMap((s) => wrapped(`[${s.name}] ${s.title}; ${s.evidence}`))];
}

/** What the words and marks above mean. */
function footnotes(rules: readonly PackRuleTold[]): string[] {
  const estimated = rules.some(({ params }) => params.some(({ estimate }) => estimate));
  const groups = (['vehicles', 'stores'] as const).filter((g) =>
    rules.some(({ assetWords }) => assetWords.includes(g)),
  );
  return [
    ...(estimated ? ['* an ESTIMATE: no source gives it'] : []),
    ...groups.map((group) => `${group}: ${assetKindsOf([group]).join(', ')}`),
  ];
}

const textOf = ({ text, estimate }: ParamTold) => (estimate ? `${text}*` : text);

/** A parameter a line: name, value, meaning. */
function paramLines(params: readonly ParamTold[]): string[] {
  const nameWidth = Math.max(...params.map(({ name }) => name.length));
  const textWidth = Math.max(...params.map((param) => textOf(param).length));
  const gutter = ' '.repeat(nameWidth + textWidth + 4);
  return params.flatMap((param) => {
    const [first, ...rest] = wrapped(param.meaning, WIDTH - INDENT.length - gutter.length);
    const head = `${param.name.padEnd(nameWidth)}  ${textOf(param).padEnd(textWidth)}  ${first}`;
    return [head, ...rest.map((line) => gutter + line)];
  });
}

/** Breaks a sentence between words. */
function wrapped(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}
