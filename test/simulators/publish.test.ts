import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { monotonicTimer, Pace, sliceMsAt } from '../../simulators/pace.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import { type BrokerOptions, FleetPublisher } from '../../simulators/publish/publish.ts';
import { registryOf, SIMULATOR_USER } from '../../simulators/registry.ts';
import { runSimulation, type Slice } from '../../simulators/run.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { framesOf } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { decodePack } from '../../src/contract/senml/decode.ts';
import { CLOCK_TOPIC, parseTopic, statusTopic } from '../../src/contract/topics.ts';
import { verifySecret } from '../../src/lib/secret.ts';
import { type BrokerBehaviour, type Received, startBroker, type TestBroker } from './publish-broker.ts';
import { MINUTE_MS, planWithOutage, START_MS, scansIn, toyPlan, toyWorld } from './toy-plan.ts';

/** An hour in which one device is away for 24 minutes. */
const plan = planWithOutage(7, 31);
const slices: Slice[] = [...runSimulation(plan, toyWorld())];
const allFrames = slices.flatMap((slice) => slice.packs.flatMap((pack) => pack.frames));
const framesOfRun = identities(allFrames);

let releases: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const release of releases.reverse()) await release();
  releases = [];
});

async function brokerWith(behaviour: BrokerBehaviour = {}): Promise<TestBroker> {
  const broker = await startBroker(behaviour);
  releases.push(() => broker.stop());
  return broker;
}

async function publisherTo(broker: BrokerOptions, of: Plan = plan): Promise<FleetPublisher> {
  const publisher = new FleetPublisher(of, broker);
  releases.push(() => publisher.close());
  await publisher.open();
  return publisher;
}

async function publishAll(publisher: FleetPublisher): Promise<void> {
  for (const slice of slices) await publisher.publishSlice(slice, 'max');
  await publisher.publishClock(plan.endMs, 'max');
}

/** What a frame is and holds, as text that sorts and compares. */
function identities(frames: Iterable<Frame>): string[] {
  return Array.from(frames, (f) => `${f.device} ${f.timeMs} ${f.seq} ${Array.from(f.values).join(' ')}`);
}

function decoded(messages: readonly Received[]): string[] {
  const batch = new FrameBatchBuilder();
  for (const { topic, payload } of messages) {
    const at = parseTopic(topic);
    if (at?.kind !== 'frames') continue;
    const limits = { nowMs: plan.endMs, futureToleranceMs: 0, maxRecords: 1000, maxPayloadBytes: 100_000 };
    expect(decodePack(payload, { device: at.device, ...limits }, batch)).toBeNull();
  }
  return identities(framesOf(batch.take()));
}

const unique = (texts: readonly string[]) => [...new Set(texts)];
const sorted = (texts: readonly string[]) => [...texts].sort();
const json = (message: Received) => JSON.parse(message.payload.toString());

