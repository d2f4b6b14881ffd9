import { type EpcisEvent, epcisEvent } from '../contract/event.ts';
import { type FrameBatch, frameAt } from '../contract/frame.ts';
import { FrameBatchBuilder } from '../contract/frame-batch-builder.ts';
import type { DeviceKey } from '../contract/words.ts';
import { Detector, type DetectorResult } from '../detect/detector.ts';
import type { DeviceState } from '../detect/fold.ts';
import type { JournalReader } from '../journal/log.ts';
import type { EventDocument, JournalRecord } from '../journal/record.ts';
import type { Clock } from '../lib/clock.ts';
import { ColdtrailError } from '../lib/errors.ts';
import type { FrameStore } from '../store/frames/store.ts';
import { countOpenAlerts, listBreaches, writeBreachChanges } from '../store/ledger/breaches.ts';
import { type DeadLetter, insertDeadLetters, pruneDeadLetters } from '../store/ledger/dead-letters.ts';
import {
  dropCheckpointsFrom,
  latestCheckpointBefore,
  loadState,
  pruneCheckpoints,
  saveCheckpoints,
  saveStates,
} from '../store/ledger/detect-state.ts';
import { noteChannels } from '../store/ledger/device-channels.ts';
import { eventId } from '../store/ledger/event-id.ts';
import { applyEvents, type JournaledEvent } from '../store/ledger/events.ts';
import type { Ledger, LedgerDb } from '../store/ledger/ledger.ts';
import { getOffset, setOffset } from '../store/ledger/offsets.ts';
import { devicesTouched, loadArming } from './arming.ts';
import { DashboardFeed } from './dashboard.ts';
import { conflictLetter, eventConflictLetter, refusalLetter, storeRefusalLetter } from './dead-letters.ts';
import { chunksByDevice } from './forward.ts';
import { IdentityResolver, type Resolved } from './identity.ts';
import { SeenChannels } from './seen-channels.ts';

/** The name under which the ledger keeps how far the projections have come. */
export const PROJECTION = 'projections';

/** How much one cycle takes in: large enough to cluster its writes, small enough to show progress. */
const FRAMES_PER_CYCLE_MAX = 30_000;
const RECORDS_PER_CYCLE_MAX = 2000;

/** What would else grow for ever is cut back now and then. Older checkpoints only save time on very late data. */
const CYCLES_BETWEEN_PRUNES = 500;
const CHECKPOINTS_KEPT_MS = 60 * 24 * 3_600_000;
const DEAD_LETTERS_KEPT_MAX = 100_000;

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
  /** The clock in force when the newest record was journaled. */
  readonly clockMs: number;
  /** How long the newest record waited in the journal. */
  readonly lagMs: number;
  /** What the store said of points for dashboards that it did not take; null when all is well. */
  readonly dashboardRefusal: string | null;
}

