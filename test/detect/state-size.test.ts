import { expect, test } from 'vitest';
import { armingOf } from '../../src/detect/arming.ts';
import { DeviceFold } from '../../src/detect/fold.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { atMinute, chunkOf, type Row } from './frames.ts';

test('what the prune rules remember of a channel in trouble stays under 1 KiB', () => {
  const stay = { asset: 'org/truck', fromMs: 0, toMs: null };
  const arming = armingOf([stay], [{ ...stay, profile: profileFor('prune')! }], () => 'reefer-truck');
  const fold = new DeviceFold('org/dev', arming);
  let worst = 0;
  for (let i = 0; i < 600; i++) {
    const waveC = (n: number) => Math.round((5 + 8 * Math.sin(i / 40 + n)) * 1000) / 1000;
    const values = {
      'pulp-1': waveC(1),
      'pulp-2': waveC(2),
      'pulp-3': waveC(3),
      'air-return': waveC(4),
      'air-supply': waveC(5),
      door: 1,
      'set-point': 9,
    };
    const row: Row = { timeMs: atMinute(i * 5), values };
    fold.fold(chunkOf('org/dev', [row]), { closed: () => {}, checkpoint: () => {} });
    const bytes = new Map<string, number>();
    for (const [key, numbers] of Object.entries(fold.state().memories)) {
      const channel = key.split(':')[0]!;
      bytes.set(channel, (bytes.get(channel) ?? 0) + key.length + 4 + JSON.stringify(numbers).length);
    }
    worst = Math.max(worst, ...bytes.values());
  }
  expect(worst).toBeGreaterThan(300);
  expect(worst).toBeLessThan(1024);
});
