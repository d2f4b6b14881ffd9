import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Finding, parseData } from '../lib/data-file.ts';
import { ColdtrailError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { checkPack, checkRules, clashes, type Folds } from './pack/check.ts';
import { profileOf } from './pack/resolve.ts';
import { type PackRule, packRule } from './pack/schema.ts';
import { packNames, parsePack, rulesInvalid, shippedPack } from './packs.ts';
import { type ProduceLimits, type Profile, profileSchema, someLimitsSchema } from './profiles/schema.ts';
import { listProfiles, produceNamed } from './profiles.ts';

/** A file with a profile: what is different from the one that it extends. */
const profileFileSchema = someLimitsSchema.extend({
  extends: z.string().optional(),
  packs: z.array(z.string()).min(1).optional(),
  rules: z.array(packRule).min(1).optional(),
});
type ProfileFile = z.output<typeof profileFileSchema>;

/** Keys that a pack does not have. */
const OF_PROFILES = ['extends', 'packs', 'target'];

/**
 * Reads a YAML or JSON file with rules. It holds a pack, which is judged with the limits given, or a profile:
 * `extends: prune` and what is to be different, such as `packs`, `rules` (which stand in place of the profile's packs, or
 * beside those that the file names) or a limit.
 * @throws ColdtrailError CONFIG_UNREADABLE, RULES_INVALID listing every problem as `file:line:column path`
 */
export function readRuleFile(file: string, limits: ProduceLimits, folds: Folds): Profile {
  const text = readText(file);
  if (!isProfile(text)) {
    const pack = parsePack(text, file, (read) => checkPack(read, limits, folds));
    return profileOf({ ...limits, name: pack.name, title: pack.title }, pack.rules);
  }
  const { data, problems } = parseData(text, file, profileFileSchema, (read) => checkProfile(read, folds));
  if (problems.length > 0 || !data) throw rulesInvalid(problems);
  return profileOf(limitsOf(data) as ProduceLimits, rulesOf(data));
}

/** @throws ColdtrailError CONFIG_UNREADABLE */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = (cause as Error).message;
    throw new ColdtrailError('CONFIG_UNREADABLE', `cannot read ${file}: ${why}`, { cause });
  }
}

/** Whether the text of a file holds a profile and no pack. */
export function isProfile(text: string): boolean {
  try {
    const data: unknown = parse(text);
    return data !== null && typeof data === 'object' && OF_PROFILES.some((key) => key in data);
  } catch {
    return false; // Told with its place, when it is read as a pack.
  }
}

function* checkProfile(file: ProfileFile, folds: Folds): Generator<Finding> {
  const names = listProfiles().map(({ name }) => name);
  if (file.extends !== undefined && !names.includes(file.extends)) {
    yield { path: ['extends'], message: `no profile is called '${file.extends}'${nearest(file.extends, names)}` };
    return;
  }
  const unknown = (file.packs ?? []).flatMap((name, i) => (packNames().includes(name) ? [] : [{ name, i }]));
  for (const { name, i } of unknown) {
    yield { path: ['packs', i], message: `no rule pack is called '${name}'${nearest(name, packNames())}` };
  }
  if (unknown.length > 0) return;
  const limits = limitsOf(file) as ProduceLimits;
  const missing = Object.keys(someLimitsSchema.shape).filter((key) => !(key in limits));
  if (missing.length > 0) {
    yield { path: [], message: `extends no profile, so that ${missing.join(', ')} must be given` };
    return;
  }
  const checked = profileSchema.safeParse({ ...limits, rules: [] });
  if (!checked.success) {
    for (const { path, message } of checked.error.issues) yield { path, message };
    return;
  }
  if (file.rules) yield* checkRules(file.rules, limits, folds);
  yield* checkTogether(file, limits);
}

/** A rule may not stand twice, be it in two packs or in a pack and the file. */
function* checkTogether(file: ProfileFile, limits: ProduceLimits): Generator<Finding> {
  const rules = rulesOf(file);
  if (rules.length === 0) yield { path: [], message: 'names neither packs nor rules' };
  const fromPacks = rules.length - (file.rules?.length ?? 0);
  for (const { index, message } of clashes(rules, limits)) {
    yield { path: index < fromPacks ? ['packs'] : ['rules', index - fromPacks], message };
  }
}

function limitsOf(file: ProfileFile): Partial<ProduceLimits> {
  const base = file.extends === undefined ? undefined : produceNamed(file.extends)?.limits;
  return { ...base, ...someLimitsSchema.strip().parse(file) } as Partial<ProduceLimits>;
}

/** The rules of its packs and its own; those of the profile that it extends where it names none. */
function rulesOf({ extends: base, packs, rules }: ProfileFile): PackRule[] {
  const inherited = base === undefined || rules ? [] : (produceNamed(base)?.packs ?? []);
  return [...(packs ?? inherited).flatMap((name) => shippedPack(name).rules), ...(rules ?? [])];
}