type OffsetRecord = JournalRecord & { readonly offset: number };

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
  readonly #wall: Clock;
  /** The transaction of the cycle in hand: what the detector's ports read through. */
  #trx: LedgerDb;
  readonly #seen = new SeenChannels();
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
    wall: Clock,
    at: number,
  ) {
    this.#wall = wall;
    this.#journal = journal;
    this.#store = store;
    this.#ledger = ledger;
    this.#resolver = resolver;
    this.#trx = ledger.db;
    this.#offset = at;
    const { headOffset, clockMs } = journal.state();
    this.#recoveryOffset = headOffset;
    this.#dashboard = store.publish && new DashboardFeed(store.publish, ledger.db, clockMs);
    this.#detector = new Detector({
      readFrames: (slice) => store.range([slice]),
      loadArming: (device) => loadArming(this.#trx, device),
      loadState: async (device) => ((await loadState(this.#trx, device))?.state as DeviceState | undefined) ?? null,
      latestCheckpointBefore: async (device, timeMs) =>
        ((await latestCheckpointBefore(this.#trx, device, timeMs))?.state as DeviceState | undefined) ?? null,
      listBreaches: (device, endedAfterMs) =>
        listBreaches(this.#trx, {
          devices: [device],
          interval: { fromMs: endedAfterMs, toMs: Number.POSITIVE_INFINITY },
        }),
    });
  }

  static async open(journal: JournalReader, store: FrameStore, ledger: Ledger, wall: Clock): Promise<Projector> {
    const offset = await standingOffset(journal, ledger);
    return new Projector(journal, store, ledger, await IdentityResolver.open(store), wall, offset);
  }

  get offset(): number {
    return this.#offset;
  }

  /**
   * Takes in the next records. @returns null at the journal's head
   * @throws what the store threw when the signal was aborted; the offset then stays where it was
   */
  async cycle(signal?: AbortSignal): Promise<CycleReport | null> {
    const records = this.#read();
    const last = records.at(-1);
    if (!last) return null;
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
    const report = {
      offset: last.offset,
      frames: stored.write.size,
      readings: stored.write.values.length,
      repeats: resolved.repeats,
      refused: letters.length,
      raised: found.breachChanges.filter(({ change }) => change === 'raised' || change === 'raised-late').length,
      openAlerts: await countOpenAlerts(this.#ledger.db),
      clockMs,
      lagMs: Math.max(0, this.#wall.nowMs() - last.arrivedMs),
    };
    const changes = found.breachChanges;
    const refusal = await this.#dashboard?.afterCycle(report, changes, rearmed, this.#wall.nowMs(), signal);
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
    return this.#ledger.transact(async (trx) => {
      this.#trx = trx;
      try {
        const events = eventsOf(records);
        const changes = await applyEvents(trx, [...events.keys()]);
        for (const event of changes.conflicting) {
          const { record, index, document } = events.get(event)!;
          letters.push(eventConflictLetter(record, index, document, event.id));
        }
        const touched = await devicesTouched(trx, changes);
        const rearmed = [...touched.keys()];
        lowerAll(touched, resolved.lateFromMs);
        const unfolded = recovering ? joined(resolved.write, resolved.repeated) : resolved.write;
        const found = await this.#detector.advance(cyclesOf(unfolded, touched));
        // From the journal, not from what is written: a repeat may be all that a crash left of a device's first frame.
        await noteChannels(trx, this.#seen.fresh(records.map((record) => record.frames)));
        await insertDeadLetters(trx, letters);
        await writeBreachChanges(trx, found.breachChanges, clockMs);
        for (const { device, timeMs } of found.dropCheckpointsAfter) await dropCheckpointsFrom(trx, device, timeMs + 1);
        await saveCheckpoints(trx, found.checkpoints);
        await saveStates(trx, found.states);
        if (this.#cycles++ % CYCLES_BETWEEN_PRUNES === 0) await prune(trx, clockMs);
        await setOffset(trx, PROJECTION, last.offset);
        return { found, rearmed };
      } finally {
        this.#trx = this.#ledger.db;
      }
    });
  }
}

/**
 * Up to where the ledger has taken the journal in.
 * @throws ColdtrailError JOURNAL_CORRUPT where the journal ends before that: new input would get offsets that count as
 * taken in already, and be acknowledged without ever being seen
 */
export async function standingOffset(journal: JournalReader, ledger: Ledger): Promise<number> {
  const offset = (await getOffset(ledger.db, PROJECTION)) ?? 0;
  const { headOffset } = journal.state();
  if (offset <= headOffset) return offset;
  throw new ColdtrailError(
    'JOURNAL_CORRUPT',
    `the journal ends at record ${headOffset}, but ${offset} records were taken from it: it was removed or replaced`,
    { hint: 'Put journal.db back, or begin anew in another data directory: `coldtrail trace` still reads this one.' },
  );
}

/** Where an event stands in the journal. */
interface EventPlace {
  readonly record: OffsetRecord;
  readonly index: number;
  readonly document: EventDocument;
}

/** Events as the ledger wants them, in journal order; they were checked against their schema before. */
function eventsOf(records: readonly OffsetRecord[]): Map<JournaledEvent, EventPlace> {
  const events = new Map<JournaledEvent, EventPlace>();
  for (const record of records) {
    for (const [index, document] of record.documents.entries()) {
      if (document.kind !== 'event') continue;
      const event: EpcisEvent = epcisEvent.parse(document.event);
      events.set({ id: eventId(event), event, journalOffset: record.offset }, { record, index, document });
    }
  }
  return events;
}

function lettersOf(records: readonly OffsetRecord[], resolved: Resolved): DeadLetter[] {
  const letters: DeadLetter[] = [];
  for (const record of records) {
    record.documents.forEach((document, index) => {
      if (document.kind === 'refusal') letters.push(refusalLetter(record, index, document));
    });
  }
  for (const conflict of resolved.conflicts) letters.push(conflictLetter(records[conflict.at.batch]!, conflict));
  return letters;
}

async function prune(trx: LedgerDb, clockMs: number): Promise<void> {
  await pruneCheckpoints(trx, clockMs - CHECKPOINTS_KEPT_MS);
  await pruneDeadLetters(trx, DEAD_LETTERS_KEPT_MAX);
}

function joined(a: FrameBatch, b: FrameBatch): FrameBatch {
  const builder = new FrameBatchBuilder();
  for (const batch of [a, b]) for (let i = 0; i < batch.size; i++) builder.addFrom(batch, i);
  return builder.take();
}

function without(batch: FrameBatch, left: ReadonlySet<number>): FrameBatch {
  if (left.size === 0) return batch;
  const builder = new FrameBatchBuilder();
  for (let i = 0; i < batch.size; i++) if (!left.has(i)) builder.addFrom(batch, i);
  return builder.take();
}

function cyclesOf(write: FrameBatch, touched: ReadonlyMap<DeviceKey, number>) {
  const chunks = chunksByDevice(write);
  return [...new Set([...chunks.keys(), ...touched.keys()])].sort().map((device) => ({
    device,
    frames: chunks.get(device) ?? [],
    refoldFromMs: touched.get(device) ?? null,
  }));
}

function lowerAll(into: Map<DeviceKey, number>, from: ReadonlyMap<DeviceKey, number>): void {
  for (const [device, fromMs] of from) into.set(device, Math.min(fromMs, into.get(device) ?? Number.POSITIVE_INFINITY));
}
