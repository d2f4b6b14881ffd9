import { afterAll, beforeAll, expect, test } from 'vitest';
import { planOf, startSimulation } from '../../simulators/main.ts';
import { registryOf } from '../../simulators/registry.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { countDeadLettersByReason } from '../../src/store/ledger/dead-letters.ts';
import { renderCsv } from '../../src/trace/render-csv.ts';
import { renderJson } from '../../src/trace/render-json.ts';
import { traceBatch } from '../../src/trace/trace.ts';
import { parseZone, ZONE_DEFAULT } from '../../src/trace/zone.ts';
import { type Influxd, startInfluxd } from '../harness/influxd.ts';
import { startTestPipeline } from '../harness/pipeline.ts';

const plan = planOf({ scenario: 'tiny' });
const registry = registryOf(plan);
const zoneMin = parseZone(ZONE_DEFAULT)!;

let influxd: Influxd;
beforeAll(async () => {
  influxd = await startInfluxd();
});
afterAll(() => influxd.stop());

/** Simulates the scenario over MQTT, every device with its own credentials, and looks at everything it led to. */
async function simulateInto(store: Record<string, unknown>) {
  const pipeline = await startTestPipeline(
    { broker: { mode: 'embedded', port: 0 }, clock: 'simulation', store },
    registry,
  );
  try {
    const summary = await startSimulation({ plan }, { url: pipeline.brokerUrl }, { speed: 'max' });
    return await pipeline.look(async (stores) => {
      const traces = new Map<string, { json: string; csv: string }>();
      for (const { id } of plan.batches) {
        const trace = await traceBatch(stores, id);
        traces.set(id, { json: renderJson(trace), csv: renderCsv(trace, zoneMin) });
      }
      return {
        frames: summary.frames,
        traces,
        breaches: await listBreaches(stores.ledger.db),
        refused: await countDeadLettersByReason(stores.ledger.db),
      };
    });
  } finally {
    await pipeline.end();
  }
}

test('the same scenario leads to the same traces and breaches on SQLite and on influxd, byte for byte', async () => {
  const sqlite = await simulateInto({ kind: 'sqlite' });
  const influx = await simulateInto({ kind: 'influx1', url: influxd.url, database: 'tiny' });
  expect(sqlite.frames).toBeGreaterThan(1000);
  expect(sqlite.refused).toEqual(new Map());
  expect(sqlite.breaches.length).toBeGreaterThan(0);
  expect(sqlite.traces.size).toBe(plan.batches.length);
  const verdicts = [...sqlite.traces.values()].map(({ json }) => JSON.parse(json).verdict.result as string);
  // One truck's cooling fails: there is something to tell apart.
  expect(new Set(verdicts).size).toBe(2);
  expect(influx).toEqual(sqlite);
}, 120_000);
