import { type Breach, isTakenBack } from '../../src/contract/breach.ts';
import type { FrameChunk } from '../../src/contract/frame.ts';
import type { AssetKind } from '../../src/contract/words.ts';
import { type ArmingInterval, armingOf, type CustodySpan, type PlacementSpan } from '../../src/detect/arming.ts';
import {
  Detector,
  type DetectorPorts,
  type DetectorResult,
  type DeviceCycle,
  type KeptState,
} from '../../src/detect/detector.ts';
import type { Slice } from '../../src/store/frames/store.ts';
import { chunkOf, type Row } from './frames.ts';

/** One message on its way to the processor. */
export type Delivery =
  | { readonly kind: 'frame'; readonly device: string; readonly row: Row }
  | { readonly kind: 'placement'; readonly device: string; readonly fact: string; readonly span: PlacementSpan }
  | { readonly kind: 'custody'; readonly fact: string; readonly span: CustodySpan };

/** How a cycle goes on after the detector has answered. */
export type Fate = 'kept' | 'kept-then-restart' | 'kept-then-new-rules' | 'lost';

/**
 * A projector with its frame store and ledger in memory: merges what comes, tells the detector what is new, keeps
 * what it answers. Saved things go through JSON, as they would through a database.
 */
export class FakeChain implements DetectorPorts {
  readonly #kind: (asset: string) => AssetKind | undefined;
  readonly #frames = new Map<string, Map<number, Record<string, number>>>();
  #placements = new Map<string, Map<string, PlacementSpan>>();
  #custodies = new Map<string, CustodySpan>();
  readonly #states = new Map<string, string>();
  readonly #checkpoints = new Map<string, Map<number, string>>();
  readonly #breaches = new Map<string, Breach>();
  readonly #devices: readonly string[];
  /** The clock in force: the newest event time told so far. */
  asOfMs = 0;
  #ruleSets = 1;
  #detector = new Detector(this, this.ruleSet);

  constructor(devices: readonly string[], assetKind: (asset: string) => AssetKind | undefined) {
    this.#devices = devices;
    this.#kind = assetKind;
  }

