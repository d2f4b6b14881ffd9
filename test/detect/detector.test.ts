import { beforeEach, describe, expect, test } from 'vitest';
import { type Breach, type BreachChange, isTakenBack } from '../../src/contract/breach.ts';
import type { FrameChunk } from '../../src/contract/frame.ts';
import { type ArmingInterval, armingOf } from '../../src/detect/arming.ts';
import { Detector, type DetectorPorts, type DetectorResult, type KeptState } from '../../src/detect/detector.ts';
import { CHECKPOINT_EVERY_MS } from '../../src/detect/fold.ts';
import { atMinute, chunkOf, type Row, testProfile } from './frames.ts';

const device = 'org/dev';
const row = (minute: number, pulpC: number): Row => ({ timeMs: atMinute(minute), values: { pulp: pulpC } });
/** Frames five minutes apart. */
const warm = (from: number, to: number, pulpC = 5): Row[] =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, i) => row(from + i * 5, pulpC));

/** One device's ledger and frame store. */
class OneDevice implements DetectorPorts {
  rows: Row[] = [];
  state: KeptState | null = null;
  checkpoints: KeptState[] = [];
  breaches = new Map<string, Breach>();
  custodyTo: number | null = null;
  reads = 0;
  framesRead = 0;
  failing = false;

  async *readFrames(slice: { fromMs: number; toMs: number }): AsyncIterable<FrameChunk> {
    this.reads++;
    if (this.failing) throw new Error('the store is away');
    const rows = this.rows.filter((r) => r.timeMs >= slice.fromMs && r.timeMs < slice.toMs);
    this.framesRead += rows.length;
    yield chunkOf(
      device,
      rows.sort((a, b) => a.timeMs - b.timeMs),
    );
  }
  async listDevices(): Promise<string[]> {
    return this.state === null ? [] : [device];
  }
  async loadArming(): Promise<ArmingInterval[]> {
    const always = { asset: 'org/truck', fromMs: 0, toMs: null };
    const toMs = this.custodyTo === null ? null : atMinute(this.custodyTo);
    return armingOf([always], [{ ...always, toMs, profile: testProfile }], () => 'reefer-truck');
  }
  async loadState(): Promise<KeptState | null> {
    return this.state;
  }
  async latestCheckpointBefore(_: string, timeMs: number): Promise<KeptState | null> {
    return this.checkpoints.findLast((c) => c.lastTimeMs < timeMs) ?? null;
  }
  async earliestCheckpointFrom(_: string, timeMs: number): Promise<KeptState | null> {
    return this.checkpoints.find((c) => c.lastTimeMs >= timeMs) ?? null;
  }
  async listBreaches(_: string, endedAfterMs: number): Promise<Breach[]> {
    return [...this.breaches.values()].filter((b) => b.endMs === null || b.endMs > endedAfterMs);
  }

  keep(result: DetectorResult): void {
    for (const { change, breach } of result.breachChanges) {
      if (isTakenBack(change)) this.breaches.delete(breach.id);
      else this.breaches.set(breach.id, breach);
    }
    for (const { fromMs, toMs } of result.dropCheckpoints) {
      this.checkpoints = this.checkpoints.filter((c) => c.lastTimeMs < fromMs || c.lastTimeMs >= toMs);
    }
    this.checkpoints.push(...result.checkpoints.map((c) => c.state));
    this.checkpoints.sort((a, b) => a.lastTimeMs - b.lastTimeMs);
    for (const { state } of result.states) this.state = state;
  }
}

/** No rule for silence here: any time will do. */
const asOfMs = atMinute(0);

let ports: OneDevice;
let detector: Detector;
beforeEach(() => {
  ports = new OneDevice();
  detector = new Detector(ports, 'rules');
});

