import type { Breach } from '../contract/breach.ts';
import type { AssetKind } from '../contract/words.ts';
import { DeviceJudge, type RuleSet } from './engine.ts';
import type { Recording } from './recording.ts';

const DAY_MS = 86_400_000;

/** What one rule set says of recorded data. */
export interface Judged {
  readonly breaches: readonly Breach[];
  readonly deviceDays: number;
}

/**
 * Lets rule sets judge recorded data, with the fold of live use. Each device stands for an asset of its own, which holds
 * produce for as long as it is recorded. Takes the rows out of the recording.
 * @param kind what the devices were on: it decides which rules apply
 * @returns by rule set, as given
 */
export function replay(recording: Recording, sets: readonly RuleSet[], kind: AssetKind): Judged[] {
  const chunks = [...recording.values()].map((rows) => rows.take()).filter(({ size }) => size > 0);
  return sets.map((set) => {
    const breaches: Breach[] = [];
    let armedMs = 0;
    for (const chunk of chunks) {
      const [fromMs, toMs] = [chunk.timeMs[0]!, chunk.timeMs[chunk.size - 1]!];
      const stay = { asset: chunk.device, fromMs, toMs: null };
      const history = { device: chunk.device, placements: [stay], custodies: [stay], assetKind: () => kind };
      const judge = new DeviceJudge(set, history);
      judge.take(chunk);
      breaches.push(...judge.breaches(toMs));
      armedMs += toMs - fromMs;
    }
    return { breaches, deviceDays: armedMs / DAY_MS };
  });
}
