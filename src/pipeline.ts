import type { Logger } from 'pino';
import { Notify } from './alerts/notify.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from './broker/embedded.ts';
import { connectExternalBroker, type ExternalBroker } from './broker/external.ts';
import { Principals } from './broker/principals.ts';
import { alertOptions, type Config } from './config.ts';
import type { Registry } from './contract/registry.ts';
import { dataPaths, lockDataDir } from './data-dir.ts';
import { Ingest, type IngestCounters } from './ingest/ingest.ts';
import { Journal } from './journal/journal.ts';
import { JournalLog, JournalReader } from './journal/log.ts';
import { type Clock, SetClock, wallClock } from './lib/clock.ts';
import { collectNow } from './lib/collect-now.ts';
import { Projections } from './project/projections.ts';
import type { CycleReport } from './project/projector.ts';
import { rulesInForce } from './rules-in-force.ts';
import { openLedger } from './store/ledger/ledger.ts';
import { importRegistry } from './store/ledger/registry.ts';

/*
 * The one wiring file. How a frame travels, and in which thread:
 *
 *   main thread                                   journal thread       projections thread (project/worker.ts)
 *   MQTT broker ──► ingest ──► journal ─────────► append + fsync ────► identity ─► frame store (SQLite | InfluxDB)
 *   (embedded or    decode     group commit           │                   │
 *    external)      validate       ▲                  │                events ─► placements, custody ─┐
 *      ▲            authorise      │                  │                   └────────► detect ──────────┴─► ledger
 *      └── PUBACK ◄────────────────┴── durable ◄──────┘                refusals ─► dead letters
 *
 *   The ledger's spool of alerts ─► notifiers' thread (alerts/worker.ts) ─► webhook; log and MQTT by the main thread.
 *
 * Stopping goes the other way: sources first, then the journal, then the projections.
 */

export interface PipelineEvents {
  readonly onCycle?: (report: CycleReport) => void;
  /** Something that cannot be gone on from: the process should stop. */
  readonly onFatal: (error: Error) => void;
}

export interface Pipeline {
  /** Where clients connect. */
  readonly brokerUrl: string;
  readonly counters: IngestCounters;
  /** The clock in force. */
  readonly clock: Clock;
  clients(): number;
  /** True while the journal is full and acknowledgements are held. */
  holding(): boolean;
  /** Resolves when the projections have passed everything journaled so far. */
  settled(): Promise<void>;
  /** Drains and releases everything. */
  stop(): Promise<void>;
}

/** How long the projections may take to reach the journal's head at the end; the next start goes on from there. */
const DRAIN_GRACE_MS = 10_000;

const REJUDGED_TOLD_EVERY_MS = 10_000;

