import type { FrameBatch } from '../contract/frame.ts';
import type { AssetKey, DeviceKey } from '../contract/words.ts';
import type { FrameStore } from '../store/frames/store.ts';
import { judgedInAssets, unjudgedInAssets } from '../store/ledger/batch-budgets.ts';
import type { TimelineChanges } from '../store/ledger/events.ts';
import { placementsOfDevices, placementsOnAssets } from '../store/ledger/holdings.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import type { Placement } from '../store/ledger/placement.ts';

/** Batches are judged up to full hours: what a batch has left moves slowly, and a store holds hundreds of them. */
const HOUR_MS = 3_600_000;
/** A full hour is judged when frames this much later are there: most that come out of order are there too by then. */
const LATE_MS = 15 * 60_000;

/** Up to where each asset can be judged, by the newest frames of the devices on it. */
export class BatchHorizons {
  readonly #newestMs: Map<DeviceKey, number>;
  /** Up to where some batch in the asset was judged: what comes before it is late. */
  readonly #judgedMs: Map<AssetKey, number>;
  /** Up to where every batch in the asset was judged. */
  readonly #doneMs: Map<AssetKey, number>;
  /** Caches of what the ledger says, until an event changes it. */
  readonly #ofDevice = new Map<DeviceKey, readonly Placement[]>();
  readonly #onAsset = new Map<AssetKey, readonly Placement[]>();

  private constructor(
    newestMs: Map<DeviceKey, number>,
    judgedMs: Map<AssetKey, number>,
    doneMs: Map<AssetKey, number>,
  ) {
    this.#newestMs = newestMs;
    this.#judgedMs = judgedMs;
    this.#doneMs = doneMs;
  }

  static async open(store: Pick<FrameStore, 'latest'>, db: LedgerDb): Promise<BatchHorizons> {
    const latest = await store.latest();
    const judgedMs = await judgedInAssets(db);
    const doneMs = new Map([...judgedMs, ...(await unjudgedInAssets(db))]);
    return new BatchHorizons(new Map(latest.map((f) => [f.device, f.timeMs])), judgedMs, doneMs);
  }

  /**
   * Takes in what a cycle brought.
   * @returns the assets to look at, with the earliest instant of which something is known now that was not; Infinity
   * where only a full hour has passed
   */
  async advance(db: LedgerDb, frames: FrameBatch, changes: TimelineChanges): Promise<Map<AssetKey, number>> {
    for (const { device } of changes.changedDevices) this.#ofDevice.delete(device);
    for (const { asset } of changes.changedPlacements) this.#onAsset.delete(asset);
    const touched = new Map<AssetKey, number>();
    for (const [asset, fromMs] of await this.#heard(db, frames)) {
      const isLate = fromMs < (this.#judgedMs.get(asset) ?? 0);
      if (isLate || (await this.of(db, asset)) > this.doneMs(asset)) touched.set(asset, isLate ? fromMs : Infinity);
    }
    for (const { asset, fromMs } of changes.changedPlacements) {
      touched.set(asset, Math.min(fromMs, touched.get(asset) ?? Infinity));
    }
    return touched;
  }

  /** Up to where batches in the asset can be judged: a full hour, 0 where no device of it was ever heard. */
  async of(db: LedgerDb, asset: AssetKey): Promise<number> {
    let lastMs = 0;
    for (const { device, fromMs, toMs } of await this.placementsOn(db, asset)) {
      const newestMs = this.#newestMs.get(device) ?? 0;
      if (newestMs >= fromMs) lastMs = Math.max(lastMs, Math.min(newestMs, toMs ?? Infinity));
    }
    return Math.max(0, Math.floor((lastMs - LATE_MS) / HOUR_MS) * HOUR_MS);
  }

  /** By device, ascending. */
  async placementsOn(db: LedgerDb, asset: AssetKey): Promise<readonly Placement[]> {
    let placements = this.#onAsset.get(asset);
    if (!placements) {
      placements = await placementsOnAssets(db, [asset]);
      this.#onAsset.set(asset, placements);
    }
    return placements;
  }

  /** The newest frame of a device; 0 where there is none. */
  newestMs(device: DeviceKey): number {
    return this.#newestMs.get(device) ?? 0;
  }

  /** The assets in which batches were judged. */
  assets(): Iterable<AssetKey> {
    return this.#doneMs.keys();
  }

  /** Up to where every batch in the asset was judged. */
  doneMs(asset: AssetKey): number {
    return this.#doneMs.get(asset) ?? 0;
  }

  /** Every batch that was in the asset after {@link doneMs} is being judged, as far as it can be. */
  async noteDone(db: LedgerDb, asset: AssetKey): Promise<void> {
    this.#doneMs.set(asset, await this.of(db, asset));
  }

  /** Some batch was judged up to an instant by what is known of the asset. */
  noteJudged(asset: AssetKey, untilMs: number): void {
    if (untilMs > (this.#judgedMs.get(asset) ?? 0)) this.#judgedMs.set(asset, untilMs);
  }

  /** The assets that frames came from, each with the earliest. */
  async #heard(db: LedgerDb, frames: FrameBatch): Promise<Map<AssetKey, number>> {
    const spans = new Map<DeviceKey, { fromMs: number; toMs: number }>();
    for (let i = 0; i < frames.size; i++) {
      const device = frames.devices[frames.deviceIx[i]!]!;
      const timeMs = frames.timeMs[i]!;
      const span = spans.get(device);
      if (!span) spans.set(device, { fromMs: timeMs, toMs: timeMs });
      else if (timeMs < span.fromMs) span.fromMs = timeMs;
      else if (timeMs > span.toMs) span.toMs = timeMs;
    }
    await this.#loadPlacements(db, [...spans.keys()]);
    const heard = new Map<AssetKey, number>();
    for (const [device, span] of spans) {
      this.#newestMs.set(device, Math.max(span.toMs, this.#newestMs.get(device) ?? 0));
      for (const { asset, fromMs, toMs } of this.#ofDevice.get(device)!) {
        if (fromMs > span.toMs || (toMs !== null && toMs <= span.fromMs)) continue;
        heard.set(asset, Math.min(Math.max(fromMs, span.fromMs), heard.get(asset) ?? Infinity));
      }
    }
    return heard;
  }

  async #loadPlacements(db: LedgerDb, devices: readonly DeviceKey[]): Promise<void> {
    const unknown = devices.filter((device) => !this.#ofDevice.has(device));
    if (unknown.length === 0) return;
    const found = new Map<DeviceKey, Placement[]>(unknown.map((device) => [device, []]));
    for (const placement of await placementsOfDevices(db, unknown)) found.get(placement.device)!.push(placement);
    for (const [device, placements] of found) this.#ofDevice.set(device, placements);
  }
}
