import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openInflux2 } from '../../../src/store/frames/influx2/open.ts';
import type { FrameStore } from '../../../src/store/frames/store.ts';
import { frameStoreConformance } from '../../conformance/frame-store.ts';
import { allOf, batchOf, frame, plain, rangeOf } from '../../conformance/frames.ts';
import { type Influx2ContractServer, startInflux2ContractServer } from './influx2-contract-server.ts';

const account = { token: 'a+token==', org: 'Jiashi growers (simulated)', bucket: 'cold chain' };
const T0 = Date.UTC(2026, 7, 20, 6);

frameStoreConformance('InfluxDB 2.x, every request checked against the contract', async () => {
  const server = await startInflux2ContractServer(account);
  const store = await openInflux2({ ...account, url: server.url });
  return {
    store,
    release: async () => {
      await server.stop();
      expect(server.violations).toEqual([]);
    },
  };
});

const { INFLUX_URL, INFLUX_TOKEN, INFLUX_ORG, INFLUX_BUCKET } = process.env;
if (INFLUX_URL && INFLUX_TOKEN && INFLUX_ORG && INFLUX_BUCKET) {
  frameStoreConformance(`InfluxDB 2.x, the real one at ${INFLUX_URL} (INFLUX_URL, _TOKEN, _ORG, _BUCKET)`, async () => {
    const store = await openInflux2({ url: INFLUX_URL, token: INFLUX_TOKEN, org: INFLUX_ORG, bucket: INFLUX_BUCKET });
    await store.clear();
    return { store, release: async () => {} };
  });
}

describe('InfluxDB 2.x adapter', () => {
  let server: Influx2ContractServer;
  let store: FrameStore;
  beforeEach(async () => {
    server = await startInflux2ContractServer(account);
    store = await openInflux2({ ...account, url: server.url, random: () => 0 });
  });
  afterEach(async () => {
    await server.stop();
    expect(server.violations).toEqual([]);
  });

  test.each(['v2', 'v3'] as const)(
    'a type conflict, answered as %s does, leaves the other frames written',
    async (answer) => {
      server.points.integerFields.add('humidity');
      server.partialAnswer = answer;
      const frames = Array.from({ length: 300 }, (_, i) =>
        frame(`grower/conflict-${i % 7}`, T0 + i, i % 50 === 3 ? { humidity: 90, ambient: i } : { ambient: i }, i),
      );
      const { refused } = await store.append(batchOf(frames));
      expect(refused.map(({ index }) => index)).toEqual([3, 53, 103, 153, 203, 253]);
      expect(refused[0]!.message).toMatch(
        answer === 'v2' ? /field type conflict.*"humidity"/ : /partial write.*'humidity'/,
      );
      const devices = Array.from({ length: 7 }, (_, d) => allOf(`grower/conflict-${d}`));
      const written = frames.filter((_, i) => i % 50 !== 3).map(plain);
      const byTime = (await rangeOf(store, devices)).sort((a, b) => a.timeMs - b.timeMs);
      expect(byTime).toEqual(written);
    },
  );

  test('how long it keeps frames is what the bucket says, and where there are no buckets, the database', async () => {
    expect(await store.retention()).toBeNull();
    server.keptSeconds = 7 * 86_400;
    expect(await store.retention()).toEqual({ ms: 7 * 86_400_000, by: 'the bucket "cold chain"' });
    server.keptSeconds = null;
    expect(await store.retention()).toBeNull();
  });

  test('a busy server is asked again, not before its Retry-After, and nothing is lost', async () => {
    server.failNextWrites.push(
      {
        status: 503,
        headers: { 'retry-after': '1' },
        body: '{"code":"unavailable","message":"hinted handoff queue not empty"}',
      },
      { status: 429 },
      { status: 500, body: 'broken' },
    );
    const frames = [frame('grower/busy', T0, { ambient: 1 }, 1)];
    expect(await store.append(batchOf(frames))).toEqual({ refused: [] });
    expect(server.writesAtMs).toHaveLength(4);
    expect(server.writesAtMs[1]! - server.writesAtMs[0]!).toBeGreaterThanOrEqual(990);
    expect(await rangeOf(store, [allOf('grower/busy')])).toEqual(frames.map(plain));
  });

  test('a body that is too large is halved', async () => {
    server.failNextWrites.push({ status: 413 }, { status: 413 });
    const frames = Array.from({ length: 9 }, (_, i) => frame('grower/large', T0 + i, { ambient: i }, i));
    expect(await store.append(batchOf(frames))).toEqual({ refused: [] });
    expect(await rangeOf(store, [allOf('grower/large')])).toEqual(frames.map(plain));
  });

  test('a refused request is an error, not a lost batch', async () => {
    server.failNextWrites.push({
      status: 404,
      body: '{"code":"not found","message":"bucket \\"cold chain\\" not found"}',
    });
    const batch = batchOf([frame('grower/refused', T0, { ambient: 1 })]);
    await expect(store.append(batch)).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining('bucket "cold chain" not found'),
    });
    expect(await store.append(batch)).toEqual({ refused: [] });
  });

  test('the wrong token is refused when the store is opened', async () => {
    await expect(openInflux2({ ...account, url: server.url, token: 'other' })).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining('401 unauthorized access'),
      hint: expect.stringContaining('token'),
    });
  });

  test('dashboard points keep their tags, whatever is in them', async () => {
    await store.publish!([
      {
        measurement: 'breach',
        tags: { device: 'grower/t 1', rule: 'a,b=c', empty: '', batch: 'x\\y\nz' },
        fields: { peakC: 9.25, text: 'the "door", \\ open' },
        timeMs: T0,
      },
    ]);
    expect(server.points.others).toEqual([
      `breach,device=grower/t\\ 1,rule=a\\,b\\=c,batch=x_y_z peakC=9.25,text="the \\"door\\", \\\\ open" ${T0}`,
    ]);
  });
});