describe('FleetPublisher', () => {
  it('publishes every frame once, each device on its own connection and topic', async () => {
    const broker = await brokerWith();
    const publisher = await publisherTo({ url: broker.url });
    await publishAll(publisher);
    expect(sorted(decoded(broker.received))).toEqual(sorted(framesOfRun));
    expect(sorted(broker.logins as string[])).toEqual(sorted([SIMULATOR_USER, ...plan.devices.map((d) => d.key)]));
    for (const message of broker.received) {
      const topic = parseTopic(message.topic);
      expect(message.user).toBe(topic && 'device' in topic ? topic.device : SIMULATOR_USER);
    }
    expect(publisher.counters).toEqual({
      frames: allFrames.length,
      packs: broker.received.filter((m) => m.topic.endsWith('/frames')).length,
      readings: allFrames.length * 3,
      events: plan.scans.size,
      retried: 0,
    });
  });

  it('keeps online and offline for those who come later, offline also when the connection breaks', async () => {
    const broker = await brokerWith();
    const publisher = await publisherTo({ url: broker.url });
    await publishAll(publisher);
    const topic = statusTopic(plan.devices[0]!.key);
    const told = () => broker.received.filter((m) => m.topic === topic).map((m) => [String(m.payload), m.retain]);
    expect(told()).toEqual([['online', true]]);
    await publisher.close();
    expect(told()).toEqual([
      ['online', true],
      ['offline', true],
    ]);
    const other = await publisherTo({ url: broker.url });
    await expect.poll(() => told().length).toBe(3);
    for (const client of Object.values(
      (broker.aedes as unknown as { clients: Record<string, { conn: Socket }> }).clients,
    ))
      client.conn.destroy();
    // The will, then the device that has come back.
    await expect
      .poll(() => told().slice(3))
      .toEqual([
        ['offline', true],
        ['online', true],
      ]);
    await other.close();
  });

  it('publishes the clock, then the events, then the frames of each slice, and the clock once more at the end', async () => {
    const broker = await brokerWith();
    await publishAll(await publisherTo({ url: broker.url }));
    const clocks = broker.received.filter((m) => m.topic === CLOCK_TOPIC);
    expect(clocks.map(json)).toEqual(
      [...slices.map((s) => s.fromMs), plan.endMs].map((ms) => ({ time: new Date(ms).toISOString(), speed: 'max' })),
    );
    expect(clocks.every((m) => m.retain)).toBe(true);
    let clockMs = 0;
    let stage = 0;
    for (const message of broker.received) {
      if (message.topic === CLOCK_TOPIC) {
        clockMs = Date.parse(json(message).time);
        stage = 0;
        continue;
      }
      const isEvents = message.topic.endsWith('/events');
      expect(isEvents && stage === 1).toBe(false);
      if (!isEvents) stage = 1;
      if (isEvents)
        for (const event of json(message)) expect(Date.parse(event.eventTime)).toBeGreaterThanOrEqual(clockMs);
    }
    const events = broker.received.filter((m) => m.topic.endsWith('/events'));
    expect(events.flatMap(json)).toEqual(scansIn(plan).map((scan) => scan.event));
    expect(events.map((m) => m.topic)).toEqual(
      ['grower', 'grower', 'carrier', 'grower'].map((org) => `coldtrail/v1/${org}/events`),
    );
  });

  it('never publishes a frame that is older than the clock, but for what a device had kept', async () => {
    const broker = await brokerWith();
    await publishAll(await publisherTo({ url: broker.url }));
    let clockMs = 0;
    for (const message of broker.received) {
      if (message.topic === CLOCK_TOPIC) clockMs = Date.parse(json(message).time);
      else if (message.topic.includes('/logger-')) {
        for (const text of decoded([message])) expect(Number(text.split(' ')[1])).toBeGreaterThanOrEqual(clockMs);
      }
    }
  });

  it('splits many events into messages of a bounded size, in order', async () => {
    const broker = await brokerWith();
    const publisher = await publisherTo({ url: broker.url });
    const scans = Array.from({ length: 400 }, (_, i) => {
      const scan = plan.scans.at(0);
      return { ...scan, event: { ...scan.event, eventID: `urn:example:${i}` } };
    });
    await publisher.publishSlice({ ...slices[0]!, packs: [], scans }, 'max');
    const messages = broker.received.filter((m) => m.topic.endsWith('/events'));
    expect(messages.flatMap(json)).toEqual(scans.map((scan) => scan.event));
    expect(Math.max(...messages.map((m) => m.payload.length))).toBeLessThan(70_000);
    expect(messages.length).toBeGreaterThan(1);
    expect(publisher.counters.events).toBe(400);
  });

  it('sends the packs of a slice as one where they go on in time, and a repeat by itself', async () => {
    const broker = await brokerWith();
    const publisher = await publisherTo({ url: broker.url });
    const device = plan.devices[1]!.key;
    const [a, b, c] = allFrames.filter((frame) => frame.device === device).map((frame) => [frame]);
    const packs = [a!, b!, b!, a!, c!].map((frames) => ({ device, timeMs: START_MS, frames }));
    await publisher.publishSlice({ ...slices[0]!, packs, scans: [] }, 'max');
    const sent = broker.received.filter((m) => m.topic.endsWith('/frames')).map((m) => decoded([m]));
    expect(sent).toEqual([[...a!, ...b!], b!, [...a!, ...c!]].map(identities));
  });

  it('speaks CBOR as well', async () => {
    const broker = await brokerWith();
    await publishAll(await publisherTo({ url: broker.url, encoding: 'cbor' }));
    expect(broker.received.find((m) => m.topic.endsWith('/frames'))!.payload[0]! & 0xe0).toBe(0x80);
    expect(sorted(decoded(broker.received))).toEqual(sorted(framesOfRun));
  });

  it('keeps at most 16 publishes of a device in flight, in order', async () => {
    const waiting = new Map<string, number>();
    let most = 0;
    const broker = await brokerWith({
      beforeAck: ({ user }, done) => {
        const inFlight = (waiting.get(user!) ?? 0) + 1;
        waiting.set(user!, inFlight);
        most = Math.max(most, inFlight);
        setTimeout(() => {
          waiting.set(user!, waiting.get(user!)! - 1);
          done();
        }, 2);
      },
    });
    const publisher = await publisherTo({ url: broker.url });
    const device = plan.devices[1]!.key;
    const frames = allFrames.filter((frame) => frame.device === device);
    // 40 times the same hour of one device, 20 frames a pack: 120 packs.
    const thirds = [0, 20, 40].map((from) => frames.slice(from, from + 20));
    const packs = Array.from({ length: 120 }, (_, i) => ({ device, timeMs: START_MS, frames: thirds[i % 3]! }));
    await publisher.publishSlice({ ...slices[0]!, packs, scans: [] }, 'max');
    expect(publisher.counters.packs).toBe(120);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
    expect(decoded(broker.received)).toEqual(Array.from({ length: 40 }, () => identities(frames)).flat());
  });
});

