import type { Interval } from '../../src/contract/words.ts';
import type { Fleet } from './fleet.ts';
import type { LoadLots } from './lots.ts';
import { EventWriter } from './scan-events.ts';
import { growersOf } from './sites.ts';
import type { Blend, CargoMove, PlannedBatch, PlannedDevice, PlannedScan, PlannedScans } from './types.ts';
import { palletCount, palletKg, unitOf } from './units.ts';

/** What the chain's people scan, as a list of small records: an event is written only when it is asked for. */

export interface ScanSetting {
  readonly fleet: Fleet;
  readonly devices: readonly PlannedDevice[];
  readonly batches: readonly PlannedBatch[];
  readonly moves: readonly CargoMove[];
  readonly blends: readonly Blend[];
  readonly loads: readonly LoadLots[];
  readonly produce: string;
  /** UTC offset of the events, e.g. `+08:00`. */
  readonly zone: string;
  readonly run: Interval;
}

/** Kinds of records, in the order in which they come at the same instant, and what their number refers to. */
const PLACED = 0; // a device
const PICKED = 1; // a load: its harvest lots
const UNLOADED = 2; // a load: taken out of its unit
const UNPALLETED = 3; // a load: its pallets
const BLENDED = 4; // a blend
const MOVED = 5; // a move
const PALLETED = 6; // a load: its pallets
const LOADED = 7; // a load: its pallets put into its unit
const SHOP_PACKED = 8; // a load: its shop lots
const SHOP_UNPACKED = 9; // a load: its shop lots

/**
 * Records are kept apart by field: a season has hundreds of thousands. What is scanned one by one at the same instant,
 * as the pallets of a load, is one record of several scans.
 */
class Records {
  readonly timeMs: number[] = [];
  readonly kind: number[] = [];
  readonly ref: number[] = [];
  readonly scans: number[] = [];

  add(timeMs: number, kind: number, ref: number, scans = 1): void {
    this.timeMs.push(timeMs);
    this.kind.push(kind);
    this.ref.push(ref);
    this.scans.push(scans);
  }

  /** In order of time, then of kind, then as they were added. `end`: where a record's scans end among all. */
  sorted(): { timeMs: Float64Array; kind: Uint8Array; ref: Int32Array; end: Uint32Array } {
    const order = Uint32Array.from(this.timeMs.keys());
    order.sort((a, b) => this.timeMs[a]! - this.timeMs[b]! || this.kind[a]! - this.kind[b]! || a - b);
    let end = 0;
    return {
      timeMs: Float64Array.from(order, (i) => this.timeMs[i]!),
      kind: Uint8Array.from(order, (i) => this.kind[i]!),
      ref: Int32Array.from(order, (i) => this.ref[i]!),
      end: Uint32Array.from(order, (i) => (end += this.scans[i]!)),
    };
  }
}

/** All scans of a plan. */
export function planScans(setting: ScanSetting): PlannedScans {
  const palletedIx = palletedAt(setting);
  const { timeMs, kind, ref, end } = recordsOf(setting).sorted();
  const events = new EventWriter(setting);
  const recordOf = (i: number): number => firstBeyond(end, i);
  return {
    size: end.at(-1) ?? 0,
    timeMs: (i) => timeMs[recordOf(i)]!,
    at: (i) => {
      const r = recordOf(i);
      const part = i - (r === 0 ? 0 : end[r - 1]!);
      const record = { timeMs: timeMs[r]!, kind: kind[r]!, ref: ref[r]!, part };
      return scanOf(setting, palletedIx, events, record);
    },
  };
}

/** The first place in an ascending list with a value beyond another. */
function firstBeyond(list: Uint32Array, value: number): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (list[middle]! > value) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** By load: the asset in which it is graded and packed, or lies as the run begins. */
function palletedAt({ loads, blends, batches, fleet }: ScanSetting): Int32Array {
  const madeIn = new Int32Array(batches.length).fill(-1);
  for (const { assetIx, outputs } of blends) for (const ix of outputs) madeIn[ix] = assetIx;
  return Int32Array.from(loads, ({ load, packed }) => {
    const assetIx = packed === undefined ? -1 : madeIn[packed]!;
    return assetIx >= 0 ? assetIx : fleet.first['cold-store'] + load.store;
  });
}

