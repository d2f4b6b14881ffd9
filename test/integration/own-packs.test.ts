import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Frame, internLayout } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { framesTopic } from '../../src/contract/topics.ts';
import { packFile as shippedFile } from '../../src/produce/packs.ts';
import { rebuild } from '../../src/rebuild.ts';
import { listAlerts } from '../../src/store/ledger/alerts.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { coldtrail } from '../cli/coldtrail.ts';
import { CHAIN_START_MS, smallChain } from '../harness/chain.ts';
import { type Influxd, startInfluxd } from '../harness/influxd.ts';
import { packFile } from '../harness/own-pack.ts';
import { startTestPipeline, type TestPipeline } from '../harness/pipeline.ts';
import { sendClock, sendEvents } from '../harness/sending.ts';
import { tempDir } from '../harness/temp-dir.ts';

const chain = smallChain(1);
const device = chain.devices[0]!;
const at = (minute: number) => CHAIN_START_MS + minute * 60_000;

/** Two hours at 3 °C, which shipped rules bear, a frame each five minutes. */
const frames = Array.from(
  { length: 24 },
  (_, n): Frame => ({ device, timeMs: at(n * 5), seq: null, layout: internLayout(['pulp-1']), values: [3] }),
);

const start = (dataDir: string, packs: string[], over = {}) =>
  startTestPipeline({ dataDir, clock: 'simulation', rules: { packs }, ...over }, chain.registry);

/** What the pipeline says once it is through; asked until it is so many breaches. */
async function rulesBroken(pipeline: TestPipeline, count: number): Promise<string[]> {
  for (let n = 0; ; n++) {
    const found = await pipeline.look(({ ledger }) => listBreaches(ledger.db));
    if (found.length === count || n === 100) return found.map(({ rule, fold, limit }) => `${rule} ${fold} ${limit}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a pack of one’s own judges live data; with it or without it, what was there is judged again', async () => {
  const dir = tempDir('own-packs');
  const file = packFile('ours');
  const shipped = await start(dir.path, []);
  const client = await shipped.client();
  await sendEvents(client, chain);
  await sendClock(client, at(115));
  await client.publishAsync(framesTopic(device), encodeJson(frames), { qos: 1 });
  expect(await shipped.look(({ frames }) => frames.latest())).toMatchObject([{ timeMs: at(115) }]);
  expect(await rulesBroken(shipped, 0)).toEqual([]);
  await shipped.stop();

  const own = await start(dir.path, [file]);
  expect(await rulesBroken(own, 1)).toEqual(['pulp-strict high 2']);
  const alerts = await own.look(({ ledger }) => listAlerts(ledger.db));
  expect(alerts).toMatchObject([{ about: 'cargo', headline: 'Pulp above 2 °C for over 30 min' }]);
  await own.stop();

  // A rebuild by other rules finds other breaches in the same journal.
  const stricter = packFile('ours', { params: '{ limitC: 1, dwellMin: 30 }' });
  const config = { ...own.config, rules: { packs: [stricter] } };
  await rebuild(config, () => {}, new AbortController().signal);
  const again = await start(dir.path, [stricter]);
  expect(await rulesBroken(again, 1)).toEqual(['pulp-strict high 1']);
  await again.stop();

  const without = await start(dir.path, []);
  expect(await rulesBroken(without, 0)).toEqual([]);
  await without.end();
  dir.remove();
}, 60_000);

test('a wrong pack is refused before anything is opened', async () => {
  const file = packFile('ours', { params: '{ limitC: 2, dwelMin: 30 }' });
  await expect(startTestPipeline({ rules: { packs: [file] } })).rejects.toMatchObject({
    code: 'RULES_INVALID',
    message: expect.stringContaining(`${file}:10:`),
  });
});

describe('rules that look back on more than InfluxDB keeps', () => {
  let influxd: Influxd;
  beforeAll(async () => {
    influxd = await startInfluxd();
  });
  afterAll(() => influxd.stop());

  const store = (database: string) => ({ kind: 'influx1', url: influxd.url, database });
  const keepFor = async (database: string, duration: string) => {
    await influxd.query(`CREATE DATABASE ${database}`);
    await influxd.query(`CREATE RETENTION POLICY short ON ${database} DURATION ${duration} REPLICATION 1 DEFAULT`);
  };

  test('a shipped pack is refused at the start, with rule, parameter, line and what keeps too little', async () => {
    await keepFor('week', '7d');
    const refused = startTestPipeline({ store: store('week') }, chain.registry);
    await expect(refused).rejects.toMatchObject({
      code: 'RULES_INVALID',
      message: expect.stringMatching(/^rules look back on more than the 7 d that the retention policy "short" of the/),
      hint: expect.stringContaining('rules.packs'),
    });
    const place = `${shippedFile('prune-practice')}:`;
    await expect(refused).rejects.toThrow(place);
    await expect(refused).rejects.toThrow(/:\d+:\d+ rules\[\d+\]\.params\.budgetD: pulp-chilling looks back on 14 d/);
  }, 60_000);

  test('a pack in its place that looks back on less is taken, and so is a database that keeps long enough', async () => {
    const inItsPlace = { store: store('week'), rules: { packs: [packFile('prune-practice')] } };
    await (await startTestPipeline(inItsPlace, chain.registry)).end();
    await keepFor('month', '30d');
    await (await startTestPipeline({ store: store('month') }, chain.registry)).end();
    const tooLong = packFile('ours', { rule: 'mean-kinetic', params: '{ limitC: 4, windowD: 31 }' });
    const refused = startTestPipeline({ store: store('month'), rules: { packs: [tooLong] } }, chain.registry);
    await expect(refused).rejects.toThrow(`${tooLong}:10:`);
  }, 60_000);

  test('`config validate --connect` asks the store, and without it connects to nothing', async () => {
    const env = { COLDTRAIL_STORE_KIND: 'influx1', COLDTRAIL_STORE_URL: influxd.url, COLDTRAIL_STORE_DATABASE: 'week' };
    const [asked, plain] = await Promise.all([
      coldtrail(['config', 'validate', '--connect'], env),
      coldtrail(['config', 'validate'], { ...env, COLDTRAIL_STORE_URL: 'http://127.0.0.1:1' }),
    ]);
    expect(asked.stderr).toMatch(
      /RULES_INVALID: rules look back on more than the 7 d .*\n.*pulp-chilling looks back on/,
    );
    expect(asked.code).toBe(2);
    expect(plain).toMatchObject({ code: 0, stdout: 'valid\n' });
  }, 60_000);

  test('a rebuild is refused before it throws anything away', async () => {
    const pipeline = await startTestPipeline({ store: store('shrinking') }, chain.registry);
    await pipeline.stop();
    await influxd.query('ALTER RETENTION POLICY autogen ON shrinking DURATION 3d SHARD DURATION 1d');
    const building = rebuild(pipeline.config, () => {}, new AbortController().signal);
    await expect(building).rejects.toMatchObject({ code: 'RULES_INVALID' });
    await influxd.query('ALTER RETENTION POLICY autogen ON shrinking DURATION INF');
    await (await startTestPipeline({ ...pipeline.config }, chain.registry)).end();
  }, 60_000);
});
