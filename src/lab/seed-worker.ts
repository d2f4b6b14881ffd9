import { parentPort } from 'node:worker_threads';
import { type ErrorReport, errorReport } from '../../simulators/thread-error.ts';
import { monotonicMs } from '../lib/clock.ts';
import { givenWorkerData } from '../lib/ts-worker.ts';
import type { RuleSet } from './engine.ts';
import { runSeed } from './seed-run.ts';
import { type SeedTally, tallySeed } from './seed-tally.ts';

/** What a thread that simulates seeds is given; which seeds, it is told one at a time. */
export interface SeedRequest {
  readonly scenario: string;
  readonly sets: readonly RuleSet[];
  /** Whether each rule is to be scored by itself, too. */
  readonly everyRule: boolean;
}

/** What it reports. */
export type SeedReport =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'done'; readonly tally: SeedTally }
  | ErrorReport;

const PROGRESS_EVERY_MS = 200;

function work(port: NonNullable<typeof parentPort>): void {
  const { scenario, sets, everyRule } = givenWorkerData<SeedRequest>();
  const report = (message: SeedReport) => port.postMessage(message);
  port.on('message', (seed: number) => {
    try {
      const run = runSeed(scenario, seed, sets);
      let reportedMs = monotonicMs();
      for (let step = run.next(); ; step = run.next()) {
        if (step.done) {
          report({ type: 'done', tally: tallySeed(step.value, sets, everyRule) });
          return;
        }
        if (monotonicMs() - reportedMs < PROGRESS_EVERY_MS) continue;
        reportedMs = monotonicMs();
        report({ type: 'progress', share: step.value });
      }
    } catch (error) {
      report(errorReport(error));
    }
  });
}

if (parentPort) work(parentPort);
