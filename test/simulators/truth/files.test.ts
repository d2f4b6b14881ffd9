import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterEach, describe, expect, it } from 'vitest';
import { SLICE_MS } from '../../../simulators/plan/types.ts';
import { TruthFiles } from '../../../simulators/truth/files.ts';
import { TruthRecorder } from '../../../simulators/truth/recorder.ts';
import { toyFault, toyRunning, toySeason } from './toy-season.ts';

const dir = mkdtempSync(join(tmpdir(), 'coldtrail-truth-'));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const ndjson = (name: string) =>
  readFileSync(join(dir, `${name}.ndjson`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function parquet(name: string): Promise<Record<string, unknown>[]> {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(dir, `${name}.parquet`)) });
  return JSON.parse(JSON.stringify(rows)) as Record<string, unknown>[];
}

describe('TruthFiles', () => {
  it('writes the same four tables as NDJSON and as Parquet', async () => {
    const plan = toySeason([
      toyFault(2, 40, 50, 9),
      { ...toyFault(2, 45, 55, 0), kind: 'sensor-stuck', channel: 'pulp-1' },
    ]);
    const files = new TruthFiles(dir);
    const real = toyRunning(plan);
    const options = { everyMs: SLICE_MS, onTemperature: files.add.bind(files) };
    const recorder = new TruthRecorder(real, toyRunning(toySeason([])), options);
    for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
      real.world.beginSlice(fromMs);
      real.world.endSlice(fromMs + SLICE_MS);
      recorder.afterSlice(fromMs + SLICE_MS);
    }
    files.close(recorder.end());
    for (const [name, rows] of [
      ['truth-temperatures', 2 * 20 + 50 + 2 * 20 + 10],
      ['truth-faults', 2],
      ['truth-batches', 5],
      ['truth-assets', 4],
    ] as const) {
      const lines = ndjson(name);
      expect(lines).toHaveLength(rows);
      expect(await parquet(name)).toEqual(lines);
    }
    expect(ndjson('truth-faults')[0]).toMatchObject({
      fault: 0,
      kind: 'unit-failure',
      asset: 'carrier/truck',
      from: '2026-08-20T03:20:00.000Z',
      batches: ['load'],
      alarmMin: 50,
      channel: null,
    });
  });
});
