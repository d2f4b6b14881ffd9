import { channelKind } from '../../src/contract/channel.ts';
import type { Interval } from '../../src/contract/words.ts';
import { isPreCooling, isVehicle } from './devices.ts';
import { dutyOf, roomUses } from './duties.ts';
import type { Fleet } from './fleet.ts';
import { overlap } from './intervals.ts';
import type { LoadLots } from './lots.ts';
import { FAULTS, type PlannedDevice, type PlannedFault } from './types.ts';

const HOUR_MS = 3_600_000;

export interface FaultSetting {
  readonly fleet: Fleet;
  readonly devices: readonly PlannedDevice[];
  readonly loads: readonly LoadLots[];
  readonly seed: number;
  readonly run: Interval;
}

type Bare = Pick<PlannedFault, 'kind' | 'assetIx' | 'severity'> & Interval;

/** What there is to be struck, by asset: loads, devices, duties. */
export class FaultTargets {
  readonly #setting: FaultSetting;
  readonly #assetIx: ReadonlyMap<string, number>;
  readonly #devices = new Map<number, number[]>();
  readonly #hauled = new Map<number, number[]>();
  readonly #preCooled = new Map<number, number[]>();

  constructor(setting: FaultSetting) {
    this.#setting = setting;
    const { fleet, devices, loads } = setting;
    this.#assetIx = new Map(fleet.assets.map((asset, ix) => [asset.key, ix]));
    for (const [ix, device] of devices.entries()) add(this.#devices, device.assetIx, ix);
    for (const [i, { load }] of loads.entries()) {
      if (load.haul) add(this.#hauled, fleet.first[load.haul.kind] + load.haul.number, i);
      if (load.harvest) add(this.#preCooled, fleet.first[load.harvest.room.kind] + load.harvest.room.number, i);
    }
  }

  assetIx(key: string): number | undefined {
    return this.#assetIx.get(key);
  }

  /** What the devices on an asset measure. */
  channels(assetIx: number): ReadonlySet<string> {
    const own = (this.#devices.get(assetIx) ?? []).map((ix) => this.#setting.devices[ix]!);
    return new Set(own.flatMap((device) => device.channels.map(({ name }) => name)));
  }

  /** When the asset is on: trips of a vehicle, uses of a pre-cooling room, the run for what is always on. */
  duties(assetIx: number): Interval[] {
    const { loads, fleet, run } = this.#setting;
    const { kind } = fleet.assets[assetIx]!;
    if (isPreCooling(kind)) {
      const filled = this.#preCooled.get(assetIx) ?? [];
      return roomUses(
        filled.map((i) => loads[i]!.load.harvest!),
        run,
      );
    }
    if (!isVehicle(kind)) return [run];
    return (this.#hauled.get(assetIx) ?? [])
      .map((i) => dutyOf(loads[i]!.load.haul!, run))
      .sort((a, b) => a.fromMs - b.fromMs);
  }

  /** The loads that a fault of loading strikes. */
  loadsStruck({ kind, assetIx, fromMs, toMs }: Omit<Bare, 'severity'>): number[] {
    const within = (timeMs: number | undefined): boolean => timeMs !== undefined && fromMs <= timeMs && timeMs < toMs;
    const { loads } = this.#setting;
    if (kind === 'warm-loading') {
      return (this.#hauled.get(assetIx) ?? []).filter((i) => within(loads[i]!.load.haul?.loadMs));
    }
    if (FAULTS[kind].target !== 'loading') return [];
    return (this.#preCooled.get(assetIx) ?? []).filter((i) => within(loads[i]!.load.harvest?.inMs));
  }

  /** The loads that are on the asset while it is struck, or are struck themselves. */
  loadsTouched(fault: PlannedFault): number[] {
    const { loads, run } = this.#setting;
    const onBoard = (this.#hauled.get(fault.assetIx) ?? []).filter((i) =>
      overlap(dutyOf(loads[i]!.load.haul!, run), fault),
    );
    return [...onBoard, ...this.loadsStruck(fault)];
  }

  /** The fault with the device, channel and batches that it strikes. */
  struck(fault: Bare, channel: string | null): PlannedFault {
    const { target } = FAULTS[fault.kind];
    const { devices, loads } = this.#setting;
    const own = this.#devices.get(fault.assetIx) ?? [];
    const measuring = own.find((ix) => channel === null || devices[ix]!.channels.some((c) => c.name === channel));
    const strikesDevice = target === 'sensor' || target === 'device';
    return {
      ...fault,
      deviceIx: strikesDevice ? (measuring ?? null) : null,
      channel: target === 'sensor' ? (channel ?? temperatureChannel(devices[own[0]!]!)) : null,
      batchIxs: this.loadsStruck(fault).flatMap((i) => {
        const { harvest, packed } = loads[i]!;
        return fault.kind === 'warm-loading' ? (packed === undefined ? [] : [packed]) : harvest;
      }),
    };
  }

  dutyHours(assetIx: number): string {
    return this.#hours(
      'on duty from',
      this.duties(assetIx).map(({ fromMs, toMs }) => `${this.#hour(fromMs)} to ${this.#hour(toMs)}`),
    );
  }

  loadingHours(assetIx: number): string {
    const { loads } = this.#setting;
    const loaded = (this.#hauled.get(assetIx) ?? []).map((i) => loads[i]!.load.haul!.loadMs);
    const filled = (this.#preCooled.get(assetIx) ?? []).map((i) => loads[i]!.load.harvest!.inMs);
    const times = [...loaded, ...filled].sort((a, b) => a - b);
    return this.#hours(
      'loaded at',
      times.map((timeMs) => this.#hour(timeMs)),
    );
  }

  #hours(what: string, hours: readonly string[]): string {
    if (hours.length === 0) return '';
    return ` (${what} ${hours.slice(0, 3).join(', ')}${hours.length > 3 ? ' …' : ''})`;
  }

  #hour(timeMs: number): string {
    return `${Math.round((timeMs - this.#setting.run.fromMs) / (HOUR_MS / 10)) / 10}h`;
  }
}

function temperatureChannel(device: PlannedDevice): string | null {
  return device.channels.find(({ name }) => channelKind(name)?.temperature)?.name ?? null;
}

function add(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
