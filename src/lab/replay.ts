import { DeviceJudge, type RuleSet } from './engine.ts';
import type { ToldBreach } from './heard-device.ts';
import type { Judged } from './judging-bench.ts';
import type { RecordedDevice } from './recording.ts';

/**
 * Lets rule sets judge recorded data, with the fold of live use. When frames came in is not recorded: alarms count from
 * when they are raised.
 * @returns by rule set, as given
 */
export async function replay(
  recorded: AsyncIterable<RecordedDevice> | Iterable<RecordedDevice>,
  sets: readonly RuleSet[],
): Promise<Judged[]> {
  const said = sets.map(() => ({ breaches: [] as ToldBreach[], armedMs: 0 }));
  for await (const { history, chunks, knownUntilMs } of recorded) {
    const judges = sets.map((set) => new DeviceJudge(set, history));
    let firstMs: number | undefined;
    let lastMs = 0;
    for await (const chunk of chunks) {
      if (chunk.size === 0) continue;
      firstMs ??= chunk.timeMs[0]!;
      lastMs = chunk.timeMs[chunk.size - 1]!;
      for (const judge of judges) judge.take(chunk);
    }
    if (firstMs === undefined) continue;
    const untilMs = knownUntilMs ?? lastMs;
    for (const [i, judge] of judges.entries()) {
      said[i]!.breaches.push(...judge.breaches(untilMs).map((breach) => ({ ...breach, toldMs: breach.raisedMs })));
      said[i]!.armedMs += judge.armedMs(firstMs, untilMs);
    }
  }
  return said;
}
