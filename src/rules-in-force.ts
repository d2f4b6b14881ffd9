import type { Config } from './config.ts';
import { ruleParams } from './detect/rules/registry.ts';
import { parseData } from './lib/data-file.ts';
import { ColdtrailError } from './lib/errors.ts';
import { lengthText } from './produce/breach-words.ts';
import { type Pack, packSchema } from './produce/pack/schema.ts';
import { windowsBeyond } from './produce/pack/windows.ts';
import { type RuleBook, ruleBook } from './produce/rule-book.ts';
import { readText } from './produce/rule-file.ts';
import type { FrameStore } from './store/frames/store.ts';

/** The rules that a configuration puts in force. @throws ColdtrailError with file, line and column */
export function rulesInForce({ rules }: Config): RuleBook {
  return ruleBook(rules.packs, ruleParams());
}

/**
 * Refuses rules that look back on more than the frame store keeps: after a restart, or for late data, they are judged
 * from its frames, and would come to something else.
 * @throws ColdtrailError RULES_INVALID naming rule and parameter with file, line and column
 */
export async function refuseBeyondRetention(rules: RuleBook, store: Pick<FrameStore, 'retention'>): Promise<void> {
  const kept = await store.retention();
  if (!kept) return;
  const folds = ruleParams();
  const problems = rules.profiles.flatMap((profile) =>
    rules.packsOf(profile.name).flatMap(({ file }) => {
      const check = (pack: Pack) => windowsBeyond(pack, kept.ms, profile, folds);
      return parseData(readText(file), file, packSchema, check).problems;
    }),
  );
  if (problems.length === 0) return;
  const what = `rules look back on more than the ${lengthText(kept.ms)} that ${kept.by} keeps frames`;
  throw new ColdtrailError('RULES_INVALID', `${what}\n${problems.join('\n')}`, {
    hint: 'Let it keep them for longer, or name a pack in `rules.packs` that takes the place of this one and looks back on less.',
  });
}
