import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trace } from '../../src/trace/trace-types.ts';
import { coldtrail } from '../cli/coldtrail.ts';
import { CHAIN_START_MS, smallChain } from '../harness/chain.ts';
import { programPath } from '../harness/programs.ts';
import { type Serve, startServe } from '../harness/serve.ts';
import { tempDir } from '../harness/temp-dir.ts';

const chain = smallChain(2);
const dir = tempDir('hand');
const data = join(dir.path, 'data');
const startS = CHAIN_START_MS / 1000;

let serve: Serve;
beforeAll(async () => {
  const registry = join(dir.path, 'registry.json');
  writeFileSync(registry, JSON.stringify(chain.registry));
  serve = await startServe({
    COLDTRAIL_DATA_DIR: data,
    COLDTRAIL_REGISTRY: registry,
    COLDTRAIL_BROKER_PORT: '0',
    COLDTRAIL_BROKER_ANONYMOUS: 'true',
    // These frames are of last summer: by the wall's clock their devices have been silent since.
    COLDTRAIL_CLOCK: 'simulation',
  });
  publish('coldtrail/v1/clock', JSON.stringify({ time: new Date((startS + 4.5 * 3600) * 1000).toISOString() }));
  publish('coldtrail/v1/carrier/events', JSON.stringify(chain.events));
});
afterAll(async () => {
  await serve.stop();
  dir.remove();
});

/** As a person would, at QoS 1; returns when serve has acknowledged it. */
function publish(topic: string, message: string): void {
  const { hostname, port } = new URL(serve.url);
  const run = spawnSync(programPath('mosquitto_pub'), ['-h', hostname, '-p', port, '-q', '1', '-t', topic, '-s'], {
    input: message,
    encoding: 'utf8',
  });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
}

/** Traces in a process of its own, beside the one that serves, until so many pulp temperatures are there. */
async function traced(
  lot: string,
  pulpCount: number,
  ...options: string[]
): Promise<{ code: number | null; trace: Trace }> {
  let last: { code: number | null; trace: Trace } | undefined;
  await expect
    .poll(
      async () => {
        const { code, stdout } = await coldtrail(['trace', lot, '--json', '--data', data, ...options]);
        if (stdout === '') return -1; // the events are not taken in yet
        last = { code, trace: JSON.parse(stdout) as Trace };
        return last.trace.legs[0]?.pulp.count;
      },
      { timeout: 30_000, interval: 50 },
    )
    .toBe(pulpCount);
  return last!;
}

/** A pack of four hours, a frame every five minutes. */
const pack = (pulpC: (n: number) => number) =>
  JSON.stringify(
    Array.from({ length: 48 }, (_, n) => ({ n: 'pulp-1', u: 'Cel', t: startS + 900 + n * 300, v: pulpC(n) })),
  );

test('one frame sent by hand turns up in the trace of the batch that was there', async () => {
  publish('coldtrail/v1/carrier/unit-1/frames', `[{"n":"pulp-1","u":"Cel","t":${startS + 60},"v":1.25}]`);
  const { code, trace } = await traced('LOT-1', 1);
  expect(code).toBe(0);
  expect(trace.batch.id).toBe(chain.batches[0]);
  expect(trace.legs).toHaveLength(1);
  expect(trace.legs[0]).toMatchObject({
    org: 'carrier',
    asset: 'carrier/truck-1',
    devices: ['carrier/unit-1'],
    pulp: { count: 1, minC: 1.25, maxC: 1.25 },
  });
});

test('--fail-on-breach: 1 for the batch that got warm, 0 for the one that did not', async () => {
  publish(
    'coldtrail/v1/carrier/unit-1/frames',
    pack((n) => (n < 12 ? 1 : 9)),
  );
  publish(
    'coldtrail/v1/carrier/unit-2/frames',
    pack(() => 1),
  );
  const warm = await traced('LOT-1', 49, '--fail-on-breach');
  expect({ code: warm.code, result: warm.trace.verdict.result }).toEqual({ code: 1, result: 'breached' });
  expect(warm.trace.breaches.map(({ asset, channel }) => `${asset} ${channel}`)).toContain('carrier/truck-1 pulp-1');
  const good = await traced('LOT-2', 48, '--fail-on-breach');
  expect({ code: good.code, result: good.trace.verdict.result }).toEqual({ code: 0, result: 'ok' });
}, 60_000);
