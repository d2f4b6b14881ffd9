import { describe, expect, test } from 'vitest';
import { ROOM_PRE_COOLING } from '../../../simulators/world/assets/kinds.ts';
import { coolingTimesH, runInChamber } from '../../../simulators/world/experiments.ts';

describe('pre-cooling', () => {
  const test_ = { kind: 'pre-cooling-room', hours: 60, chamberC: 30, setPointC: 0 } as const;
  const load = { massKg: 10_000, pulpC: 28 };

  test('forced air brings a load half of the way in about 1.5 h, a room in about 12 h; seven eighths take thrice that', () => {
    const forced = coolingTimesH({ ...test_, load });
    const room = coolingTimesH({ ...test_, body: ROOM_PRE_COOLING, load });
    expect(forced.halfH).toBeGreaterThan(1.2);
    expect(forced.halfH).toBeLessThan(2);
    expect(room.halfH).toBeGreaterThan(9);
    expect(room.halfH).toBeLessThan(16);
    for (const { halfH, sevenEighthsH } of [forced, room]) {
      expect(sevenEighthsH / halfH).toBeGreaterThan(2.7);
      expect(sevenEighthsH / halfH).toBeLessThan(3.5);
    }
  });

  test('twice the load takes longer: the unit is at its limit', () => {
    const half = (massKg: number) => coolingTimesH({ ...test_, load: { massKg, pulpC: 28 } }).halfH;
    expect(half(20_000)).toBeGreaterThan(1.1 * half(10_000));
  });
});

test('an unpowered empty box comes to the temperature of its chamber', () => {
  const { returnC } = runInChamber({ kind: 'cold-store', hours: 72, chamberC: 20, setPointC: 0, powered: false });
  expect(returnC.at(-1)!).toBeCloseTo(20, 1);
});