/** One cycle; late where a row is older than what was there. */
async function send(rows: Row[], refoldFrom: number | null = null): Promise<BreachChange[]> {
  ports.rows.push(...rows);
  const refold = refoldFrom === null ? null : { fromMs: atMinute(refoldFrom), toMs: Number.POSITIVE_INFINITY };
  const result = await detector.advance([{ device, frames: [chunkOf(device, rows)], refold }], asOfMs);
  ports.keep(result);
  return result.breachChanges;
}

const told = (changes: BreachChange[]) =>
  changes.map((c) => `${c.change} ${c.breach.rule} ${c.breach.endedBy ?? 'open'}`);

describe('what is told', () => {
  test('raised, then changed while it gets worse, then cleared', async () => {
    expect(told(await send(warm(0, 25)))).toEqual([]);
    expect(told(await send(warm(30, 35)))).toEqual(['raised pulp-high open']);
    expect(told(await send(warm(40, 45)))).toEqual([]);
    expect(told(await send([row(50, 6)]))).toEqual(['changed pulp-high open']);
    expect(told(await send([row(55, 2)]))).toEqual(['cleared pulp-high recovered']);
    expect(told(await send([row(60, 2)]))).toEqual([]);
    expect(ports.reads).toBe(0);
  });

  test('raised and ended in one cycle is told once', async () => {
    expect(told(await send([...warm(0, 35), row(40, 2)]))).toEqual(['raised pulp-high recovered']);
  });

  test('a breach that late frames bring to light is raised late', async () => {
    await send([row(0, 2), row(60, 2)]);
    expect(told(await send(warm(5, 50)))).toEqual(['raised-late pulp-high recovered']);
    expect(ports.reads).toBe(1);
  });

  test('a breach that a late frame disproves is withdrawn, what is left of it raised late', async () => {
    await send([...warm(0, 15), ...warm(25, 70)]);
    const [first] = ports.breaches.values();
    expect(first).toMatchObject({ startMs: atMinute(0), raisedMs: atMinute(30) });
    const changes = await send([row(20, 2)]);
    expect(told(changes)).toEqual(['withdrawn pulp-high open', 'raised-late pulp-high open']);
    expect(changes[0]?.breach).toEqual(first);
    expect(changes[1]?.breach.startMs).toBe(atMinute(25));
  });

  test('the end of a custody ends the breach, though no frame follows; frames from before it still count', async () => {
    await send(warm(0, 35));
    ports.custodyTo = 50;
    expect(told(await send([], 50))).toEqual(['cleared pulp-high custody-ended']);
    expect(told(await send([row(40, 7)]))).toEqual(['changed pulp-high custody-ended']);
    expect(told(await send([row(45, 2)]))).toEqual(['shortened pulp-high recovered']);
    expect(told(await send(warm(50, 100, 20)))).toEqual([]);
    expect(ports.reads).toBe(0);
  });

  test('a custody that ended earlier than thought shortens the breach', async () => {
    await send(warm(0, 60, 6));
    ports.custodyTo = 45;
    expect(told(await send([], 45))).toEqual(['cleared pulp-high custody-ended']);
    ports.custodyTo = 20;
    expect(told(await send([], 20))).toEqual(['withdrawn pulp-high custody-ended']);
  });
});

