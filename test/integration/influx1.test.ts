import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { monotonicMs } from '../../src/lib/clock.ts';
import { openInflux1 } from '../../src/store/frames/influx1/open.ts';
import { allOf, batchOf, frame, plain, rangeOf } from '../conformance/frames.ts';
import { freePort } from '../harness/free-port.ts';
import { type Influxd, startInfluxd } from '../harness/influxd.ts';

const T0 = Date.UTC(2026, 7, 20, 6);
const database = 'coldtrail';

let influxd: Influxd;
beforeEach(async () => {
  influxd = await startInfluxd();
});
afterEach(() => influxd.stop());

/** Batch b of a season: 10 devices, `perDevice` frames each. */
const framesOf = (b: number, perDevice: number): Frame[] =>
  Array.from({ length: perDevice * 10 }, (_, i) =>
    frame(
      `grower/d${i % 10}`,
      T0 + (b * perDevice + Math.floor(i / 10)) * 1000,
      { 'pulp-1': b + i / 1000, door: i % 2 },
      i,
    ),
  );

describe('InfluxDB 1.x when the server goes away', () => {
  test.each(['stop', 'kill'] as const)(
    '%s in the middle of appends: each goes on by itself, nothing lost, nothing twice',
    async (end) => {
      const away: string[] = [];
      const store = await openInflux1({ url: influxd.url, database, onAway: (message) => away.push(message) });
      const batches = Array.from({ length: 12 }, (_, b) => framesOf(b, 300));
      const outage = (async () => {
        await sleep(150);
        if (end === 'stop') await influxd.stop({ keepData: true });
        else await influxd.kill();
        await sleep(700);
        await influxd.start();
      })();
      for (const frames of batches) {
        expect(await store.append(batchOf(frames))).toEqual({ refused: [] });
        await sleep(30);
      }
      await outage;
      expect(away.length).toBeGreaterThan(0);
      const devices = Array.from({ length: 10 }, (_, d) => `grower/d${d}`);
      const expected = devices.flatMap((device) =>
        batches
          .flat()
          .filter((f) => f.device === device)
          .map(plain),
      );
      expect(await rangeOf(store, devices.map(allOf))).toEqual(expected);
      const counted = await influxd.query('SELECT count(seq) FROM telemetry', { db: database });
      expect(counted.results[0]!.series![0]!.values[0]![1]).toBe(12 * 3_000);
    },
  );

  test('a server that accepts and never answers: the append tries again and ends when it answers', async () => {
    const away: string[] = [];
    const store = await openInflux1({
      url: influxd.url,
      database,
      requestTimeoutMs: 400,
      onAway: (message) => away.push(message),
    });
    influxd.pause();
    const appended = store.append(batchOf(framesOf(0, 5)));
    await expect(store.latest()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    await sleep(500);
    influxd.resume();
    expect(await appended).toEqual({ refused: [] });
    expect(away[0]).toContain('no answer in 400 ms');
    expect(await rangeOf(store, [allOf('grower/d3')])).toHaveLength(5);
  });

  test('the signal ends an append that waits, at once, with a reason', async () => {
    const store = await openInflux1({ url: influxd.url, database });
    await influxd.stop({ keepData: true });
    const controller = new AbortController();
    const appended = store.append(batchOf(framesOf(0, 5)), controller.signal);
    const refused = expect(appended).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringMatching(/ECONNREFUSED|socket hang up|ECONNRESET/),
    });
    await sleep(2_000);
    const abortedMs = monotonicMs();
    controller.abort();
    await refused;
    expect(monotonicMs() - abortedMs).toBeLessThan(500);
    await expect(store.append(batchOf(framesOf(0, 5)), controller.signal)).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
    });
  });

  test('an append that waits holds no more than its batch', async () => {
    let attempts = 0;
    // A jitter of −1 makes every wait 0 ms: thousands of attempts instead of a handful.
    const store = await openInflux1({ url: influxd.url, database, random: () => -1, onAway: () => attempts++ });
    await influxd.stop({ keepData: true });
    const batch = batchOf(framesOf(0, 1_000));
    const before = await heapUsedMb();
    const appended = store.append(batch);
    const grownMb: number[] = [];
    for (let k = 0; k < 4; k++) {
      await sleep(300);
      grownMb.push((await heapUsedMb()) - before);
    }
    const attemptsAway = attempts;
    await influxd.start();
    expect(await appended).toEqual({ refused: [] });
    expect(attemptsAway).toBeGreaterThan(50);
    // The text of two requests is some 2 × 0.5 MB.
    expect(Math.max(...grownMb)).toBeLessThan(8);
  });
});

