import type { BreachChange } from '../contract/breach.ts';
import { type FrameChunk, frameAt } from '../contract/frame.ts';
import { FrameBatchBuilder } from '../contract/frame-batch-builder.ts';
import type { DeviceKey, Interval } from '../contract/words.ts';
import {
  Detector,
  type DetectorPorts,
  type DetectorResult,
  type DeviceCycle,
  type KeptState,
} from '../detect/detector.ts';
import { ruleSetDigest } from '../detect/rule-set.ts';
import type { JournalReader } from '../journal/log.ts';
import type { Clock } from '../lib/clock.ts';
import { type RuleBook, shippedBook } from '../produce/rule-book.ts';
import type { FrameStore } from '../store/frames/store.ts';
import { countOpenAlerts } from '../store/ledger/alerts.ts';
import { listBreaches } from '../store/ledger/breaches.ts';
import { type DeadLetter, insertDeadLetters, pruneDeadLetters } from '../store/ledger/dead-letters.ts';
import {
  dropCheckpoints,
  earliestCheckpointFrom,
  latestCheckpointBefore,
  listStateDevices,
  loadState,
  pruneCheckpoints,
  saveCheckpoints,
  saveStates,
} from '../store/ledger/detect-state.ts';
import { noteChannels } from '../store/ledger/device-channels.ts';
import { applyEvents, NO_CHANGES } from '../store/ledger/events.ts';
import type { Ledger, LedgerDb } from '../store/ledger/ledger.ts';
import { getOffset, setOffset } from '../store/ledger/offsets.ts';
import { type AlertCycle, type AlertOptions, escalateIdle, projectAlerts, pruneSpool } from './alert-projection.ts';
import { devicesTouched, loadArming } from './arming.ts';
import { BatchBudgets } from './batch-budgets.ts';
import { DashboardFeed } from './dashboard.ts';
import { eventLetter, type OffsetRecord, storeRefusalLetter } from './dead-letters.ts';
import { chunksByDevice, joined, without } from './forward.ts';
import { IdentityResolver, type Resolved } from './identity.ts';
import { eventsOf, lettersOf } from './inputs.ts';
import { SeenChannels } from './seen-channels.ts';
import { AS_OF, PROJECTION, standingOffset } from './standing.ts';
import { Watermark } from './watermark.ts';

/** How much one cycle takes in: large enough to cluster its writes, small enough to show progress. */
const FRAMES_PER_CYCLE_MAX = 30_000;
const RECORDS_PER_CYCLE_MAX = 2000;

/** What would else grow for ever is cut back now and then. Older checkpoints only save time on very late data. */
const CYCLES_BETWEEN_PRUNES = 500;
const CHECKPOINTS_KEPT_MS = 60 * 24 * 3_600_000;
const DEAD_LETTERS_KEPT_MAX = 100_000;

const NO_FRAMES = new FrameBatchBuilder().take();
const NO_INPUT = { frames: 0, readings: 0, repeats: 0, refused: 0, lagMs: 0 };

/** What a cycle did. */
export interface CycleReport {
  /** The projections stand here now. */
  readonly offset: number;
  readonly frames: number;
  readonly readings: number;
  readonly repeats: number;
  readonly refused: number;
  readonly raised: number;
  readonly openAlerts: number;
  /** Devices that are still to be judged by rules that have changed. */
  readonly outdatedDevices: number;
  /** The clock in force when the newest record was journaled. */
  readonly clockMs: number;
  /** How long the newest record waited in the journal. */
  readonly lagMs: number;
  /** What the store said of points for dashboards that it did not take; null when all is well. */
  readonly dashboardRefusal: string | null;
}

/**
 * Takes the journal into the projections, in its order, cycle by cycle: frames into the frame store, events into
 * placements and custody, both into detection, refusals into dead letters. The frame store is written first and is
 * idempotent; everything else of a cycle is one ledger transaction with the journal offset. So a crash at any moment
 * repeats at most one cycle, and a repeated cycle changes nothing.
 */