function recordsOf({ devices, moves, blends, batches, loads, run }: ScanSetting): Records {
  const records = new Records();
  const within = (timeMs: number): boolean => timeMs >= run.fromMs && timeMs < run.toMs;
  const add = (timeMs: number, kind: number, ref: number, scans = 1): void => {
    if (scans > 0 && within(timeMs)) records.add(timeMs, kind, ref, scans);
  };
  // A load is on its pallets as soon as it is packed; stock is, as the run begins.
  const loadOf = new Map<number, number>();
  for (const ix of devices.keys()) add(run.fromMs, PLACED, ix);
  for (const [l, { load, harvest, packed, delivery, shop, pickedMs }] of loads.entries()) {
    add(pickedMs, PICKED, l, harvest.length);
    if (packed === undefined) continue;
    const pallets = palletCount(batches[packed]!.massKg);
    if (load.harvest) loadOf.set(packed, l);
    else add(load.storeMs, PALLETED, l, pallets);
    if (!load.haul) continue;
    add(load.haul.loadMs, LOADED, l);
    add(load.haul.unloadMs, UNLOADED, l);
    add(load.haul.unloadMs, UNPALLETED, l, pallets);
    if (!delivery) continue;
    add(delivery.repackMs, SHOP_PACKED, l, shop.length);
    add(delivery.deliverMs, SHOP_UNPACKED, l, shop.length);
  }
  for (const [ix, { timeMs, outputs }] of blends.entries()) {
    add(timeMs, BLENDED, ix);
    const l = loadOf.get(outputs[0]!);
    if (l !== undefined) add(timeMs, PALLETED, l, palletCount(batches[outputs[0]!]!.massKg));
  }
  for (const [ix, move] of moves.entries()) add(move.timeMs, MOVED, ix);
  return records;
}

interface ScanRecord {
  readonly timeMs: number;
  readonly kind: number;
  readonly ref: number;
  /** Which of the record's scans. */
  readonly part: number;
}

function scanOf(
  { fleet, batches, loads, moves, blends }: ScanSetting,
  palletedIx: Int32Array,
  events: EventWriter,
  { timeMs, kind, ref, part }: ScanRecord,
): PlannedScan {
  if (kind === PLACED) return events.placement(timeMs, ref);
  if (kind === BLENDED) return events.blend(blends[ref]!, ref);
  if (kind === MOVED) return events.move(moves[ref]!);
  const { load, harvest, packed, delivery, shop } = loads[ref]!;
  const warehouseIx = fleet.first['forward-warehouse'] + (load.warehouse ?? 0);
  switch (kind) {
    case PICKED:
      return events.picking(timeMs, harvest[part]!, growersOf(load.origin));
    case PALLETED: {
      const massKg = palletKg(batches[packed!]!.massKg, part);
      return events.packing(timeMs, palletedIx[ref]!, unitOf('pallet', ref, part), { batchIx: packed!, massKg });
    }
    case LOADED: {
      const pallets = palletCount(batches[packed!]!.massKg);
      const units = Array.from({ length: pallets }, (_, n) => unitOf('pallet', ref, n));
      const vehicleIx = fleet.first[load.haul!.kind] + load.haul!.number;
      return events.packing(timeMs, vehicleIx, unitOf('load', ref), { batchIx: null, units });
    }
    case UNLOADED:
      return events.unpacking(timeMs, warehouseIx, unitOf('load', ref));
    case UNPALLETED:
      return events.unpacking(timeMs, warehouseIx, unitOf('pallet', ref, part));
    case SHOP_PACKED: {
      const batchIx = shop[part]!;
      const content = { batchIx, massKg: batches[batchIx]!.massKg };
      return events.packing(timeMs, warehouseIx, unitOf('shop', ref, part), content);
    }
    default: {
      const displayIx = fleet.first['retail-display'] + delivery!.parts[part]!.display;
      return events.unpacking(timeMs, displayIx, unitOf('shop', ref, part));
    }
  }
}