/** Starts everything, bottom up. @throws ColdtrailError for whatever is wrong with the surroundings */
export async function startPipeline(
  config: Config,
  registry: Registry,
  log: Logger,
  events: PipelineEvents,
): Promise<Pipeline> {
  const releases: (() => void | Promise<void>)[] = [];
  const release = async () => {
    const failures: unknown[] = [];
    for (const step of releases.splice(0).reverse()) {
      // What one step could not release shall not keep the rest: the lock comes last.
      await Promise.resolve()
        .then(step)
        .catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    // The projections' thread reads them again; here they are refused before anything is opened.
    rulesInForce(config);
    const paths = dataPaths(config.dataDir);
    releases.push(lockDataDir(config.dataDir));
    await prepare(config, registry);

    const progress = new Progress();
    const clock = clockInForce(config);
    let projections: Projections | undefined;
    let notify: Notify | undefined;
    // Released after the journal, so that they take in its last record.
    releases.push(() => projections?.stop(DRAIN_GRACE_MS));
    const journal = await Journal.open({
      file: paths.journal,
      ...config.journal,
      wall: wallClock,
      clock,
      onCommit: (offset) => {
        progress.committed(offset);
        projections?.grown();
      },
      onFailure: events.onFatal,
    });
    releases.push(() => journal.close());
    progress.committed(journal.headOffset);
    const tellRejudged = rejudgedLog(log);
    const onProjected = (offset: number) => {
      journal.projected(offset);
      progress.projected(offset);
    };
    projections = await Projections.start(config, {
      onCycle: (report) => {
        onProjected(report.offset);
        notify?.grown();
        tellRejudged(report.outdatedDevices);
        if (report.dashboardRefusal) log.warn({ message: report.dashboardRefusal }, 'points for dashboards left out');
        events.onCycle?.(report);
      },
      onAway: (message, waitMs) => log.warn({ message, waitMs }, 'frame store away; the journal keeps what comes in'),
      onFailure: events.onFatal,
    });
    onProjected(projections.startOffset);

    const ingest = new Ingest({
      journal,
      clock,
      ...config.ingest,
      onClock: (timeMs) => {
        if (!(clock instanceof SetClock)) return;
        clock.advanceTo(timeMs);
        journal.inOrder(() => projections?.clock(timeMs));
      },
    });
    collectNow();
    const broker = await startBroker(config, registry, ingest, log);
    releases.push(() => broker.close());
    notify = await startNotify(config, broker, log, events);
    // Before the broker it publishes through; what the last records bring is told after the next start.
    releases.push(() => notify?.stop());

    return {
      brokerUrl: broker.url,
      counters: ingest.counters,
      clock,
      clients: () => ('clients' in broker ? broker.clients() : 1),
      holding: () => journal.full,
      settled: () => progress.settled(),
      stop: release,
    };
  } catch (error) {
    await release().catch(() => {}); // the first error says more
    throw error;
  }
}

/** Makes the files that the threads open, and takes the registry in. */
async function prepare(config: Config, registry: Registry): Promise<void> {
  const paths = dataPaths(config.dataDir);
  new JournalLog(paths.journal, config.journal.fsync).close();
  const ledger = await openLedger(paths.ledger);
  try {
    await ledger.transact((trx) => importRegistry(trx, registry));
  } finally {
    await ledger.close();
  }
}

/** The wall clock, or one that the simulation's clock messages set, starting where the journal stopped. */
function clockInForce(config: Config): Clock {
  if (config.clock === 'wall') return wallClock;
  return new SetClock(lastClockMs(dataPaths(config.dataDir).journal));
}

function lastClockMs(journalFile: string): number {
  const reader = new JournalReader(journalFile);
  try {
    return reader.state().clockMs;
  } finally {
    reader.close();
  }
}

async function startBroker(
  config: Config,
  registry: Registry,
  ingest: Ingest,
  log: Logger,
): Promise<EmbeddedBroker | ExternalBroker> {
  const intake = ingest.accept.bind(ingest);
  // A client that breaks off is an everyday event; a broker that refuses us is not.
  const onError = (error: Error) =>
    log[config.broker.mode === 'embedded' ? 'debug' : 'warn']({ error: error.message }, 'mqtt');
  if (config.broker.mode === 'embedded') {
    return startEmbeddedBroker({ ...config.broker, principals: new Principals(registry), intake, onError });
  }
  return connectExternalBroker({
    ...config.broker,
    intake,
    onState: (state) => log.info({ state }, 'external broker'),
    onError,
  });
}

/** Starts what tells the outside of alerts, where that is wanted. */
async function startNotify(
  config: Config,
  broker: EmbeddedBroker | ExternalBroker,
  log: Logger,
  { onFatal }: PipelineEvents,
): Promise<Notify | undefined> {
  if (!alertOptions(config).notify) return undefined;
  const { log: logged, mqtt, webhook } = config.alerts;
  const { url, secret, timeoutMs, ...interest } = webhook;
  return Notify.start(
    {
      ledgerFile: dataPaths(config.dataDir).ledger,
      log: logged.enabled ? logged : null,
      mqtt: mqtt.enabled ? mqtt : null,
      webhook: url === undefined ? null : { url, secret, timeoutMs, interest },
    },
    {
      log: ({ reason, severity, alert: { id, asset, orgs, headline } }) =>
        log.info({ alert: id, reason, severity, asset, orgs, headline }, 'alert'),
      publish: broker.publish,
      onWarning: (notifier, message) => log.warn({ notifier, message }, 'alerts'),
      onFailure: onFatal,
    },
  );
}

/** Tells how far judging by rules that have changed has come: when it begins, now and then, and when it is done. */
function rejudgedLog(log: Logger): (devicesLeft: number) => void {
  let toldMs: number | null = null;
  return (devicesLeft) => {
    const nowMs = wallClock.nowMs();
    if (devicesLeft > 0 && (toldMs === null || nowMs - toldMs >= REJUDGED_TOLD_EVERY_MS)) {
      log.info({ devicesLeft }, 'the rules have changed: judging what is stored again');
      toldMs = nowMs;
    } else if (devicesLeft === 0 && toldMs !== null) {
      log.info('all that is stored is judged by the rules in force');
      toldMs = null;
    }
  };
}

/** How far journal and projections have come, for those who wait for the latter. */
class Progress {
  #committedOffset = 0;
  #projectedOffset = 0;
  #waiting: (() => void)[] = [];

  committed(offset: number): void {
    this.#committedOffset = offset;
  }

  projected(offset: number): void {
    this.#projectedOffset = offset;
    if (this.#projectedOffset < this.#committedOffset) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async settled(): Promise<void> {
    while (this.#projectedOffset < this.#committedOffset) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
