import type { AssetKind, Interval } from '../../src/contract/words.ts';
import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { Fleet } from './fleet.ts';
import type { Grid } from './grid.ts';
import type { LoadLots } from './lots.ts';
import type { Mishap } from './mishaps.ts';
import { type Blend, type CargoMove, SLICE_MS } from './types.ts';

/** How batches go from asset to asset and become others: the moves and blends of all loads. */

export interface Flow {
  /** Ascending in time; moves of one batch in their order. */
  readonly moves: readonly CargoMove[];
  /** Ascending in time. */
  readonly blends: readonly Blend[];
}

export interface FlowSetting {
  readonly fleet: Fleet;
  readonly grid: Grid;
  readonly seed: number;
  /** The run. */
  readonly run: Interval;
}

const HOUR_MS = 3_600_000;

/** The packing hall is at 12–16 °C; pre-cooled fruit gains this there. ESTIMATE. */
const PACKING_WARMER_K = [0.3, 0.8] as const;
/** Re-packing in the dock of a forward warehouse, and the van to the shop, which is not simulated. ESTIMATES. */
const REPACKING_WARMER_K = [0.2, 0.6] as const;
const SHOP_VAN_WARMER_K = [0.3, 1.2] as const;

/** What shops do not take is sold wholesale, most of it soon. ESTIMATE. */
const SOLD_SOON_SHARE = 0.6;
const SOLD_SOON_H = [6, 18] as const;
const SOLD_LATER_H = [18, 72] as const;

/** All moves and blends before the run ends. @param mishaps what goes wrong with a load, by its place in `loads` */
export function planFlow(loads: readonly LoadLots[], mishaps: ReadonlyMap<number, Mishap>, setting: FlowSetting): Flow {
  const moves: CargoMove[] = [];
  const blends: Blend[] = [];
  for (const [i, lots] of loads.entries()) {
    const way = new LoadFlow(lots, setting, mishaps.get(i));
    way.toStore();
    way.toWarehouse();
    way.toShops();
    for (const move of way.moves) if (move.timeMs < setting.run.toMs) moves.push(move);
    for (const blend of way.blends) if (blend.timeMs < setting.run.toMs) blends.push(blend);
  }
  moves.sort((a, b) => a.timeMs - b.timeMs || a.batchIx - b.batchIx);
  blends.sort((a, b) => a.timeMs - b.timeMs || a.outputs[0]! - b.outputs[0]!);
  return { moves, blends };
}

class LoadFlow {
  readonly moves: CargoMove[] = [];
  readonly blends: Blend[] = [];
  readonly #lots: LoadLots;
  readonly #setting: FlowSetting;
  readonly #mishap: Mishap | undefined;
  readonly #storeIx: number;

  constructor(lots: LoadLots, setting: FlowSetting, mishap: Mishap | undefined) {
    this.#lots = lots;
    this.#setting = setting;
    this.#mishap = mishap;
    this.#storeIx = this.#ix('cold-store', lots.load.store);
  }

  /** From the orchard through the pre-cooling room and the packing hall into the store. */
  toStore(): void {
    const { load, harvest, packed } = this.#lots;
    if (!load.harvest) {
      this.#move(load.storeMs, packed!, null, this.#storeIx);
      return;
    }
    const { room, inMs, packMs, storeMs } = load.harvest;
    const skipped = this.#mishap?.skipped === true;
    const roomIx = skipped ? this.#storeIx : this.#ix(room.kind, room.number);
    for (const lot of harvest) this.#move(inMs, lot, null, roomIx);
    if (packed === undefined) return;
    // Hurried: everything after the room comes earlier by what was cut off.
    const cutMs = this.#cutMs(inMs, packMs);
    const warmerK = skipped ? 0 : this.#draw('packing', PACKING_WARMER_K);
    this.blends.push({ timeMs: packMs - cutMs, assetIx: roomIx, inputs: harvest, outputs: [packed], warmerK });
    if (!skipped && storeMs < this.#setting.run.toMs) this.#move(storeMs - cutMs, packed, roomIx, this.#storeIx);
  }

  /** By truck or rail box to the forward warehouse. */
  toWarehouse(): void {
    const { load, packed } = this.#lots;
    if (!load.haul || packed === undefined) return;
    const vehicleIx = this.#ix(load.haul.kind, load.haul.number);
    this.#move(load.haul.loadMs, packed, this.#storeIx, vehicleIx, this.#mishap?.warmerK ?? 0);
    this.#move(load.haul.unloadMs, packed, vehicleIx, this.#ix('forward-warehouse', load.warehouse!));
  }

  /** Split for the shops, where some take a part; sold there, and what is left from the warehouse. */
  toShops(): void {
    const { load, packed, delivery, shop, rest } = this.#lots;
    if (!load.haul || packed === undefined) return;
    const warehouseIx = this.#ix('forward-warehouse', load.warehouse!);
    const { repackMs, deliverMs, parts } = delivery ?? { repackMs: load.haul.unloadMs, deliverMs: 0, parts: [] };
    const soldMs = this.#setting.grid.after(repackMs + this.#wholesaleMs());
    if (!delivery) {
      this.#move(soldMs, packed, warehouseIx, null);
      return;
    }
    const outputs = rest === undefined ? shop : [...shop, rest];
    const warmerK = this.#draw('repacking', REPACKING_WARMER_K);
    this.blends.push({ timeMs: repackMs, assetIx: warehouseIx, inputs: [packed], outputs, warmerK });
    for (const [i, { display, soldMs: shopSoldMs }] of parts.entries()) {
      const displayIx = this.#ix('retail-display', display);
      this.#move(deliverMs, shop[i]!, warehouseIx, displayIx, this.#draw('shop-van', SHOP_VAN_WARMER_K));
      this.#move(shopSoldMs, shop[i]!, displayIx, null);
    }
    if (rest !== undefined) this.#move(soldMs, rest, warehouseIx, null);
  }

  /** How much of the pre-cooling is cut off, whole slices: at least one is left. */
  #cutMs(inMs: number, packMs: number): number {
    const share = this.#mishap?.hurriedShare ?? 0;
    const mostMs = Math.max(0, packMs - inMs - SLICE_MS);
    return Math.floor(Math.min((packMs - inMs) * share, mostMs) / SLICE_MS) * SLICE_MS;
  }

  #wholesaleMs(): number {
    const stream = randomStream(this.#setting.seed, 'sale', this.#lots.load.name);
    const [low, high] = drawBetween(stream, 0, 1) < SOLD_SOON_SHARE ? SOLD_SOON_H : SOLD_LATER_H;
    return drawBetween(stream, low, high) * HOUR_MS;
  }

  #move(timeMs: number, batchIx: number, fromAssetIx: number | null, toAssetIx: number | null, warmerK = 0): void {
    this.moves.push({ timeMs, batchIx, fromAssetIx, toAssetIx, warmerK });
  }

  #draw(step: string, [low, high]: readonly [number, number]): number {
    return drawBetween(randomStream(this.#setting.seed, step, this.#lots.load.name), low, high);
  }

  #ix(kind: AssetKind, number: number): number {
    return this.#setting.fleet.first[kind] + number;
  }
}
