import { explainPack, type PackRuleTold } from '../../src/cli/explain/explanation.ts';
import type { Pack } from '../../src/produce/packs.ts';
import type { ProduceLimits } from '../../src/produce/profiles.ts';
import { code, table } from './markdown.ts';

/** A pack on docs/rules.md: its rules with their values, who says so, and why. */
export function packSection(pack: Pack, limits: ProduceLimits): string {
  const { rules } = explainPack(pack, limits);
  const sources = new Map(rules.flatMap((rule) => rule.sources.map((source) => [source.name, source])));
  return `### ${code(pack.name)}: ${pack.title}

${pack.for}

${table(
  ['Name', 'Rule', 'Severity', 'Channels', 'Assets', 'Parameters', 'Clause, and why'],
  rules.map((rule) => [
    code(rule.name),
    code(rule.rule),
    rule.severity,
    rule.channels.join(', ') || 'the device',
    rule.assetWords.join(', '),
    parametersOf(rule),
    groundsOf(rule),
  ]),
)}${sources.size === 0 ? '' : '\n\n'}${[...sources.values()].map((s) => `- **${s.name}**: ${s.title}; ${s.evidence}`).join('\n')}`;
}

function parametersOf({ params, explainable }: PackRuleTold): string {
  return params
    .filter(({ value }) => value !== null)
    .map(({ name, text, estimate }) => `${name} ${text}${estimate ? '\\*' : ''}`)
    .concat(explainable ? ['not while a door or a defrost explains it'] : [])
    .join(', ');
}

function groundsOf({ clause, sources, why, unverified }: PackRuleTold): string {
  const cited = sources.length === 0 ? '' : ` (${sources.map(({ name }) => name).join(', ')})`;
  return [
    ...(unverified ? ['**Unverified.**'] : []),
    ...(clause === null ? [] : [clause.replace(/\.$/, '') + `${cited}.`]),
    ...(why === null ? [] : [why]),
  ].join(' ');
}
