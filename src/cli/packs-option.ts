/** For the `--packs` option: the setting `rules.packs`. */
export const PACKS_HELP =
  'packs of rules in the place of shipped ones of the same name, or beside them: files or names, commas between (rules.packs)';

/** The value of a `--packs` option. */
export function packsOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
