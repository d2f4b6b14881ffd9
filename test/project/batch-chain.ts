import { join } from 'node:path';
import type { Breach, BreachChange } from '../../src/contract/breach.ts';
import type { EpcisEvent } from '../../src/contract/event.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { registrySchema } from '../../src/contract/registry.ts';
import { projectAlerts } from '../../src/project/alert-projection.ts';
import { BatchBudgets } from '../../src/project/batch-budgets.ts';
import { chunksByDevice } from '../../src/project/forward.ts';
import { openSqliteFrames } from '../../src/store/frames/sqlite/store.ts';
import type { FrameStore } from '../../src/store/frames/store.ts';
import { readBatchReports } from '../../src/store/ledger/batch-budgets.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { applyEvents } from '../../src/store/ledger/events.ts';
import { type Ledger, openLedger } from '../../src/store/ledger/ledger.ts';
import { importRegistry } from '../../src/store/ledger/registry.ts';
import { batchOf } from '../conformance/frames.ts';
import { tempDir } from '../harness/temp-dir.ts';
import { batchId, journaled } from '../store/ledger/event-builders.ts';

/** What one cycle of the projections brings. */
export interface Delivery {
  readonly frames?: readonly Frame[];
  readonly events?: readonly EpcisEvent[];
  /** What device rules found. */
  readonly breachChanges?: readonly BreachChange[];
  /** More is in the journal: what can wait waits. */
  readonly more?: boolean;
}

const registry = registrySchema.parse({
  orgs: [
    { id: 'grower', name: 'Jiashi growers (simulated)' },
    { id: 'carrier', name: 'Carrier one (simulated)' },
    { id: 'store', name: 'Store (simulated)' },
  ],
  assets: [
    { key: 'grower/room', kind: 'pre-cooling-room', name: 'Pre-cooling room' },
    { key: 'carrier/truck', kind: 'reefer-truck', name: 'Truck' },
    { key: 'store/cold', kind: 'cold-store', name: 'Cold store' },
  ],
  products: [],
});

const ALERTS = { groupGapMs: 30 * 60_000, escalateAfterMs: 0, outOfCoverageMs: 0, spoolMax: 100, notify: false };

/** Judges batches on real stores, without a journal and without device rules. */
export class BatchChain {
  /** A data directory that the program can read. */
  readonly dir: string;
  readonly ledger: Ledger;
  readonly frames: FrameStore;
  readonly #remove: () => void;
  #budgets: BatchBudgets;
  #offset = 1;

  private constructor(dir: string, ledger: Ledger, frames: FrameStore, budgets: BatchBudgets, remove: () => void) {
    this.dir = dir;
    this.ledger = ledger;
    this.frames = frames;
    this.#budgets = budgets;
    this.#remove = remove;
  }

  static async open(): Promise<BatchChain> {
    const dir = tempDir('batch');
    const ledger = await openLedger(join(dir.path, 'ledger.db'));
    const frames = await openSqliteFrames(join(dir.path, 'frames.db'));
    await ledger.transact((trx) => importRegistry(trx, registry));
    return new BatchChain(dir.path, ledger, frames, await BatchBudgets.open(frames, ledger.db), () => dir.remove());
  }

  /** One cycle, as the projector does it. @returns what became of the batches' breaches */
  async deliver({ frames = [], events = [], breachChanges = [], more = false }: Delivery): Promise<BreachChange[]> {
    const batch = batchOf(frames);
    await this.frames.append(batch);
    const told = journaled(events, this.#offset);
    this.#offset += events.length;
    return this.ledger.transact(async (trx) => {
      const changes = await applyEvents(trx, told);
      const found = await this.#budgets.advance(trx, {
        frames: batch,
        chunks: chunksByDevice(batch),
        changes,
        breachChanges,
        more,
      });
      const offsets = { fromOffset: told[0]?.journalOffset ?? this.#offset, toOffset: this.#offset };
      const { changedHolders } = changes;
      const all = { breachChanges: [...breachChanges, ...found], changedHolders, ...offsets, clockMs: 0 };
      await projectAlerts(trx, all, ALERTS);
      return found;
    });
  }

  /** As after the process was started again. */
  async restart(): Promise<void> {
    this.#budgets = await BatchBudgets.open(this.frames, this.ledger.db);
  }

  async report(lot: string) {
    return (await readBatchReports(this.ledger.db, [batchId(lot)])).get(batchId(lot));
  }

  async breaches(): Promise<Breach[]> {
    return (await listBreaches(this.ledger.db)).filter(({ channel }) => channel === 'batch');
  }

  /** All that is kept of batches, to be compared. */
  async content() {
    const rows = await this.ledger.db.selectFrom('batch_budget').selectAll().orderBy('batch').execute();
    return { rows, breaches: await this.breaches() };
  }

  async close(): Promise<void> {
    await this.frames.close();
    await this.ledger.close();
    this.#remove();
  }
}
