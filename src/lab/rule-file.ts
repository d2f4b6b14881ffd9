import { existsSync } from 'node:fs';
import { ColdtrailError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { profileOf } from '../produce/pack/resolve.ts';
import { packNames, shippedPack } from '../produce/packs.ts';
import { listProfiles, type ProduceLimits, type Profile, produceNamed, profileFor } from '../produce/profiles.ts';
import { ruleBook } from '../produce/rule-book.ts';
import { readRuleFile } from '../produce/rule-file.ts';
import { checkRuleSet, knownFolds, type RuleSet } from './engine.ts';

/** Of a profile, see NAME_PATTERN. */
const NAME_LENGTH_MAX = 63;

/**
 * The rules that `--rules` names: a shipped profile, with packs in the place of its own or beside them as live use takes
 * them (`prune,my-pack.yaml`), shipped packs joined by commas (`watch,haccp`), or a file with a pack or a profile.
 * @param produce whose limits packs are judged with
 * @throws ColdtrailError UNKNOWN_NAME, CONFIG_UNREADABLE, RULES_INVALID with file, line and column
 */
export async function loadRuleSet(name: string, produce = 'prune'): Promise<RuleSet> {
  const set = { name, profile: profileNamed(name, produceNamed(produce)!.limits) };
  checkRuleSet(set);
  return set;
}

function profileNamed(name: string, limits: ProduceLimits): Profile {
  const shipped = profileFor(name);
  if (shipped) return shipped;
  const [first, ...others] = name.split(',');
  if (others.length > 0 && profileFor(first!)) return ruleBook(others, knownFolds()).profileFor(first!)!;
  const packs = [...new Set(name.split(','))];
  const known = packNames();
  const unknown = packs.find((pack) => !known.includes(pack));
  if (unknown === undefined) {
    const rules = packs.flatMap((pack) => shippedPack(pack).rules);
    return profileOf({ ...limits, name: packs.join('.').slice(0, NAME_LENGTH_MAX), title: name }, rules);
  }
  if (/\.(ya?ml|json)$/.test(name) || existsSync(name)) return readRuleFile(name, limits, knownFolds());
  const profiles = listProfiles().map((profile) => profile.name);
  const guess = nearest(unknown, [...profiles, ...known]);
  throw new ColdtrailError('UNKNOWN_NAME', `no profile, pack or file is called "${unknown}"${guess}`, {
    hint: `Shipped profiles: ${profiles.join(', ')}. Shipped packs: ${known.join(', ')}`,
  });
}
