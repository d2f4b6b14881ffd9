import { parentPort } from 'node:worker_threads';
import { type ErrorReport, errorReport } from '../../simulators/thread-error.ts';
import { monotonicMs } from '../lib/clock.ts';
import { givenWorkerData } from '../lib/ts-worker.ts';
import type { RuleSet } from './engine.ts';
import { runShare, type SeedRun, seedPlans } from './seed-run.ts';
import { type SeedPlans, type SharedMemory, seedShare, sharedMemory, wholeSeed } from './seed-share.ts';
import { type SeedTally, type TallyWishes, tallySeed } from './seed-tally.ts';

/** What is to be done with each seed; which seeds, threads are told one at a time. */
export interface SeedRequest extends TallyWishes {
  readonly scenario: string;
  readonly sets: readonly RuleSet[];
}

/** What a thread is given: the request, and which share of each seed is its own. */
export interface SeedThread {
  readonly request: SeedRequest;
  readonly ix: number;
  readonly count: number;
}

/** What it is told: a seed, and where it shares it and is not the first, the memory that the first has made. */
export type SeedOrder =
  | { readonly type: 'seed'; readonly seed: number }
  | { readonly type: 'memory'; readonly memory: SharedMemory };

/** What it reports. The first of several threads begins with `memory`; one that shares a seed ends with `share`. */
export type SeedReport =
  | { readonly type: 'memory'; readonly memory: SharedMemory }
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'share'; readonly run: SeedRun }
  | { readonly type: 'done'; readonly tally: SeedTally }
  | ErrorReport;

const PROGRESS_EVERY_MS = 200;

function work(port: NonNullable<typeof parentPort>): void {
  const { request, ix, count } = givenWorkerData<SeedThread>();
  const { scenario, sets } = request;
  const report = (message: SeedReport) => port.postMessage(message);
  let plans: SeedPlans | undefined;

  function run(memory: SharedMemory | undefined): void {
    const share = memory ? seedShare(plans!, ix, count, memory) : wholeSeed(plans!);
    const steps = runShare(plans!, sets, share);
    let reportedMs = monotonicMs();
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        if (memory) report({ type: 'share', run: step.value });
        else report({ type: 'done', tally: tallySeed(step.value, sets, request) });
        return;
      }
      if (ix > 0 || monotonicMs() - reportedMs < PROGRESS_EVERY_MS) continue;
      reportedMs = monotonicMs();
      report({ type: 'progress', share: step.value });
    }
  }

  port.on('message', (order: SeedOrder) => {
    try {
      if (order.type === 'memory') return run(order.memory);
      plans = seedPlans(scenario, order.seed);
      if (count === 1) return run(undefined);
      if (ix > 0) return;
      const memory = sharedMemory(plans);
      report({ type: 'memory', memory });
      run(memory);
    } catch (error) {
      report(errorReport(error));
    }
  });
}

if (parentPort) work(parentPort);
