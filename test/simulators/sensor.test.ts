import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SensorBank } from '../../simulators/device/sensor.ts';
import type { StrikingFault } from '../../simulators/device/sensor-faults.ts';
import { type FaultKind, type PlannedChannel, QUANTITIES, type Quantity } from '../../simulators/plan/types.ts';
import { MINUTE_MS, toyDevice } from './toy-plan.ts';

const ideal: PlannedChannel = {
  name: 'air-return',
  quantity: 'airReturnC',
  tauS: 0,
  noiseSd: 0,
  bias: 0,
  driftPerDay: 0,
  quantum: 0,
};

function truthOf(values: Partial<Record<Quantity, number>>): Float64Array {
  return Float64Array.from(QUANTITIES, (q) => values[q] ?? 0);
}

interface Measuring {
  readonly seed?: number;
  readonly device?: string;
  readonly faults?: readonly StrikingFault[];
  readonly others?: readonly PlannedChannel[];
}

/** What one sensor shows of true values that come once a minute. */
function measure(channel: PlannedChannel, trueValues: readonly number[], how: Measuring = {}): number[] {
  const { seed = 1, device: key = 'o/d', faults = [], others = [] } = how;
  const device = toyDevice(key, 0, MINUTE_MS, { channels: [channel, ...others] });
  const bank = new SensorBank(seed, 0, [device], new Map([[key, faults]]));
  const at = device.channels
    .map((c) => c.name)
    .sort()
    .indexOf(channel.name);
  const out = new Float64Array(device.channels.length);
  return trueValues.map((value, n) => {
    bank.measure(0, n * MINUTE_MS, n, truthOf({ airDoorC: 20, [channel.quantity]: value }), out, 0);
    return out[at]!;
  });
}

const zeros = (count: number) => new Array<number>(count).fill(0);

function fault(kind: FaultKind, severity: number, fromMinute = 0, toMinute = 1e9): StrikingFault {
  return { kind, channel: 'air-return', severity, fromMs: fromMinute * MINUTE_MS, toMs: toMinute * MINUTE_MS };
}

describe('SensorBank', () => {
  it('shows the truth, at the resolution of the channel, where the sensor is ideal', () => {
    expect(measure(ideal, [4.00049, -1.4, 3.9996, -0.0001])).toEqual([4, -1.4, 4, 0]);
  });

  it('starts at the truth and closes 1 − e^(−Δt/τ) of the gap at each sample', () => {
    // τ = 60 s sampled every 60 s: 63.2 % of a step of 10 K after one sample, 86.5 % after two.
    expect(measure({ ...ideal, tauS: 60 }, [0, 10, 10])).toEqual([0, 6.321, 8.647]);
  });

  it('starts anew at the truth after it was switched off', () => {
    const bank = new SensorBank(1, 0, [toyDevice('o/d', 0, MINUTE_MS, { channels: [{ ...ideal, tauS: 600 }] })]);
    const out = new Float64Array(1);
    for (const value of [0, 10]) {
      bank.restart(0);
      bank.measure(0, 0, 0, truthOf({ airReturnC: value }), out, 0);
      expect(out[0]).toBe(value);
    }
  });

  it('adds its bias and its drift, and steps by its quantum', () => {
    expect(measure({ ...ideal, bias: 0.2, quantum: 0.5 }, [1, 1.1, -1])).toEqual([1, 1.5, -1]);
    expect(measure({ ...ideal, driftPerDay: 1.44 }, zeros(4))).toEqual([0, 0.001, 0.002, 0.003]);
  });

  it('never shows a value outside its scale', () => {
    const humidity: PlannedChannel = { ...ideal, name: 'humidity', quantity: 'humidityPct', bias: 3 };
    expect(measure(humidity, [95, 99, 100])).toEqual([98, 100, 100]);
  });

  it('draws the same numbers for the same seed, device and channel, and others for any other', () => {
    const noisy = { ...ideal, noiseSd: 0.1 };
    const first = measure(noisy, zeros(4));
    expect(measure(noisy, zeros(4))).toEqual(first);
    expect(measure(noisy, zeros(4), { seed: 2 })).not.toEqual(first);
    expect(measure(noisy, zeros(4), { device: 'o/e' })).not.toEqual(first);
    expect(measure({ ...noisy, name: 'air-supply' }, zeros(4))).not.toEqual(first);
  });

  it('has noise of the planned spread', () => {
    const noise = measure({ ...ideal, noiseSd: 0.1 }, zeros(20_000));
    const sd = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length);
    // Three standard errors of the standard deviation.
    expect(Math.abs(sd - 0.1)).toBeLessThan((3 * 0.1) / Math.sqrt(40_000));
  });

  it('gives a channel the same values whatever other channels the device has', () => {
    const noisy: PlannedChannel = { ...ideal, tauS: 100, noiseSd: 0.1 };
    const other: PlannedChannel = { ...noisy, name: 'air', quantity: 'airSupplyC' };
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -40, max: 60, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          expect(measure(noisy, values, { others: [other] })).toEqual(measure(noisy, values));
        },
      ),
    );
  });

  it('refuses a channel that no device may use', () => {
    expect(() => measure({ ...ideal, name: 'mood' }, [])).toThrow('mood');
  });
});

