import { planOf, type Summary } from '../../simulators/main.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import { registryOf } from '../../simulators/registry.ts';
import { runInWorker } from '../../simulators/worker-run.ts';
import type { Config } from '../config.ts';
import { monotonicMs } from '../lib/clock.ts';
import { ColdtrailError } from '../lib/errors.ts';
import { createLog } from '../lib/log.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import type { CycleReport } from '../project/projector.ts';
import { rulesInForce } from '../rules-in-force.ts';
import { freshDataDir } from './demo-dir.ts';
import { printDemoSummary } from './demo-summary.ts';
import { progressText } from './simulation-progress.ts';
import { StatusLine } from './status-line.ts';
import { stopSignal } from './stop-signal.ts';

export interface DemoOptions {
  readonly config: Config;
  readonly scenario: string;
  /** End after the summary. */
  readonly once: boolean;
  /** The user asked for this very port: do not take another. */
  readonly portIsChosen: boolean;
}

/** Runs the demo: broker, stores and detection here, the simulated fleet in a thread of its own, over real MQTT. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { config } = options;
  const plan = planOf({ scenario: options.scenario });
  rulesInForce(config); // refused before anything is emptied
  freshDataDir(config.dataDir);
  const stop = stopSignal();
  let lastCycle: CycleReport | undefined;
  let raised = 0;
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {}); // it may come before anyone waits for it
  const over = new AbortController();
  const startedMs = monotonicMs();
  const pipeline = await startDemoPipeline(
    options,
    plan,
    (report) => {
      lastCycle = report;
      raised += report.raised;
    },
    (error) => fail(error),
  );
  const line = new StatusLine(process.stderr);
  try {
    printStart(plan, pipeline);
    const simulation = runInWorker(
      { source: { scenario: options.scenario }, broker: { url: pipeline.brokerUrl }, speed: 'max' },
      {
        signal: AbortSignal.any([stop.signal, over.signal]),
        onProgress: (progress) => line.show(progressText(progress, [`${lastCycle?.openAlerts ?? 0} alerts open`])),
      },
    );
    const summary: Summary = await Promise.race([simulation, failed]);
    await Promise.race([pipeline.settled(), failed]);
    line.end();
    await printDemoSummary({
      config,
      summary,
      counters: pipeline.counters,
      elapsedMs: monotonicMs() - startedMs,
      raised,
      openAlerts: lastCycle?.openAlerts ?? 0,
      brokerUrl: options.once || stop.signal.aborted ? null : pipeline.brokerUrl,
    });
    if (!options.once) await Promise.race([stop.stopped, failed]);
  } finally {
    line.end();
    // After a failure the fleet would go on for ever, looking for its broker.
    over.abort();
    await pipeline.stop();
    stop.release();
  }
}

async function startDemoPipeline(
  { config, portIsChosen }: DemoOptions,
  plan: Plan,
  onCycle: (report: CycleReport) => void,
  onFatal: (error: Error) => void,
): Promise<Pipeline> {
  const registry = registryOf(plan);
  const log = createLog(config.log.level);
  try {
    return await startPipeline(config, registry, log, { onCycle, onFatal });
  } catch (error) {
    const taken = error instanceof ColdtrailError && error.code === 'PORT_TAKEN';
    if (!taken || portIsChosen || config.broker.mode !== 'embedded') throw error;
    const free: Config = { ...config, broker: { ...config.broker, port: 0 } };
    return startPipeline(free, registry, log, { onCycle, onFatal });
  }
}

function printStart(plan: Plan, pipeline: Pipeline): void {
  const channels = plan.devices.reduce((n, device) => n + device.channels.length, 0);
  const days = (plan.endMs - plan.startMs) / 86_400_000;
  process.stderr.write(
    `${plan.assets.length} assets, ${plan.devices.length} devices, ${channels} channels, ${days} days of world time` +
      ` → ${pipeline.brokerUrl} (anonymous clients allowed: this is a demo on loopback)\n`,
  );
}
