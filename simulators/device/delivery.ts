import { type Frame, internLayout, type Layout } from '../../src/contract/frame.ts';
import type { DeviceKey } from '../../src/contract/words.ts';
import type { Plan, PlannedDevice } from '../plan/types.ts';
import { type CounterKey, counterBits, counterKey, uniformOf } from './counter-random.ts';
import type { FrameBlock } from './frame-block.ts';
import { FrameRing } from './frame-ring.ts';
import { type Link, linksOf } from './link.ts';
import { gridMsFrom, layoutOf, phaseMsOf } from './sampling.ts';

/** The most frames a device puts into one pack. */
export const PACK_FRAMES_MAX = 20;

/** How long a pack is held back that comes late, ms. ESTIMATE: a queue somewhere in a mobile network. */
const LATE_MIN_MS = 60_000;
const LATE_MAX_MS = 30 * 60_000;

/** What leaves one device at one instant. */
export interface DevicePack<Sent = Frame> {
  readonly device: DeviceKey;
  /** When it comes out of the device, or out of the network that held it back; its frames are from then or before. */
  readonly timeMs: number;
  readonly frames: readonly Sent[];
}

/** Makes what is sent of a row of a block: whole frames, or no more of them than the asker needs. */
export type SentOf<Sent> = (block: FrameBlock, row: number, device: DeviceKey, layout: Layout) => Sent;

/**
 * How frames travel: when each leaves its device. Every frame given to {@link take} comes out once, but for packs sent
 * twice, or is counted as lost; what {@link packsUntil} gives does not depend on where time is cut.
 */
export class Delivery<Sent> {
  /** By device index. */
  readonly #senders: readonly Sender<Sent>[];
  readonly #inKeyOrder: readonly Sender<Sent>[];

  /** @param sentOf {@link frameOf} for whole frames: how they travel does not depend on what is in them */
  constructor(plan: Plan, sentOf: SentOf<Sent>) {
    const links = linksOf(plan);
    this.#senders = plan.devices.map((device, ix) => new Sender(plan, device, links[ix]!, sentOf));
    this.#inKeyOrder = [...this.#senders].sort((a, b) => (a.device.key < b.device.key ? -1 : 1));
  }

  /** Frames overwritten in full memories since the start. */
  get lost(): number {
    return this.#senders.reduce((sum, sender) => sum + sender.lost, 0);
  }

  /** Frames that devices still hold, or that are on their way. */
  get kept(): number {
    return this.#senders.reduce((sum, sender) => sum + sender.kept, 0);
  }

  /** Gives the devices what they have measured in one slice. */
  take(block: FrameBlock): void {
    for (let row = 0; row < block.size; row++) this.#senders[block.deviceIx[row]!]!.give(block, row);
  }

  /**
   * All packs that leave before an instant and have not yet, in order of (time, device). Blocks up to there must have
   * been taken; the instants of successive calls ascend.
   */
  packsUntil(toMs: number): DevicePack<Sent>[] {
    // Stable: devices stay in order of key, and what one sends at one instant in the order of sending.
    return this.packsByDeviceUntil(toMs).sort((a, b) => a.timeMs - b.timeMs);
  }

  /** The same device by device, in order of key: each one's as it sent them. */
  packsByDeviceUntil(toMs: number): DevicePack<Sent>[] {
    const packs: DevicePack<Sent>[] = [];
    for (const sender of this.#inKeyOrder) if (!sender.isIdle) sender.sendUntil(toMs, packs);
    return packs;
  }
}

/** One device as a sender: gathers frames for a report, and keeps them while its link is away. */
class Sender<Sent> {
  readonly device: PlannedDevice;
  readonly #layout: Layout;
  readonly #link: Link;
  readonly #phaseMs: number;
  readonly #key: CounterKey;
  readonly #kept: FrameRing<Sent>;
  readonly #sentOf: SentOf<Sent>;
  /** Measured, and from #nextGathered on not yet part of a report; with the instants they were sampled at. */
  #gathered: Sent[] = [];
  #gatheredMs: number[] = [];
  #nextGathered = 0;
  /** Sent and held back by the network, in order of sending. */
  #underWay: DevicePack<Sent>[] = [];
  /** All reports before it are made. */
  #doneMs: number;
  #packs = 0;
  #lost = 0;

  constructor(plan: Plan, device: PlannedDevice, link: Link, sentOf: SentOf<Sent>) {
    this.device = device;
    this.#layout = layoutOf(device);
    this.#link = link;
    this.#phaseMs = phaseMsOf(plan.seed, device);
    this.#key = counterKey(plan.seed, 'delivery', device.key);
    this.#kept = new FrameRing(device.bufferFramesMax);
    this.#sentOf = sentOf;
    this.#doneMs = plan.startMs;
  }

  get lost(): number {
    return this.#lost;
  }