describe('a connection that drops', () => {
  it('comes back and sends again, in order, what was not acknowledged', async () => {
    let publishes = 0;
    let lostAcks = 0;
    const broker = await brokerWith({
      beforeAck: (_message, done, client) => {
        publishes++;
        // Every 7th publish: the connection breaks before it arrives; every 11th: it arrives, its PUBACK does not.
        if (publishes % 7 === 0) client.conn.destroy();
        else if (publishes % 11 === 0) {
          lostAcks++;
          client.conn.destroy();
          done();
        } else done();
      },
    });
    const publisher = await publisherTo({ url: broker.url });
    await publishAll(publisher);
    const arrived = decoded(broker.received);
    expect(sorted(unique(arrived))).toEqual(sorted(framesOfRun));
    expect(lostAcks).toBeGreaterThan(0);
    expect(arrived.length).toBeGreaterThan(framesOfRun.length);
    expect(publisher.counters.retried).toBeGreaterThan(publishes / 10);
    expect(publisher.counters.frames).toBe(allFrames.length);
    for (const { key } of plan.devices) {
      const own = (text: string) => text.startsWith(`${key} `);
      expect(unique(arrived.filter(own))).toEqual(framesOfRun.filter(own));
    }
  });

  it('outlives a broker that is stopped and started again', async () => {
    const first = await startBroker();
    const publisher = await publisherTo({ url: first.url });
    const half = slices.length / 2;
    for (const slice of slices.slice(0, half)) await publisher.publishSlice(slice, 'max');
    await first.stop();
    const rest = (async () => {
      for (const slice of slices.slice(half)) await publisher.publishSlice(slice, 'max');
    })();
    await monotonicTimer.sleep(300);
    const second = await brokerWith({ port: first.port });
    await rest;
    expect(sorted(unique(decoded([...first.received, ...second.received])))).toEqual(sorted(framesOfRun));
  });

  it('gives up after its patience has run out', async () => {
    const broker = await startBroker();
    const publisher = await publisherTo({ url: broker.url, patience: { firstTries: 1, reconnectMs: 250 } });
    await publisher.publishSlice(slices[0]!, 'max');
    await broker.stop();
    await expect(publisher.publishSlice(slices[1]!, 'max')).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
  });
});

