import { existsSync } from 'node:fs';
import { ColdtrailError } from '../lib/errors.ts';
import { profileSchema } from '../produce/profiles/schema.ts';
import { listProfiles, type Profile, profileFor } from '../produce/profiles.ts';
import { dotted, problemsOf, readSettings } from '../settings-file.ts';
import { checkRuleSet, type RuleSet } from './engine.ts';

/**
 * The rules that `--rules` names: a shipped profile, or a YAML file with a profile. With `extends: prune` the file
 * holds only what is different, such as `rules`.
 * @throws ColdtrailError UNKNOWN_NAME, CONFIG_UNREADABLE, CONFIG_INVALID with file, line and column
 */
export async function loadRuleSet(name: string): Promise<RuleSet> {
  const shipped = profileFor(name);
  if (shipped) return { name, profile: shipped };
  if (!/\.(ya?ml|json)$/.test(name) && !existsSync(name)) {
    throw new ColdtrailError('UNKNOWN_NAME', `no profile is called "${name}", and there is no such file`, {
      hint: `Shipped profiles: ${names()}`,
    });
  }
  const { value, locate } = await readSettings(name);
  const { extends: base, ...own } = value;
  const basis = base === undefined ? {} : profileFor(String(base));
  if (!basis) {
    throw new ColdtrailError('UNKNOWN_NAME', `${locate(['extends']).text}: no profile is called "${String(base)}"`, {
      hint: `Shipped profiles: ${names()}`,
    });
  }
  const checked = profileSchema.safeParse({ ...basis, ...own });
  if (!checked.success) {
    const problems = problemsOf(checked.error).map(
      (problem) => `${locate(problem.path, problem.key).text}: ${dotted(problem)}: ${problem.message}`,
    );
    throw new ColdtrailError('CONFIG_INVALID', problems.join('\n'));
  }
  const set = { name, profile: checked.data as Profile };
  checkRuleSet(set);
  return set;
}

const names = () =>
  listProfiles()
    .map((profile) => profile.name)
    .join(', ');
