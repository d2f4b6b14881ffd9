import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SensorBank } from '../../simulators/device/sensor.ts';
import { type PlannedChannel, QUANTITIES, type Quantity } from '../../simulators/plan/types.ts';

const ideal: PlannedChannel = { name: 'air-return', quantity: 'airReturnC', tauS: 0, noiseSd: 0, bias: 0, quantum: 0 };

function truthOf(values: Partial<Record<Quantity, number>>): Float64Array {
  return Float64Array.from(QUANTITIES, (q) => values[q] ?? 0);
}

function measure(channel: PlannedChannel, trueValues: readonly number[], seed = 1, device = 'o/d'): number[] {
  const bank = new SensorBank(seed, device, [channel], 60_000);
  const out = new Float64Array(1);
  return trueValues.map((value) => {
    bank.sample(truthOf({ [channel.quantity]: value }), out);
    return out[0]!;
  });
}

describe('SensorBank', () => {
  it('shows the truth, at the resolution of the channel, where the sensor is ideal', () => {
    expect(measure(ideal, [4.00049, -1.4, 3.9996])).toEqual([4, -1.4, 4]);
  });

  it('starts at the truth and closes 1 − e^(−Δt/τ) of the gap at each sample', () => {
    // τ = 60 s sampled every 60 s: 63.2 % of a step of 10 K after one sample, 86.5 % after two.
    expect(measure({ ...ideal, tauS: 60 }, [0, 10, 10])).toEqual([0, 6.321, 8.647]);
  });

  it('adds its bias and steps by its quantum', () => {
    expect(measure({ ...ideal, bias: 0.2, quantum: 0.5 }, [1, 1.1, -1])).toEqual([1, 1.5, -1]);
  });

  it('never shows a value outside its scale', () => {
    const humidity: PlannedChannel = { ...ideal, name: 'humidity', quantity: 'humidityPct', bias: 3 };
    expect(measure(humidity, [95, 99, 100])).toEqual([98, 100, 100]);
  });

  it('has gaussian noise of the planned spread', () => {
    const noise = measure({ ...ideal, noiseSd: 0.1 }, new Array<number>(20_000).fill(0));
    const mean = noise.reduce((a, b) => a + b) / noise.length;
    const sd = Math.sqrt(noise.reduce((a, b) => a + (b - mean) ** 2, 0) / noise.length);
    // Three standard errors of the mean and of the standard deviation.
    expect(Math.abs(mean)).toBeLessThan((3 * 0.1) / Math.sqrt(20_000));
    expect(Math.abs(sd - 0.1)).toBeLessThan((3 * 0.1) / Math.sqrt(40_000));
    // A normal variable lies within one standard deviation with p = 0.6827.
    const within = noise.filter((x) => Math.abs(x) <= 0.1).length / noise.length;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.02);
  });

  it('draws the same numbers for the same seed, device and channel, and others for any other', () => {
    const noisy = { ...ideal, noiseSd: 0.1 };
    const zeros = [0, 0, 0, 0];
    const first = measure(noisy, zeros);
    expect(measure(noisy, zeros)).toEqual(first);
    expect(measure(noisy, zeros, 2)).not.toEqual(first);
    expect(measure(noisy, zeros, 1, 'o/e')).not.toEqual(first);
    expect(measure({ ...noisy, name: 'air-supply' }, zeros)).not.toEqual(first);
  });

  it('gives a channel the same values whatever other channels the device has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -40, max: 60, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const noisy: PlannedChannel = { ...ideal, tauS: 100, noiseSd: 0.1 };
          const other: PlannedChannel = { ...noisy, name: 'air', quantity: 'airSupplyC' };
          const bank = new SensorBank(1, 'o/d', [noisy, other], 60_000);
          expect(bank.layout.channels).toEqual(['air', 'air-return']);
          const out = new Float64Array(2);
          const together = values.map((value) => {
            bank.sample(truthOf({ airReturnC: value, airSupplyC: -value }), out);
            return out[1]!;
          });
          expect(together).toEqual(measure(noisy, values));
        },
      ),
    );
  });

  it('refuses a channel that no device may use', () => {
    expect(() => new SensorBank(1, 'o/d', [{ ...ideal, name: 'mood' }], 60_000)).toThrow('mood');
  });
});
