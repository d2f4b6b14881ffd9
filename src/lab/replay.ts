import type { AssetKind } from '../contract/words.ts';
import { DeviceJudge, type RuleSet } from './engine.ts';
import type { ToldBreach } from './heard-device.ts';
import type { Judged } from './judging-bench.ts';
import type { Recording } from './recording.ts';

/**
 * Lets rule sets judge recorded data, with the fold of live use. Each device stands for an asset of its own, which holds
 * produce for as long as it is recorded. Takes the rows out of the recording.
 * @param kind what the devices were on: it decides which rules apply
 * @returns by rule set, as given
 */
export function replay(recording: Recording, sets: readonly RuleSet[], kind: AssetKind): Judged[] {
  const chunks = [...recording.values()]
    .map((rows) => rows.takeSorted(rows.size, () => true))
    .filter(({ size }) => size > 0);
  return sets.map((set) => {
    const breaches: ToldBreach[] = [];
    let armedMs = 0;
    for (const chunk of chunks) {
      const [fromMs, toMs] = [chunk.timeMs[0]!, chunk.timeMs[chunk.size - 1]!];
      const stay = { asset: chunk.device, fromMs, toMs: null };
      const history = { device: chunk.device, placements: [stay], custodies: [stay], assetKind: () => kind };
      const judge = new DeviceJudge(set, history);
      judge.take(chunk);
      breaches.push(...judge.breaches(toMs).map((breach) => ({ ...breach, toldMs: breach.raisedMs })));
      armedMs += toMs - fromMs;
    }
    return { breaches, armedMs };
  });
}
