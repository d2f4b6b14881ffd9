import { describe, expect, it } from 'vitest';
import { Link, linksOf } from '../../simulators/device/link.ts';
import type { PlannedFault } from '../../simulators/plan/types.ts';
import { MINUTE_MS, minutes, START_MS, toyAsset, toyDevice, toyDuty, toyPlan } from './toy-plan.ts';

describe('Link', () => {
  it('is down from ≤ t < to and up everywhere else', () => {
    const link = new Link([
      { fromMs: 10, toMs: 20 },
      { fromMs: 20, toMs: 25 },
      { fromMs: 40, toMs: 41 },
    ]);
    const downAt = Array.from({ length: 60 }, (_, t) => t).filter((t) => !link.isUp(t));
    expect(downAt).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 40]);
  });
});

describe('linksOf', () => {
  it('takes a link down in gaps of coverage, outages of its own and faults, and nobody else by it', () => {
    const fault = (kind: PlannedFault['kind'], from: number, severity = 1): PlannedFault => ({
      ...minutes(from, from + 2),
      kind,
      severity,
      assetIx: 0,
      deviceIx: 0,
      channel: null,
    });
    const duties = [toyDuty(0, 30, { unreached: [minutes(2, 5)] }), toyDuty(30, 60, { unreached: [minutes(40, 42)] })];
    const plan = toyPlan({
      assets: [toyAsset('o/a', { duties }), toyAsset('o/b')],
      devices: [toyDevice('o/d', 0, MINUTE_MS, { outages: [minutes(4, 8), minutes(50, 51)] }), toyDevice('o/e', 1, 1)],
      faults: [
        fault('link-outage', 20),
        fault('device-dead', 25),
        fault('link-outage', 55, 0),
        fault('clock-wrong', 57),
      ],
    });
    const [link, other] = linksOf(plan);
    const away = (of: Link) =>
      Array.from({ length: 60 }, (_, minute) => minute).filter((minute) => !of.isUp(START_MS + minute * MINUTE_MS));
    expect(away(link!)).toEqual([2, 3, 4, 5, 6, 7, 20, 21, 25, 26, 40, 41, 50]);
    expect(away(other!)).toEqual([]);
  });
});