  /**
   * Takes deliveries as one cycle. `lost`: the frames reach the store, but the process dies before the ledger commits;
   * it starts again and takes the same deliveries in two other cycles, reading a store that is ahead of them.
   */
  async cycle(deliveries: readonly Delivery[], fate: Fate): Promise<void> {
    for (const d of deliveries) {
      this.asOfMs = Math.max(this.asOfMs, d.kind === 'frame' ? d.row.timeMs : (d.span.toMs ?? d.span.fromMs));
    }
    if (fate !== 'lost') {
      this.#keep(await this.#detector.advance(this.#apply(deliveries, false), this.asOfMs));
      if (fate === 'kept-then-restart') this.#restart();
      if (fate === 'kept-then-new-rules') this.changeRules();
      return;
    }
    const facts = structuredClone([this.#placements, this.#custodies] as const);
    await this.#detector.advance(this.#apply(deliveries, false), this.asOfMs);
    [this.#placements, this.#custodies] = facts;
    this.#restart();
    const half = deliveries.length >> 1;
    for (const part of [deliveries.slice(0, half), deliveries.slice(half)]) {
      this.#keep(await this.#detector.advance(this.#apply(part, true), this.asOfMs));
    }
  }

  /** Lets time pass while nothing comes. */
  async idle(lastingMs: number): Promise<void> {
    this.asOfMs += lastingMs;
    if (this.#detector.dueMs <= this.asOfMs) this.#keep(await this.#detector.advance([], this.asOfMs));
  }

  /** Starts again with rules that call themselves others, though they say the same. */
  changeRules(): void {
    this.#ruleSets++;
    this.#restart();
  }

  get ruleSet(): string {
    return `rules ${this.#ruleSets}`;
  }

  get outdatedDevices(): number {
    return this.#detector.outdatedDevices;
  }

  /** Lets every device have its turn. */
  async settle(): Promise<void> {
    do await this.idle(0);
    while (this.#detector.outdatedDevices > 0);
  }

  /** Takes a device's frames from before an instant out of the store. */
  dropFramesBefore(device: string, timeMs: number): void {
    const frames = this.#frames.get(device)!;
    for (const at of [...frames.keys()]) if (at < timeMs) frames.delete(at);
  }

  /** After a change of rules one device is judged again in each cycle. */
  #restart(): void {
    this.#detector = new Detector(this, this.ruleSet, 1);
  }

  /** The breaches kept, as bytes. */
  breaches(device: string): string {
    const mine = [...this.#breaches.values()].filter((b) => b.device === device);
    return JSON.stringify(mine.sort((a, b) => (a.id < b.id ? -1 : 1)));
  }

  rows(device: string): Row[] {
    const frames = [...(this.#frames.get(device) ?? [])].sort(([a], [b]) => a - b);
    return frames.map(([timeMs, values]) => ({ timeMs, values }));
  }

  facts(device: string): { placements: PlacementSpan[]; custodies: CustodySpan[] } {
    return {
      placements: [...(this.#placements.get(device)?.values() ?? [])],
      custodies: [...this.#custodies.values()],
    };
  }

  checkpoints(device: string): KeptState[] {
    const kept = [...(this.#checkpoints.get(device) ?? [])].sort(([a], [b]) => a - b);
    return kept.map(([, state]) => JSON.parse(state) as KeptState);
  }

  async loadState(device: string): Promise<KeptState | null> {
    const state = this.#states.get(device);
    return state === undefined ? null : (JSON.parse(state) as KeptState);
  }

  async listDevices(): Promise<string[]> {
    return [...this.#states.keys()];
  }

  async loadArming(device: string): Promise<ArmingInterval[]> {
    const { placements, custodies } = this.facts(device);
    return armingOf(placements, custodies, this.#kind);
  }

  async latestCheckpointBefore(device: string, timeMs: number): Promise<KeptState | null> {
    return this.checkpoints(device).findLast((state) => state.lastTimeMs < timeMs) ?? null;
  }

  async earliestCheckpointFrom(device: string, timeMs: number): Promise<KeptState | null> {
    return this.checkpoints(device).find((state) => state.lastTimeMs >= timeMs) ?? null;
  }

  async listBreaches(device: string, endedAfterMs: number): Promise<Breach[]> {
    const mine = [...this.#breaches.values()].filter((b) => b.device === device);
    return mine.filter((b) => b.endMs === null || b.endMs > endedAfterMs);
  }

  async *readFrames(slice: Slice): AsyncIterable<FrameChunk> {
    const rows = this.rows(slice.device).filter((row) => row.timeMs >= slice.fromMs && row.timeMs < slice.toMs);
    for (let i = 0; i < rows.length; i += 40) yield chunkOf(slice.device, rows.slice(i, i + 40));
  }

  /** @param again true after a crash: what the store already holds may be news to the detector */
  #apply(deliveries: readonly Delivery[], again: boolean): DeviceCycle[] {
    const touched = new Map<string, Set<number>>(this.#devices.map((device) => [device, new Set()]));
    const rearmedFrom = new Map<string, number>();
    for (const d of deliveries) {
      if (d.kind === 'frame') {
        if (this.#mergeFrame(d.device, d.row) || again) touched.get(d.device)!.add(d.row.timeMs);
        continue;
      }
      const changedMs = this.#mergeFact(d);
      if (changedMs === null) continue;
      for (const device of d.kind === 'placement' ? [d.device] : this.#devices) {
        rearmedFrom.set(device, Math.min(changedMs, rearmedFrom.get(device) ?? Number.POSITIVE_INFINITY));
      }
    }
    return this.#devices
      .map((device) => this.#turn(device, [...touched.get(device)!], rearmedFrom.get(device) ?? null))
      .filter((turn) => turn.frames.length > 0 || turn.refold !== null);
  }

  #turn(device: string, touchedMs: readonly number[], rearmedMs: number | null): DeviceCycle {
    const saved = this.#states.get(device);
    const headMs = saved === undefined ? 0 : (JSON.parse(saved) as KeptState).lastTimeMs;
    const late = touchedMs.filter((t) => t <= headMs);
    const fresh = this.rows(device).filter((row) => row.timeMs > headMs && touchedMs.includes(row.timeMs));
    const fromMs = Math.min(...late, rearmedMs ?? Number.POSITIVE_INFINITY);
    const toMs = rearmedMs === null ? Math.max(...late) + 1 : Number.POSITIVE_INFINITY;
    // One chunk for each run of frames with the same channels, as a projector cuts them.
    const chunks: Row[][] = [];
    for (const row of fresh) {
      const last = chunks.at(-1);
      if (last && Object.keys(last[0]!.values).join() === Object.keys(row.values).join()) last.push(row);
      else chunks.push([row]);
    }
    const frames = chunks.map((rows) => chunkOf(device, rows));
    return { device, frames, refold: Number.isFinite(fromMs) ? { fromMs, toMs } : null };
  }

  /** True where the frame told something new. */
  #mergeFrame(device: string, row: Row): boolean {
    const frames = this.#frames.get(device) ?? new Map<number, Record<string, number>>();
    this.#frames.set(device, frames);
    const known = frames.get(row.timeMs) ?? {};
    const fresh = Object.keys(row.values).some((channel) => known[channel] === undefined);
    if (fresh) frames.set(row.timeMs, { ...known, ...row.values });
    return fresh;
  }

  /** The instant from which a fact changed things. A closed span replaces its open version, never the reverse. */
  #mergeFact(d: Exclude<Delivery, { kind: 'frame' }>): number | null {
    let facts: Map<string, PlacementSpan> = this.#custodies;
    if (d.kind === 'placement') {
      facts = this.#placements.get(d.device) ?? new Map();
      this.#placements.set(d.device, facts);
    }
    const known = facts.get(d.fact);
    if (known && (known.toMs !== null || d.span.toMs === null)) return null;
    facts.set(d.fact, d.span);
    return known ? d.span.toMs : d.span.fromMs;
  }

  #keep(result: DetectorResult): void {
    for (const { change, breach } of result.breachChanges) {
      const known = this.#breaches.get(breach.id);
      if (change.startsWith('raised') === (known !== undefined)) throw new Error(`${change} of ${breach.id}`);
      if (isTakenBack(change)) this.#breaches.delete(breach.id);
      else this.#breaches.set(breach.id, JSON.parse(JSON.stringify(breach)) as Breach);
    }
    for (const { device, fromMs, toMs } of result.dropCheckpoints) {
      for (const kept of [...(this.#checkpoints.get(device)?.keys() ?? [])]) {
        if (kept >= fromMs && kept < toMs) this.#checkpoints.get(device)!.delete(kept);
      }
    }
    for (const { device, timeMs, state } of result.checkpoints) {
      const kept = this.#checkpoints.get(device) ?? new Map<number, string>();
      if (kept.has(timeMs)) throw new Error(`a second checkpoint of ${device} at ${timeMs}`);
      this.#checkpoints.set(device, kept.set(timeMs, JSON.stringify(state)));
    }
    for (const { device, state } of result.states) this.#states.set(device, JSON.stringify(state));
  }
}