  /** Frames held or under way at the end of the last {@link sendUntil}; those of later instants do not exist yet. */
  get kept(): number {
    let kept = this.#kept.size;
    // A repeat follows its original and holds the same frames.
    for (const [i, pack] of this.#underWay.entries()) if (pack !== this.#underWay[i - 1]) kept += pack.frames.length;
    for (let i = this.#nextGathered; i < this.#gatheredMs.length && this.#gatheredMs[i]! < this.#doneMs; i++) kept++;
    return kept;
  }

  get isIdle(): boolean {
    return this.#gathered.length === 0 && this.#kept.size === 0 && this.#underWay.length === 0;
  }

  /** Gives it one frame it has measured. */
  give(block: FrameBlock, row: number): void {
    this.#gathered.push(this.#sentOf(block, row, this.device.key, this.#layout));
    this.#gatheredMs.push(block.sampledMs[row]!);
  }

  /** Makes all reports before an instant, and adds what comes out before it. */
  sendUntil(toMs: number, out: DevicePack<Sent>[]): void {
    const { reportMs } = this.device;
    const sent = this.device.lateShare > 0 ? this.#underWay : out;
    // Without anything kept, reports before the first gathered frame would be empty.
    const firstMs = this.#gatheredMs[this.#nextGathered] ?? toMs;
    const sinceMs = this.#kept.size > 0 ? this.#doneMs : Math.max(this.#doneMs, firstMs);
    for (let timeMs = gridMsFrom(sinceMs, reportMs, this.#phaseMs); timeMs < toMs; timeMs += reportMs) {
      this.#report(timeMs, sent);
    }
    this.#doneMs = toMs;
    if (sent === out) return;
    const waiting: DevicePack<Sent>[] = [];
    for (const pack of sent) (pack.timeMs < toMs ? out : waiting).push(pack);
    this.#underWay = waiting;
  }

  #report(timeMs: number, out: DevicePack<Sent>[]): void {
    const live = this.#takeGathered(timeMs);
    if (!this.#link.isUp(timeMs)) {
      for (const frame of live) this.#lost += this.#kept.push(frame);
      return;
    }
    const { reconnect } = this.device;
    if (reconnect === 'oldest-first') {
      while (this.#kept.size > 0) this.#send(timeMs, this.#kept.takeOldest(PACK_FRAMES_MAX), out);
    }
    if (live.length > 0 && live.length <= PACK_FRAMES_MAX) this.#send(timeMs, live, out);
    else {
      for (let from = 0; from < live.length; from += PACK_FRAMES_MAX) {
        this.#send(timeMs, live.slice(from, from + PACK_FRAMES_MAX), out);
      }
    }
    if (reconnect === 'newest-first') {
      while (this.#kept.size > 0) this.#send(timeMs, this.#kept.takeNewest(PACK_FRAMES_MAX), out);
    } else if (reconnect === 'interleaved' && this.#kept.size > 0) {
      this.#send(timeMs, this.#kept.takeOldest(PACK_FRAMES_MAX), out);
    }
  }

  /** Takes the frames that were sampled up to an instant. */
  #takeGathered(timeMs: number): Sent[] {
    const from = this.#nextGathered;
    let to = from;
    while (to < this.#gatheredMs.length && this.#gatheredMs[to]! <= timeMs) to++;
    const taken = this.#gathered.slice(from, to);
    if (to < this.#gathered.length) this.#nextGathered = to;
    else {
      this.#gathered = [];
      this.#gatheredMs.length = 0;
      this.#nextGathered = 0;
    }
    return taken;
  }

  #send(timeMs: number, frames: readonly Sent[], out: DevicePack<Sent>[]): void {
    const { key, lateShare, duplicateShare } = this.device;
    const n = 3 * this.#packs++;
    const isLate = lateShare > 0 && this.#draw(n) < lateShare;
    const lateMs = isLate ? Math.round(LATE_MIN_MS + (LATE_MAX_MS - LATE_MIN_MS) * this.#draw(n + 1)) : 0;
    const pack = { device: key, timeMs: timeMs + lateMs, frames };
    out.push(pack);
    if (duplicateShare > 0 && this.#draw(n + 2) < duplicateShare) out.push(pack);
  }

  /** Number `n` of the device's own random source, uniform in (0, 1). */
  #draw(n: number): number {
    return uniformOf(counterBits(this.#key.a, this.#key.b, n));
  }
}

/** A row of a block as a frame; channels without a value are left out of its layout. */
export function frameOf(block: FrameBlock, row: number, device: DeviceKey, layout: Layout): Frame {
  const at = block.valueAt[row]!;
  const width = layout.channels.length;
  // A plain array: a typed one of this size costs several times as much to make.
  let values = new Array<number>(width);
  let present = 0;
  for (let c = 0; c < width; c++) {
    const value = block.values[at + c]!;
    values[c] = value;
    if (!Number.isNaN(value)) present++;
  }
  if (present < width) {
    layout = internLayout(layout.channels.filter((_, c) => !Number.isNaN(values[c]!)));
    values = values.filter((value) => !Number.isNaN(value));
  }
  return { device, timeMs: block.timeMs[row]!, seq: block.seq[row]!, layout, values };
}
