import type { Finding } from '../lib/data-file.ts';
import { ColdtrailError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { checkPack, clashes, type Folds } from './pack/check.ts';
import { profileOf } from './pack/resolve.ts';
import { listPacks, type Pack, type PackRule, packFile, packNames, parsePack, shippedPack } from './packs.ts';
import { listProduce, type Produce, type ProduceLimits, type Profile } from './profiles.ts';
import { isProfile, readText } from './rule-file.ts';

/** A pack, and the file that it was read from. */
export interface BookPack {
  readonly pack: Pack;
  readonly file: string;
  /** False for one that ships with the program. */
  readonly isOwn: boolean;
}

/** The rules that judge live data: those of the shipped packs, but for what was put in their place or beside them. */
export interface RuleBook {
  /** Every profile, its rules those in force. */
  readonly profiles: readonly Profile[];
  /** The profile of a produce, the same object each time; undefined for a produce that no rule judges. */
  profileFor(produce: string): Profile | undefined;
  /** The packs that watch a produce, in the order in which their rules stand. */
  packsOf(produce: string): readonly BookPack[];
  /** Every pack that there is, by name: those too that watch nothing. */
  listPacks(): readonly BookPack[];
}

/**
 * The rule book of a configuration.
 * @param entries names of shipped packs, and files with packs of one's own. One that is called as a pack of the profile
 *   stands in its place; any other stands beside them
 * @throws ColdtrailError UNKNOWN_NAME, CONFIG_UNREADABLE, RULES_INVALID with file, line and column
 */
export function ruleBook(entries: readonly string[], folds: Folds): RuleBook {
  const asked = entries.map((entry) => packAsked(entry, folds));
  refuseTwice(asked);
  const byProduce = new Map(
    listProduce().map((produce) => {
      const packs = packsInForce(produce, asked);
      refuseClashes(produce.limits, packs, asked);
      const rules = packs.flatMap(({ pack }) => pack.rules);
      return [produce.limits.name, { packs, profile: profileOf(produce.limits, rules) }] as const;
    }),
  );
  return {
    profiles: [...byProduce.values()].map(({ profile }) => profile),
    profileFor: (produce) => byProduce.get(produce)?.profile,
    packsOf: (produce) => byProduce.get(produce)?.packs ?? [],
    listPacks: () => withShipped(asked.filter(({ isOwn }) => isOwn)),
  };
}

let shippedOnly: RuleBook | undefined;

/** The rule book where nothing is configured. */
export function shippedBook(): RuleBook {
  shippedOnly ??= ruleBook([], new Map());
  return shippedOnly;
}

function shipped(name: string): BookPack {
  return { pack: shippedPack(name), file: packFile(name), isOwn: false };
}

function packAsked(entry: string, folds: Folds): BookPack {
  const names = packNames();
  if (names.includes(entry)) return shipped(entry);
  if (!/\.(ya?ml|json)$/.test(entry)) {
    throw new ColdtrailError('UNKNOWN_NAME', `rules.packs: no pack is called '${entry}'${nearest(entry, names)}`, {
      hint: `Name a file that ends in .yaml, .yml or .json, or a shipped pack: ${names.join(', ')}`,
    });
  }
  const text = readText(entry);
  if (isProfile(text)) {
    throw new ColdtrailError('CONFIG_INVALID', `rules.packs: ${entry} holds a profile, and a pack is wanted`, {
      hint: 'A pack has `name`, `title`, `for` and `rules`; limits of the produce stay as they are shipped.',
    });
  }
  const pack = parsePack(text, entry, function* (read) {
    for (const { limits } of listProduce()) yield* checkPack(read, limits, folds);
  });
  return { pack, file: entry, isOwn: true };
}

function refuseTwice(asked: readonly BookPack[]): void {
  for (const [i, { pack, file }] of asked.entries()) {
    const before = asked.slice(0, i).find((other) => other.pack.name === pack.name);
    if (!before) continue;
    const where = before.file === file ? file : `${before.file} and ${file}`;
    throw new ColdtrailError('CONFIG_INVALID', `rules.packs: '${pack.name}' is named twice: ${where}`, {
      hint: 'Leave one of them out, or give it another name.',
    });
  }
}

/** The packs of the profile, replaced by name, then those beside them. */
function packsInForce({ packs }: Produce, asked: readonly BookPack[]): BookPack[] {
  const byName = new Map(asked.map((one) => [one.pack.name, one]));
  return [
    ...packs.map((name) => byName.get(name) ?? shipped(name)),
    ...asked.filter(({ pack }) => !packs.includes(pack.name)),
  ];
}

/** A breach is called by its rule: no two packs may have one of a name on the same channel of the same asset. */
function refuseClashes(limits: ProduceLimits, packs: readonly BookPack[], asked: readonly BookPack[]): void {
  const others = packs.filter((one) => !asked.includes(one));
  for (const one of asked) {
    const rules = others.flatMap(({ pack }) => pack.rules);
    parsePack(readText(one.file), one.file, ({ rules: own }) => clashesWith(rules, own, limits, others));
    others.push(one);
  }
}

function* clashesWith(
  before: readonly PackRule[],
  own: readonly PackRule[],
  limits: ProduceLimits,
  others: readonly BookPack[],
): Generator<Finding> {
  for (const { index, message } of clashes([...before, ...own], limits)) {
    const rule = own[index - before.length];
    if (!rule) continue;
    const other = others.find(({ pack }) => pack.rules.some(({ name }) => name === rule.name));
    yield { path: ['rules', index - before.length], message: message + (other ? wayOut(other) : '') };
  }
}

function wayOut({ pack: { name } }: BookPack): string {
  return `; the pack ${name} has it too: call this one otherwise, or this pack ${name} to replace that one`;
}

function withShipped(own: readonly BookPack[]): BookPack[] {
  const names = new Set(own.map(({ pack }) => pack.name));
  const rest = listPacks().filter(({ name }) => !names.has(name));
  return [...rest.map(({ name }) => shipped(name)), ...own].sort((a, b) => (a.pack.name < b.pack.name ? -1 : 1));
}
