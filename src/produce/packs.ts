import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finding, parseData } from '../lib/data-file.ts';
import { ColdtrailError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { type Pack, packSchema } from './pack/schema.ts';

export type { Pack, PackRule } from './pack/schema.ts';

const SHIPPED = fileURLToPath(new URL('./packs/', import.meta.url));

const read = new Map<string, Pack>();

/** Names of the packs that come with the program. */
export function packNames(): string[] {
  const files = readdirSync(SHIPPED).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => basename(file, '.yaml')).sort();
}

/** Every shipped pack, by name. */
export function listPacks(): readonly Pack[] {
  return packNames().map((name) => shippedPack(name));
}

/** The file of a shipped pack. */
export function packFile(name: string): string {
  return join(SHIPPED, `${name}.yaml`);
}

/** A shipped pack, read when it is first asked for. @throws ColdtrailError UNKNOWN_NAME with the nearest, and all */
export function shippedPack(name: string): Pack {
  const known = read.get(name);
  if (known) return known;
  const names = packNames();
  if (!names.includes(name)) {
    throw new ColdtrailError('UNKNOWN_NAME', `no rule pack is called '${name}'${nearest(name, names)}`, {
      hint: `Shipped packs: ${names.join(', ')}`,
    });
  }
  const file = packFile(name);
  const pack = parsePack(readFileSync(file, 'utf8'), file);
  read.set(name, pack);
  return pack;
}

/**
 * Reads a pack from its text. @param file what problems are reported under @param check what the schema cannot see
 * @throws ColdtrailError RULES_INVALID listing every problem as `file:line:column path`
 */
export function parsePack(text: string, file: string, check: (pack: Pack) => Iterable<Finding> = () => []): Pack {
  const { data, problems } = parseData(text, file, packSchema, check);
  if (problems.length > 0 || !data) throw rulesInvalid(problems);
  return data;
}

/** Every problem of a file with rules, in one error. */
export function rulesInvalid(problems: readonly string[]): ColdtrailError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new ColdtrailError('RULES_INVALID', `${count} in the rules\n${problems.join('\n')}`, {
    hint: '`coldtrail rules explain NAME` tells the parameters of a rule; `coldtrail ls packs` lists working examples',
  });
}
