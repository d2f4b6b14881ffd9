import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Device, PACK_FRAMES_MAX } from '../../simulators/device/device.ts';
import { Link } from '../../simulators/device/link.ts';
import { QUANTITIES } from '../../simulators/plan/types.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { MINUTE_MS, toyDevice } from './toy-plan.ts';

interface Sent {
  readonly atMinute: number;
  readonly frames: readonly Frame[];
}

/** Runs a device for some minutes with its link away in [from, to) minutes. */
function runDevice(minutes: number, bufferFramesMax: number, away: readonly (readonly [number, number])[]) {
  const link = new Link(away.map(([from, to]) => ({ fromMs: from * MINUTE_MS, toMs: to * MINUTE_MS })));
  const device = new Device(1, toyDevice('o/d', 0, MINUTE_MS, bufferFramesMax), link);
  const truth = new Float64Array(QUANTITIES.length);
  const sent: Sent[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    device.sample(minute * MINUTE_MS, truth, (frames) => sent.push({ atMinute: minute, frames }));
  }
  return { device, sent, seqs: sent.flatMap((pack) => pack.frames.map((f) => f.seq)) };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('Device', () => {
  it('numbers its frames from 0 and sends each at once while the link is up', () => {
    const { sent, seqs } = runDevice(3, 10, []);
    expect(seqs).toEqual([0, 1, 2]);
    expect(sent.map((pack) => [pack.atMinute, pack.frames.length])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(sent[1]!.frames[0]).toMatchObject({ device: 'o/d', timeMs: MINUTE_MS, seq: 1 });
  });

  it('keeps frames over an outage and sends the oldest first when the link is back, then goes on live', () => {
    const { sent, seqs, device } = runDevice(60, 100, [[5, 50]]);
    expect(seqs).toEqual(range(0, 60));
    expect(device.lost).toBe(0);
    // 45 kept frames, 20 a pack, then the live frame by itself.
    const back = sent.filter((pack) => pack.atMinute === 50);
    expect(back.map((pack) => pack.frames.length)).toEqual([PACK_FRAMES_MAX, PACK_FRAMES_MAX, 5, 1]);
    expect(back[3]!.frames[0]!.seq).toBe(50);
    expect(sent.some((pack) => pack.atMinute >= 5 && pack.atMinute < 50)).toBe(false);
  });

  it('loses exactly the oldest frames that its memory cannot hold', () => {
    const { seqs, device } = runDevice(100, 30, [[10, 80]]);
    expect(device.lost).toBe(40);
    expect(seqs).toEqual([...range(0, 10), ...range(50, 100)]);
  });

  it('loses every frame of an outage where it has no memory', () => {
    const { seqs, device } = runDevice(20, 0, [[5, 10]]);
    expect(device.lost).toBe(5);
    expect(seqs).toEqual([...range(0, 5), ...range(10, 20)]);
  });

  it('accounts for every number: sent, lost or still kept; in order, each once', () => {
    const outages = fc
      .array(fc.integer({ min: 0, max: 200 }), { maxLength: 8 })
      .map((cuts) => [...new Set(cuts)].sort((a, b) => a - b))
      .map((cuts) => cuts.flatMap((cut, i) => (i % 2 === 1 ? [[cuts[i - 1]!, cut] as const] : [])));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 60 }),
        outages,
        (minutes, memory, away) => {
          const { device, seqs } = runDevice(minutes, memory, away);
          expect(seqs.length + device.lost + device.kept).toBe(minutes);
          expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a! - b!));
          const longest = Math.max(0, ...away.map(([from, to]) => to - from));
          if (longest <= memory) expect(device.lost).toBe(0);
        },
      ),
    );
  });
});
