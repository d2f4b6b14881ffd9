import { describe, expect, it } from 'vitest';
import { batteryDrainPct } from '../../simulators/device/battery.ts';
import { layoutOf } from '../../simulators/device/sampling.ts';
import type { Plan, PlannedDevice, PlannedFault } from '../../simulators/plan/types.ts';
import { runBlocks } from '../../simulators/run.ts';
import { MINUTE_MS, minutes, START_MS, toyAsset, toyDevice, toyDuty, toyPlan, toyWorld } from './toy-plan.ts';

interface Row {
  readonly device: string;
  /** Minutes after the start, true time. */
  readonly minute: number;
  readonly timeMs: number;
  readonly seq: number;
  readonly values: Readonly<Record<string, number>>;
}

function rowsOf(plan: Plan, assets?: (assetIx: number) => boolean): Row[] {
  const rows: Row[] = [];
  for (const block of runBlocks(plan, toyWorld(), assets)) {
    for (let i = 0; i < block.size; i++) {
      const device = plan.devices[block.deviceIx[i]!]!;
      const { channels } = layoutOf(device);
      rows.push({
        device: device.key,
        minute: (block.sampledMs[i]! - START_MS) / MINUTE_MS,
        timeMs: block.timeMs[i]!,
        seq: block.seq[i]!,
        values: Object.fromEntries(channels.map((name, c) => [name, block.values[block.valueAt[i]! + c]!])),
      });
    }
  }
  return rows;
}

/** A plan with one device on one asset that is on duty in the given minutes. */
function planOf(changes: Partial<PlannedDevice>, duties = [toyDuty(0, 60)], faults: PlannedFault[] = []): Plan {
  const device = toyDevice('o/d', 0, MINUTE_MS, changes);
  return toyPlan({ assets: [toyAsset('o/a', { duties })], devices: [device], faults });
}

function deviceFault(kind: PlannedFault['kind'], from: number, to: number, severity: number): PlannedFault {
  return { ...minutes(from, to), kind, severity, assetIx: 0, deviceIx: 0, channel: null };
}

describe('a device', () => {
  it('numbers its frames from 0, once a sample interval', () => {
    const rows = rowsOf(planOf({}));
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    for (const [i, row] of rows.entries()) if (i > 0) expect(row.minute - rows[i - 1]!.minute).toBeCloseTo(1);
  });

  it('reports only while its asset is on duty', () => {
    const rows = rowsOf(planOf({}, [toyDuty(5, 15), toyDuty(30, 40)]));
    expect(rows).toHaveLength(20);
    for (const { minute } of rows) expect((minute >= 5 && minute < 15) || (minute >= 30 && minute < 40)).toBe(true);
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('leaves out its share of samples, without a number for them', () => {
    const rows = rowsOf({ ...planOf({ missingShare: 0.3, sampleMs: 1000, reportMs: 1000 }) });
    expect(rows.length / 3600).toBeCloseTo(0.7, 1);
    expect(rows.at(-1)!.seq).toBe(rows.length - 1);
  });

  it('stamps its frames by its own clock', () => {
    const rows = rowsOf(planOf({ clockAheadMs: 500, clockDriftPpm: 100 }));
    for (const { minute, timeMs } of rows) {
      const trueMs = START_MS + minute * MINUTE_MS;
      expect(timeMs).toBe(Math.round(trueMs + 500 + (100 * minute * MINUTE_MS) / 1e6));
    }
  });

  it('has a wrong clock while that fault lasts', () => {
    const rows = rowsOf(planOf({}, [toyDuty(0, 60)], [deviceFault('clock-wrong', 10, 20, -3600)]));
    for (const { minute, timeMs } of rows) {
      const aheadMs = timeMs - (START_MS + minute * MINUTE_MS);
      expect(aheadMs).toBe(minute >= 10 && minute < 20 ? -3_600_000 : 0);
    }
  });

  it('reports nothing while it is dead, and goes on with the next number', () => {
    const rows = rowsOf(planOf({}, [toyDuty(0, 60)], [deviceFault('device-dead', 10, 20, 1)]));
    expect(rows).toHaveLength(50);
    expect(rows.some(({ minute }) => minute >= 10 && minute < 20)).toBe(false);
    expect(rows.at(-1)!.seq).toBe(49);
  });

  it('has no frame where no sensor gives a value, and a gap where one gives none', () => {
    const dropout = (channel: string): PlannedFault => ({
      ...deviceFault('sensor-dropout', 10, 20, 1),
      channel,
    });
    const some = rowsOf(planOf({}, [toyDuty(0, 60)], [dropout('pulp-1')]));
    expect(some).toHaveLength(60);
    for (const { minute, values } of some) {
      expect(Number.isNaN(values['pulp-1'])).toBe(minute >= 10 && minute < 20);
      expect(values['door']).not.toBeNaN();
    }
    const all = planOf({}).devices[0]!.channels.map((channel) => dropout(channel.name));
    expect(rowsOf(planOf({}, [toyDuty(0, 60)], all))).toHaveLength(50);
  });
});

describe('a battery', () => {
  it('lasts as long as it says at 20 °C, and less in the cold', () => {
    expect(batteryDrainPct(50, 100, 20)).toBe(50);
    expect(batteryDrainPct(50, 100, 35)).toBe(50);
    expect(batteryDrainPct(50, 100, 0)).toBeCloseTo(62);
    expect(batteryDrainPct(1, 100, -20)).toBeGreaterThan(batteryDrainPct(1, 100, 0));
  });

  const battery = {
    name: 'battery',
    quantity: 'batteryPct',
    tauS: 0,
    noiseSd: 0,
    bias: 0,
    driftPerDay: 0,
    quantum: 0,
  } as const;

  it('runs down and ends the frames of its device, and is full again for the next duty', () => {
    // About 1.24 times as fast near 0 °C: half an hour on paper is 24 minutes.
    const rows = rowsOf(planOf({ batteryHours: 0.5, channels: [battery] }, [toyDuty(0, 40), toyDuty(45, 60)]));
    const first = rows.filter(({ minute }) => minute < 40);
    expect(first.length).toBeGreaterThan(22);
    expect(first.length).toBeLessThan(26);
    const levels = first.map(({ values }) => values['battery']!);
    expect(levels).toEqual([...levels].sort((a, b) => b - a));
    expect(levels.at(-1)).toBeLessThan(6);
    expect(rows.find(({ minute }) => minute >= 45)!.values['battery']).toBeGreaterThan(94);
  });

  it('is the concern of the asset where that feeds the device', () => {
    const rows = rowsOf(planOf({ channels: [battery] }));
    expect(new Set(rows.map(({ values }) => values['battery']))).toEqual(new Set([100]));
  });
});

describe('a shard', () => {
  it('has the same frames as the whole, those of its assets', () => {
    const whole = rowsOf(toyPlan());
    const parts = [0, 1].map((assetIx) => rowsOf(toyPlan(), (ix) => ix === assetIx));
    for (const [i, key] of ['grower/', 'carrier/'].entries()) {
      expect(parts[i]).toEqual(whole.filter((row) => row.device.startsWith(key)));
      expect(parts[i]!.length).toBeGreaterThan(0);
    }
  });
});