describe('a sensor fault', () => {
  const rising = Array.from({ length: 10 }, (_, i) => i);

  it('acts from its start up to its end, and on its own channel only', () => {
    const stuck = fault('sensor-stuck', 1, 2, 5);
    expect(measure(ideal, rising, { faults: [stuck] })).toEqual([0, 1, 2, 2, 2, 5, 6, 7, 8, 9]);
    const other: PlannedChannel = { ...ideal, name: 'air', quantity: 'airSupplyC' };
    expect(measure(other, rising, { faults: [stuck], others: [ideal] })).toEqual(rising);
  });

  it('drifts by degrees a day', () => {
    expect(measure(ideal, zeros(4), { faults: [fault('sensor-drift', 14.4, 1)] })).toEqual([0, 0, 0.01, 0.02]);
  });

  it('sees a share of door-side air where it is misplaced', () => {
    expect(measure(ideal, [0, 10], { faults: [fault('sensor-misplaced', 0.25)] })).toEqual([5, 12.5]);
  });

  it('jumps for its share of samples, by 5 to 20 either way', () => {
    const shown = measure(ideal, zeros(5000), { faults: [fault('sensor-spikes', 0.1)] });
    const spikes = shown.filter((value) => value !== 0);
    expect(spikes.length / shown.length).toBeCloseTo(0.1, 1);
    for (const spike of spikes) {
      expect(Math.abs(spike)).toBeGreaterThanOrEqual(5);
      expect(Math.abs(spike)).toBeLessThanOrEqual(20);
    }
    expect(spikes.filter((spike) => spike > 0).length / spikes.length).toBeCloseTo(0.5, 1);
  });

  it('leaves out values for its share of samples', () => {
    const shown = measure(ideal, zeros(5000), { faults: [fault('sensor-dropout', 0.3)] });
    expect(shown.filter(Number.isNaN).length / shown.length).toBeCloseTo(0.3, 1);
  });

  it('adds to the noise', () => {
    const shown = measure(ideal, zeros(5000), { faults: [fault('sensor-noise', 2)] });
    expect(Math.sqrt(shown.reduce((sum, x) => sum + x * x, 0) / shown.length)).toBeCloseTo(2, 1);
  });

  it('does nothing at severity 0', () => {
    const kinds: FaultKind[] = ['sensor-stuck', 'sensor-spikes', 'sensor-drift', 'sensor-dropout', 'sensor-noise'];
    const faults = [...kinds, 'sensor-misplaced' as const].map((kind) => fault(kind, 0));
    const noisy = { ...ideal, noiseSd: 0.1, tauS: 100 };
    expect(measure(noisy, rising, { faults })).toEqual(measure(noisy, rising));
  });
});
