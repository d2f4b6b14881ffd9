import { beforeEach, describe, expect, test } from 'vitest';
import type { Breach } from '../../src/contract/breach.ts';
import { type Delivery, FakeChain } from './fake-chain.ts';
import { atMinute, testProfile } from './frames.ts';

const devices = ['org/a', 'org/b', 'org/c'];
const HOUR = 60;

/** Every five minutes; warm from hour 2 to 4 and from hour 20 on. */
function frames(device: string, fromMin: number, toMin: number): Delivery[] {
  const isWarm = (minute: number) => (minute >= 2 * HOUR && minute < 4 * HOUR) || minute >= 20 * HOUR;
  const deliveries: Delivery[] = [];
  for (let minute = fromMin; minute < toMin; minute += 5) {
    const row = { timeMs: atMinute(minute), values: { 'pulp-1': isWarm(minute) ? 5 : 1 } };
    deliveries.push({ kind: 'frame', device, row });
  }
  return deliveries;
}

const armed = (device: string): Delivery[] => {
  const span = { asset: 'org/truck', fromMs: atMinute(-600), toMs: null };
  return [
    { kind: 'placement', device, fact: 'p', span },
    { kind: 'custody', fact: 'c', span: { ...span, profile: testProfile } },
  ];
};

let chain: FakeChain;
beforeEach(async () => {
  chain = new FakeChain(devices, () => 'reefer-truck');
  await chain.cycle(devices.flatMap(armed), 'kept');
});

const everywhere = (fromMin: number, toMin: number) => devices.flatMap((device) => frames(device, fromMin, toMin));
const breaches = (device: string) => JSON.parse(chain.breaches(device)) as Breach[];
const rulesOf = async () => (await Promise.all(devices.map((d) => chain.loadState(d)))).map((s) => s!.ruleSet);

describe('rules that have changed', () => {
  test('judge a few devices in each cycle, and new frames come in meanwhile', async () => {
    await chain.cycle(everywhere(0, 19 * HOUR), 'kept-then-new-rules');
    await chain.cycle(everywhere(19 * HOUR, 21 * HOUR), 'kept');
    expect(chain.outdatedDevices).toBe(2);
    expect(await rulesOf()).toEqual(['rules 2', 'rules 1', 'rules 1']);
    expect(devices.map((device) => breaches(device).length)).toEqual([2, 1, 1]);
    await chain.cycle(everywhere(21 * HOUR, 22 * HOUR), 'kept-then-restart');
    expect(await rulesOf()).toEqual(['rules 2', 'rules 2', 'rules 1']);
    await chain.settle();
    expect(await rulesOf()).toEqual(['rules 2', 'rules 2', 'rules 2']);
    for (const device of devices) {
      expect(breaches(device)).toMatchObject([
        { startMs: atMinute(2 * HOUR), endMs: atMinute(4 * HOUR) },
        { startMs: atMinute(20 * HOUR), endMs: null },
      ]);
    }
  });
});

describe('where the store has dropped its oldest frames', () => {
  const [device] = devices as [string];
  const rejudged = async (storeFromMin: number, alsoToMin = 24 * HOUR): Promise<Breach[]> => {
    await chain.cycle(frames(device, 0, 24 * HOUR), 'kept-then-new-rules');
    chain.dropFramesBefore(device, atMinute(storeFromMin));
    await chain.cycle(frames(device, 24 * HOUR, alsoToMin), 'kept');
    await chain.settle();
    return breaches(device);
  };

  test('what ended before them stays, and what was not read is no silence', async () => {
    const before = [
      { startMs: atMinute(2 * HOUR), endMs: atMinute(4 * HOUR) },
      { startMs: atMinute(20 * HOUR), endMs: null },
    ];
    expect(await rejudged(10 * HOUR)).toMatchObject(before);
    expect(await chain.loadState(device)).toMatchObject({
      history: { sinceMs: atMinute(0), toldBeforeMs: atMinute(10 * HOUR) },
    });
    // The next change finds it as it is.
    chain.changeRules();
    await chain.settle();
    expect(breaches(device)).toMatchObject(before);
  });

  test('what began before and ended after them stays as it was, and is not told twice', async () => {
    const told = [{ startMs: atMinute(2 * HOUR), endMs: atMinute(4 * HOUR) }, { startMs: atMinute(20 * HOUR) }];
    expect(await rejudged(3 * HOUR)).toMatchObject(told);
    // Late data from near there take nothing of it back either.
    for (const minute of [7 * HOUR + 1, 5 * HOUR + 1]) {
      const late = { timeMs: atMinute(minute), values: { 'pulp-1': 1 } };
      await chain.cycle([{ kind: 'frame', device, row: late }], 'kept');
      expect(breaches(device)).toMatchObject(told);
    }
  });

  test('what was open when they were dropped ends there, and goes on as another', async () => {
    expect(await rejudged(22 * HOUR)).toMatchObject([
      { endMs: atMinute(4 * HOUR) },
      { startMs: atMinute(20 * HOUR), endMs: atMinute(22 * HOUR), endedBy: null },
      { startMs: atMinute(22 * HOUR), endMs: null },
    ]);
  });

  test('with none left, all of it stays, and new frames are judged from the head on', async () => {
    const [first, open, after] = await rejudged(48 * HOUR, 26 * HOUR);
    expect(first).toMatchObject({ endMs: atMinute(4 * HOUR) });
    expect(open).toMatchObject({ startMs: atMinute(20 * HOUR), endMs: atMinute(24 * HOUR - 5) });
    expect(after).toMatchObject({ startMs: atMinute(24 * HOUR), endMs: null });
  });
});