describe('credentials', () => {
  it('are those of the registry', async () => {
    const registry = registryOf(plan);
    const hashes = new Map(
      [...registry.devices, ...registry.clients].map((u) => ['key' in u ? u.key : u.name, u.secretHash!]),
    );
    const broker = await brokerWith({
      authenticate: (_client, username, password, done) => {
        verifySecret(password?.toString() ?? '', hashes.get(username ?? '') ?? '').then(
          (ok) => done(null, ok),
          () => done(null, false),
        );
      },
    });
    const publisher = await publisherTo({ url: broker.url });
    await publisher.publishSlice(slices[0]!, 'max');
    await expect(publisherTo({ url: broker.url }, toyPlan({ seed: 8 }))).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: expect.stringContaining(SIMULATOR_USER),
      hint: expect.stringContaining('--registry'),
    });
  });

  it('may be one login for all, in the URL', async () => {
    const broker = await brokerWith();
    const url = broker.url.replace('mqtt://', 'mqtt://fleet:p%40ss@');
    await publisherTo({ url });
    expect(new Set(broker.logins)).toEqual(new Set(['fleet']));
  });

  it('may be left out', async () => {
    const broker = await brokerWith();
    await publisherTo({ url: broker.url, anonymous: true });
    expect(broker.logins).toHaveLength(4);
    expect(new Set(broker.logins)).toEqual(new Set([undefined]));
  });
});

describe('a broker that cannot be used', () => {
  it('is BROKER_UNREACHABLE after a bounded number of tries', async () => {
    const broker = await startBroker();
    await broker.stop();
    const open = publisherTo({ url: broker.url, patience: { firstTries: 3, reconnectMs: 0 } });
    await expect(open).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringContaining(broker.url),
      hint: expect.stringContaining('--broker'),
    });
  });

  it('is BROKER_UNREACHABLE at once where the URL is none', async () => {
    for (const url of ['localhost', 'http://127.0.0.1', 'mqtt://']) {
      await expect(publisherTo({ url })).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    }
  });

  it('is BROKER_REFUSED where it closes the connection at every publish', async () => {
    const broker = await brokerWith({
      beforeAck: ({ topic }, done) => done(topic.endsWith('/frames') ? new Error('not allowed') : undefined),
    });
    const publisher = await publisherTo({ url: broker.url });
    await expect(publisher.publishSlice(slices[0]!, 'max')).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: expect.stringContaining('/frames'),
    });
  });

  it('leaves no connection open when the fleet cannot connect', async () => {
    const broker = await brokerWith({
      authenticate: (_client, username, _password, done) => done(null, username !== 'grower/logger-1'),
    });
    await expect(publisherTo({ url: broker.url })).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
    await expect.poll(() => broker.aedes.connectedClients).toBe(0);
  });
});

describe('Pace', () => {
  function fakeTimer() {
    let nowMs = 500;
    const slept: number[] = [];
    const sleep = async (durationMs: number) => {
      slept.push(durationMs);
      nowMs += durationMs;
    };
    return { slept, timer: { nowMs: () => nowMs, sleep }, work: (ms: number) => (nowMs += ms) };
  }

  it('lets world time pass at N times the time of the watcher, counting its own work', async () => {
    const { slept, timer, work } = fakeTimer();
    const pace = new Pace(START_MS, 60, timer);
    for (let minute = 0; minute < 4; minute++) {
      await pace.until(START_MS + minute * MINUTE_MS);
      work(minute === 1 ? 1500 : 100);
    }
    // Due after 0, 1, 2 and 3 s: the 1.5 s of work at minute 1 is made up for.
    expect(slept).toEqual([900, 400]);
    expect(timer.nowMs()).toBe(500 + 3000 + 100);
  });

  it('never waits at full speed', async () => {
    const { slept, timer } = fakeTimer();
    await new Pace(START_MS, 'max', timer).until(START_MS + 1e9);
    expect(slept).toEqual([]);
  });

  it('stops waiting when told to', async () => {
    const stop = new AbortController();
    const pace = new Pace(START_MS, 1, monotonicTimer);
    await pace.until(START_MS);
    setTimeout(() => stop.abort(), 10);
    await pace.until(START_MS + 3_600_000, stop.signal);
  });

  it('cuts slices of about a second, five minutes at most', () => {
    expect([1, 60, 0.1, 3600, 'max' as const].map(sliceMsAt)).toEqual([1000, 60_000, 1000, 300_000, 300_000]);
  });
});