export class Projector {
  readonly #journal: JournalReader;
  readonly #store: FrameStore;
  readonly #ledger: Ledger;
  readonly #resolver: IdentityResolver;
  readonly #detector: Detector;
  readonly #budgets: BatchBudgets;
  readonly #wall: Clock;
  readonly #alerts: AlertOptions;
  /** The transaction of the cycle in hand: what the detector's ports read through. */
  #trx: LedgerDb;
  readonly #seen = new SeenChannels();
  readonly #watermark: Watermark;
  #cycles = 0;
  readonly #dashboard: DashboardFeed | undefined;
  #offset: number;
  /**
   * Records up to here may have been stored before a crash without having been folded: there, a frame that the store
   * already has is given to detection again, which knows by its time whether it was folded.
   */
  readonly #recoveryOffset: number;

  private constructor(
    journal: JournalReader,
    store: FrameStore,
    ledger: Ledger,
    resolver: IdentityResolver,
    budgets: BatchBudgets,
    wall: Clock,
    alerts: AlertOptions,
    rules: RuleBook,
    at: number,
    watermark: Watermark,
  ) {
    this.#watermark = watermark;
    this.#wall = wall;
    this.#alerts = alerts;
    this.#journal = journal;
    this.#store = store;
    this.#ledger = ledger;
    this.#resolver = resolver;
    this.#budgets = budgets;
    this.#trx = ledger.db;
    this.#offset = at;
    const { headOffset, clockMs } = journal.state();
    this.#recoveryOffset = headOffset;
    this.#dashboard = store.publish && new DashboardFeed(store.publish, ledger.db, rules, clockMs);
    const ports: DetectorPorts = {
      readFrames: (slice) => store.range([slice]),
      listDevices: () => listStateDevices(this.#trx),
      loadArming: (device) => loadArming(this.#trx, device, rules),
      loadState: async (device) => keptState(await loadState(this.#trx, device)),
      latestCheckpointBefore: async (device, timeMs) =>
        keptState(await latestCheckpointBefore(this.#trx, device, timeMs)),
      earliestCheckpointFrom: async (device, timeMs) =>
        keptState(await earliestCheckpointFrom(this.#trx, device, timeMs)),
      listBreaches: (device, endedAfterMs) =>
        listBreaches(this.#trx, {
          devices: [device],
          interval: { fromMs: endedAfterMs, toMs: Number.POSITIVE_INFINITY },
        }),
    };
    this.#detector = new Detector(ports, ruleSetDigest(rules.profiles));
  }

  /** @param rules what judges; a state that others made is judged again */
  static async open(
    journal: JournalReader,
    store: FrameStore,
    ledger: Ledger,
    wall: Clock,
    alerts: AlertOptions,
    rules: RuleBook = shippedBook(),
  ): Promise<Projector> {
    const offset = await standingOffset(journal, ledger);
    const watermark = new Watermark((await getOffset(ledger.db, AS_OF)) ?? 0, wall.nowMs());
    const resolver = await IdentityResolver.open(store);
    const budgets = await BatchBudgets.open(store, ledger.db);
    return new Projector(journal, store, ledger, resolver, budgets, wall, alerts, rules, offset, watermark);
  }

  /** While nothing comes in, alerts wait for people all the same. */
  async idle(nowMs: number): Promise<void> {
    await this.#ledger.transact((trx) => escalateIdle(trx, this.#alerts, nowMs));
  }

  /**
   * Lets time pass while nothing comes in: who has been silent for too long?
   * @param clockMs the clock in force
   * @returns null where time alone tells nothing new
   */
  async passTime(clockMs: number, signal?: AbortSignal): Promise<CycleReport | null> {
    const asOfMs = this.#watermark.advanceTo(clockMs, this.#wall.nowMs());
    if (this.#detector.dueMs > asOfMs) return null;
    return this.#judge(asOfMs, clockMs, signal);
  }

  /**
   * Takes in the next records. @returns null at the journal's head, where nothing waits to be judged
   * @throws what the store threw when the signal was aborted; the offset then stays where it was
   */
  async cycle(signal?: AbortSignal): Promise<CycleReport | null> {
    const records = this.#read();
    const last = records.at(-1);
    if (!last) {
      if (!this.#budgets.isWaiting && this.#detector.outdatedDevices === 0) return null;
      return this.#judge(this.#watermark.asOfMs, this.#journal.state().clockMs, signal);
    }
    const resolved = await this.#resolver.resolve(records.map((record) => record.frames));
    const { refused } = await this.#store.append(resolved.write, signal);
    const letters = lettersOf(records, resolved);
    for (const { index, message } of refused) {
      letters.push(storeRefusalLetter(last, frameAt(resolved.write, index), message));
    }
    // Folded is what the store gives back, or breaches would change with the next refold.
    const stored = { ...resolved, write: without(resolved.write, new Set(refused.map(({ index }) => index))) };
    const clockMs = records.reduce((max, record) => Math.max(max, record.clockMs), 0);
    const { found, rearmed } = await this.#commit(last, records, stored, letters, clockMs);
    this.#offset = last.offset;
    const counts = {
      frames: stored.write.size,
      readings: stored.write.values.length,
      repeats: resolved.repeats,
      refused: letters.length,
      clockMs,
      lagMs: Math.max(0, this.#wall.nowMs() - last.arrivedMs),
    };
    return this.#report(found.breachChanges, rearmed, counts, signal);
  }

  /** Judges what no record brings: silences, batches that wait, devices that other rules judged. */
  async #judge(asOfMs: number, clockMs: number, signal: AbortSignal | undefined): Promise<CycleReport | null> {
    const breachChanges = await this.#transact(async (trx) => {
      const found = await this.#detector.advance([], asOfMs);
      const { breachChanges } = found;
      const cycle = { frames: NO_FRAMES, chunks: new Map(), changes: NO_CHANGES, breachChanges, more: false };
      breachChanges.push(...(await this.#budgets.advance(trx, cycle)));
      const offsets = { fromOffset: this.#offset, toOffset: this.#offset };
      await this.#keep(trx, found, { breachChanges, changedHolders: [], ...offsets, clockMs });
      return breachChanges;
    });
    if (breachChanges.length === 0 && this.#detector.outdatedDevices === 0) return null;
    return this.#report(breachChanges, [], { ...NO_INPUT, clockMs }, signal);
  }

  async #report(
    breachChanges: readonly BreachChange[],
    rearmed: readonly DeviceKey[],
    counts: Omit<CycleReport, 'offset' | 'raised' | 'openAlerts' | 'outdatedDevices' | 'dashboardRefusal'>,
    signal: AbortSignal | undefined,
  ): Promise<CycleReport> {
    const report = {
      ...counts,
      offset: this.#offset,
      raised: breachChanges.filter(({ change }) => change === 'raised' || change === 'raised-late').length,
      openAlerts: await countOpenAlerts(this.#ledger.db),
      outdatedDevices: this.#detector.outdatedDevices,
    };
    const refusal = await this.#dashboard?.afterCycle(report, breachChanges, rearmed, this.#wall.nowMs(), signal);
    return { ...report, dashboardRefusal: refusal ?? null };
  }

  #read(): OffsetRecord[] {
    const records: OffsetRecord[] = [];
    let frames = 0;
    let at = this.#offset;
    while (frames < FRAMES_PER_CYCLE_MAX && records.length < RECORDS_PER_CYCLE_MAX) {
      const record = this.#journal.next(at);
      if (!record) break;
      records.push(record);
      frames += record.frames.size;
      at = record.offset;
    }
    return records;
  }

  async #commit(
    last: OffsetRecord,
    records: readonly OffsetRecord[],
    resolved: Resolved,
    letters: DeadLetter[],
    clockMs: number,
  ): Promise<{ found: DetectorResult; rearmed: readonly DeviceKey[] }> {
    const recovering = records[0]!.offset <= this.#recoveryOffset;
    const asOfMs = this.#watermark.advanceTo(clockMs, this.#wall.nowMs());
    return this.#transact(async (trx) => {
      const { events, unfit } = eventsOf(records);
      for (const { place, detail } of unfit) letters.push(eventLetter(place, 'bad-event', detail));
      const changes = await applyEvents(trx, [...events.keys()]);
      for (const event of changes.conflicting) {
        const detail = `another event is kept as ${event.id}`;
        letters.push(eventLetter(events.get(event)!, 'identity-conflict', detail));
      }
      const touched = await devicesTouched(trx, changes);
      const unfolded = recovering ? joined(resolved.write, resolved.repeated) : resolved.write;
      const chunks = chunksByDevice(unfolded);
      const found = await this.#detector.advance(cyclesOf(chunks, touched, resolved.late), asOfMs);
      // From the journal, not from what is written: a repeat may be all that a crash left of a device's first frame.
      await noteChannels(trx, this.#seen.fresh(records.map((record) => record.frames)));
      await insertDeadLetters(trx, letters);
      const { breachChanges } = found;
      const more = this.#journal.state().headOffset > last.offset;
      const cycle = { frames: unfolded, chunks, changes, breachChanges, more };
      breachChanges.push(...(await this.#budgets.advance(trx, cycle)));
      const { changedHolders } = changes;
      const offsets = { fromOffset: this.#offset, toOffset: last.offset };
      await this.#keep(trx, found, { breachChanges, changedHolders, ...offsets, clockMs });
      if (this.#cycles++ % CYCLES_BETWEEN_PRUNES === 0) {
        await prune(trx, clockMs);
        await pruneSpool(trx, this.#alerts);
      }
      await setOffset(trx, PROJECTION, last.offset);
      return { found, rearmed: [...touched.keys()] };
    });
  }

  /** What detection found, in the transaction of the cycle. */
  async #keep(trx: LedgerDb, found: DetectorResult, cycle: AlertCycle): Promise<void> {
    await projectAlerts(trx, cycle, this.#alerts);
    for (const { device, ...stretch } of found.dropCheckpoints) await dropCheckpoints(trx, device, stretch);
    await saveCheckpoints(trx, found.checkpoints);
    await saveStates(trx, found.states);
    await setOffset(trx, AS_OF, this.#watermark.asOfMs);
  }

  async #transact<T>(work: (trx: LedgerDb) => Promise<T>): Promise<T> {
    return this.#ledger.transact(async (trx) => {
      this.#trx = trx;
      try {
        return await work(trx);
      } finally {
        this.#trx = this.#ledger.db;
      }
    });
  }
}

async function prune(trx: LedgerDb, clockMs: number): Promise<void> {
  await pruneCheckpoints(trx, clockMs - CHECKPOINTS_KEPT_MS);
  await pruneDeadLetters(trx, DEAD_LETTERS_KEPT_MAX);
}

/** @param rearmedFromMs from when on placements or custody changed */
function cyclesOf(
  chunks: ReadonlyMap<DeviceKey, readonly FrameChunk[]>,
  rearmedFromMs: ReadonlyMap<DeviceKey, number>,
  late: ReadonlyMap<DeviceKey, Interval>,
): DeviceCycle[] {
  return [...new Set([...chunks.keys(), ...rearmedFromMs.keys()])].sort().map((device) => ({
    device,
    frames: chunks.get(device) ?? [],
    refold: refoldOf(rearmedFromMs.get(device), late.get(device)),
  }));
}

function refoldOf(rearmedFromMs: number | undefined, late: Interval | undefined): Interval | null {
  if (rearmedFromMs === undefined) return late ?? null;
  return { fromMs: Math.min(rearmedFromMs, late?.fromMs ?? rearmedFromMs), toMs: Number.POSITIVE_INFINITY };
}

function keptState(saved: { readonly state: unknown } | undefined): KeptState | null {
  return (saved?.state as KeptState | undefined) ?? null;
}