describe('the past', () => {
  test('a late frame is folded from the checkpoint before it, and replaces the checkpoints after it', async () => {
    const every = CHECKPOINT_EVERY_MS / 60_000;
    for (let m = 0; m < 4 * every; m += 60) await send(warm(m, m + 55, 2));
    expect(ports.checkpoints.map((c) => c.lastTimeMs)).toEqual(
      [every, 2 * every, 3 * every].map((m) => atMinute(m - 5)),
    );
    const late = { timeMs: atMinute(2 * every + 2), values: { pulp: 9 } };
    ports.rows.push(late);
    const frames = [chunkOf(device, [late])];
    const result = await detector.advance([{ device, frames, refold: null }], asOfMs);
    expect(result.dropCheckpoints).toEqual([
      { device, fromMs: atMinute(2 * every - 5), toMs: atMinute(3 * every - 5) },
    ]);
    expect(result.checkpoints.map((c) => c.timeMs)).toEqual([atMinute(2 * every - 5)]);
    expect(told(result.breachChanges)).toEqual(['raised-late pulp-critical recovered']);
  });

  test('a refold ends where the state is that of a checkpoint again, and new frames go on from the head', async () => {
    const every = CHECKPOINT_EVERY_MS / 60_000;
    for (let m = 0; m < 8 * every; m += 60) await send(warm(m, m + 55, m < 7 * every ? 2 : 5));
    const late = row(2 * every + 2, 9);
    ports.rows.push(late);
    ports.framesRead = 0;
    const fresh = row(8 * every, 2);
    ports.rows.push(fresh);
    const frames = [chunkOf(device, [late]), chunkOf(device, [fresh])];
    const result = await detector.advance([{ device, frames, refold: null }], asOfMs);
    ports.keep(result);
    expect(told(result.breachChanges)).toEqual(['raised-late pulp-critical recovered', 'cleared pulp-high recovered']);
    expect(ports.framesRead).toBeLessThan((2 * every) / 5);
    expect(ports.state?.lastTimeMs).toBe(atMinute(8 * every));
  });

  test('what other rules made is not used: all is judged again, and nothing is told twice', async () => {
    await send([...warm(0, 60), row(65, 2), ...warm(70, 800)]);
    const kept = JSON.stringify([...ports.breaches.values()]);
    detector = new Detector(ports, 'other rules');
    const result = await detector.advance([], asOfMs);
    expect(result.breachChanges).toEqual([]);
    expect(result.states).toMatchObject([{ state: { ruleSet: 'other rules', lastTimeMs: atMinute(800) } }]);
    ports.keep(result);
    expect(ports.checkpoints.map((c) => c.ruleSet)).toEqual(['other rules', 'other rules']);
    expect(told(await send([row(805, 2)]))).toEqual(['cleared pulp-high recovered']);
    expect(kept).toContain('"endMs":null');
  });

  test('with its state and checkpoints lost, a device is folded anew from the store, and nothing is told twice', async () => {
    await send([...warm(0, 60), row(65, 2), ...warm(70, 120)]);
    const kept = JSON.stringify([...ports.breaches.values()]);
    ports.state = null;
    ports.checkpoints = [];
    detector = new Detector(ports, 'rules');
    const result = await detector.advance(
      [{ device, frames: [], refold: { fromMs: 0, toMs: Number.POSITIVE_INFINITY } }],
      asOfMs,
    );
    expect(result.breachChanges).toEqual([]);
    ports.keep(result);
    expect(told(await send([row(125, 2)]))).toEqual(['cleared pulp-high recovered']);
    expect(JSON.parse(kept)).toHaveLength(2);
  });
});

test('a store that fails in the middle of a cycle leaves the detector as it was', async () => {
  await send(warm(0, 20));
  const late = row(7, 5);
  ports.rows.push(late);
  ports.failing = true;
  const cycle = [{ device, frames: [chunkOf(device, [late])], refold: null }];
  await expect(detector.advance(cycle, asOfMs)).rejects.toThrow('the store is away');
  ports.failing = false;
  ports.keep(await detector.advance(cycle, asOfMs));
  expect(told(await send(warm(25, 30)))).toEqual(['raised pulp-high open']);
});

test('a device that stands twice in one cycle is a bug of the caller', async () => {
  const turn = { device, frames: [], refold: null };
  await expect(detector.advance([turn, turn], asOfMs)).rejects.toThrow('twice');
});

test('what is remembered of a channel with every rule raised stays under 1 KiB', async () => {
  await send(Array.from({ length: 20 }, (_, i) => row(i * 5, 9 + i / 1000)));
  expect(Object.keys(ports.state?.memories ?? {})).toHaveLength(2);
  expect(JSON.stringify(ports.state).length).toBeLessThan(1024);
});