describe('InfluxDB 1.x when it refuses', () => {
  test('points of a conflicting type come back by index, everything else is written', async () => {
    const store = await openInflux1({ url: influxd.url, database });
    await influxd.query('CREATE DATABASE other');
    await writeRaw(`telemetry,device=stranger/x humidity=3i ${T0}`);
    const frames = Array.from({ length: 7_000 }, (_, i) =>
      frame(`grower/d${i % 10}`, T0 + i * 1000, i % 100 === 7 ? { humidity: 90, 'pulp-1': i } : { 'pulp-1': i }, i),
    );
    const { refused } = await store.append(batchOf(frames));
    expect(refused.map(({ index }) => index)).toEqual(frames.flatMap((f, i) => (f.layout.key === 'pulp-1' ? [] : i)));
    expect(refused[0]!.message).toMatch(/field type conflict.*"humidity"/);
    const devices = Array.from({ length: 10 }, (_, d) => allOf(`grower/d${d}`));
    const written = (await rangeOf(store, devices)).sort((a, b) => a.timeMs - b.timeMs);
    expect(written).toEqual(frames.filter((f) => f.layout.key === 'pulp-1').map(plain));
  });

  test('a point outside the retention policy is refused, the others are written', async () => {
    const store = await openInflux1({ url: influxd.url, database });
    await influxd.query(`ALTER RETENTION POLICY autogen ON ${database} DURATION 1000w`);
    const recent = frame('grower/r', T0, { ambient: 1 });
    const { refused } = await store.append(batchOf([frame('grower/r', Date.UTC(2001, 0, 1), { ambient: 2 }), recent]));
    expect(refused).toEqual([{ index: 0, message: expect.stringContaining('points beyond retention policy') }]);
    expect(await rangeOf(store, [allOf('grower/r')])).toEqual([plain(recent)]);
  });

  test('a database that was dropped meanwhile is an error that says so; nothing is made anew behind the back', async () => {
    const store = await openInflux1({ url: influxd.url, database });
    await influxd.query(`DROP DATABASE ${database}`);
    const gone = { code: 'STORE_REFUSED', message: expect.stringContaining('database not found') };
    await expect(store.append(batchOf(framesOf(0, 1)))).rejects.toMatchObject(gone);
    await expect(rangeOf(store, [allOf('grower/d1')])).rejects.toMatchObject(gone);
  });

  test('an address where nobody listens is unreachable, with a hint', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(openInflux1({ url, database })).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining(url),
    });
  });

  test('names are quoted: nothing in a device or channel name is taken for InfluxQL', async () => {
    const store = await openInflux1({ url: influxd.url, database });
    const devices = [
      `o'; DROP MEASUREMENT "telemetry"; --`,
      `a" OR "device" != 'x`,
      `' OR 1=1 --`,
      'b, c=d',
      '\u5362/\u8bbe',
    ];
    const frames = devices.map((device, i) =>
      frame(device, T0 + i, { [`x"; DROP DATABASE ${database} --`]: i, 'y,=z': 1 }),
    );
    await store.append(batchOf(frames));
    expect(await rangeOf(store, devices.map(allOf))).toEqual(frames.map(plain));
    expect(await rangeOf(store, [allOf(devices[0]!)], [`x"; DROP DATABASE ${database} --`])).toHaveLength(1);
    expect(await store.downsample([allOf(devices[1]!)], ['y,=z'], 1000)).toHaveLength(1);
    expect(await store.latest([devices[2]!])).toHaveLength(1);
    expect(await rangeOf(store, [allOf(`\\' OR "device" =~ /.*/ --`)])).toEqual([]);
  });

  test('a range that the server cuts short (max-row-limit) is read to its end', async () => {
    await influxd.stop({ keepData: true });
    await influxd.start({ INFLUXDB_HTTP_MAX_ROW_LIMIT: '100' });
    const store = await openInflux1({ url: influxd.url, database });
    const frames = Array.from({ length: 1_234 }, (_, i) => frame('grower/cut', T0 + i, { ambient: i }, i));
    await store.append(batchOf(frames));
    expect(await rangeOf(store, [allOf('grower/cut')])).toEqual(frames.map(plain));
    const [series] = await store.downsample([allOf('grower/cut')], ['ambient'], 2);
    expect(series!.count).toHaveLength(617);
  });
});

test('InfluxDB 1.x that asks for credentials: the right ones work, wrong ones are refused when opened', async () => {
  await influxd.query(`CREATE USER admin WITH PASSWORD 'plum' WITH ALL PRIVILEGES`);
  await influxd.stop({ keepData: true });
  await influxd.start({ INFLUXDB_HTTP_AUTH_ENABLED: 'true' });
  const store = await openInflux1({ url: influxd.url, database, username: 'admin', password: 'plum' });
  const written = frame('grower/auth', T0, { ambient: 1 });
  await store.append(batchOf([written]));
  expect(await rangeOf(store, [allOf('grower/auth')])).toEqual([plain(written)]);
  for (const wrong of [{ username: 'admin', password: 'pear' }, {}]) {
    await expect(openInflux1({ url: influxd.url, database, ...wrong })).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining('401'),
      hint: expect.stringContaining('password'),
    });
  }
});

async function writeRaw(line: string): Promise<void> {
  const response = await fetch(`${influxd.url}/write?db=${database}&precision=ms`, { method: 'POST', body: line });
  expect(response.status).toBe(204);
}

/** After a full collection, which V8 offers to whom asks for it by flag. */
async function heapUsedMb(): Promise<number> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
