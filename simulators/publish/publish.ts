import { EVENTS_PER_MESSAGE_MAX } from '../../src/contract/event.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { encodeCbor, encodeJson } from '../../src/contract/senml/encode.ts';
import { CLOCK_TOPIC, eventsTopic, framesTopic, statusTopic } from '../../src/contract/topics.ts';
import type { DeviceKey } from '../../src/contract/words.ts';
import { ColdtrailError } from '../../src/lib/errors.ts';
import { type DevicePack, PACK_FRAMES_MAX } from '../device/delivery.ts';
import type { Speed } from '../pace.ts';
import type { Plan, PlannedScan } from '../plan/types.ts';
import { SIMULATOR_USER, simulatorSecret } from '../registry.ts';
import type { Slice } from '../run.ts';
import { type ConnectionOptions, MqttConnection, type Patience } from './mqtt-connection.ts';

type Encoding = 'json' | 'cbor';

export interface BrokerOptions {
  /** `mqtt://host:port`; a user and password in it are used by every connection. */
  readonly url: string;
  /** Connect without credentials. */
  readonly anonymous?: boolean | undefined;
  readonly encoding?: Encoding | undefined;
  readonly patience?: Patience | undefined;
}

/** What the broker has acknowledged. */
export interface PublishCounters {
  readonly frames: number;
  readonly packs: number;
  readonly readings: number;
  readonly events: number;
  /** Publishes sent again after a connection dropped. */
  readonly retried: number;
}

/** Characters of events in one message: well below what a processor takes by default. */
const EVENTS_MESSAGE_LENGTH_MAX = 64 * 1024;

/** Connections opened at a time. */
const OPENING_MAX = 32;

/** Publishes a simulated fleet: one connection for each device, and one for scans and the clock. */
export class FleetPublisher {
  readonly #control: MqttConnection;
  readonly #devices: ReadonlyMap<DeviceKey, MqttConnection>;
  readonly #encode: (frames: readonly Frame[]) => Buffer;
  #frames = 0;
  #packs = 0;
  #readings = 0;
  #events = 0;

  /** Connects nothing yet. Throws BROKER_UNREACHABLE for a URL that is none. */
  constructor(plan: Plan, broker: BrokerOptions) {
    const access = accessTo(broker);
    this.#control = new MqttConnection(access(SIMULATOR_USER, simulatorSecret(plan.seed)));
    this.#devices = new Map(
      plan.devices.map(({ key, secret }) => [
        key,
        new MqttConnection({ ...access(key, secret), statusTopic: statusTopic(key) }),
      ]),
    );
    this.#encode = broker.encoding === 'cbor' ? (frames) => asBuffer(encodeCbor(frames)) : encodeJson;
  }

  /** Connects the whole fleet. Throws BROKER_UNREACHABLE or BROKER_REFUSED, with nothing left open. */
  async open(): Promise<void> {
    try {
      // Alone first: a broker that is not there is found out by one connection, not by all.
      await this.#control.open();
      const toOpen = this.#devices.values();
      const openRest = async () => {
        for (const connection of toOpen) await connection.open();
      };
      await Promise.all(Array.from({ length: OPENING_MAX }, openRest));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get counters(): PublishCounters {
    let retried = this.#control.retried;
    for (const connection of this.#devices.values()) retried += connection.retried;
    return { frames: this.#frames, packs: this.#packs, readings: this.#readings, events: this.#events, retried };
  }

  /** Publishes the simulation clock and waits for its acknowledgement. */
  async publishClock(timeMs: number, speed: Speed): Promise<void> {
    const message = JSON.stringify({ time: new Date(timeMs).toISOString(), speed });
    this.#control.send(CLOCK_TOPIC, message, { retain: true });
    await this.#control.idle();
  }

  /**
   * Publishes one slice: the clock with its start, then its scans, then its frames, each acknowledged before the
   * next. So nobody sees a frame before the events of its slice, and the clock never runs ahead of the data.
   */
  async publishSlice(slice: Slice, speed: Speed): Promise<void> {
    await this.publishClock(slice.fromMs, speed);
    for (const { org, events } of messagesOf(slice.scans)) {
      this.#control.send(eventsTopic(org), `[${events.join(',')}]`, {
        onAcked: () => {
          this.#events += events.length;
        },
      });
    }
    await this.#control.idle();
    const busy = new Set<MqttConnection>();
    for (const frames of joinedPacks(slice.packs)) {
      const connection = this.#devices.get(frames[0]!.device)!;
      busy.add(connection);
      this.#sendPack(connection, frames);
    }
    await Promise.all(Array.from(busy, (connection) => connection.idle()));
  }

  /** Ends all sessions. What is not acknowledged by then is given up, and waiting publishes reject. */
  async close(): Promise<void> {
    await Promise.all([this.#control, ...this.#devices.values()].map((connection) => connection.close()));
  }

  #sendPack(connection: MqttConnection, frames: readonly Frame[]): void {
    connection.send(framesTopic(frames[0]!.device), this.#encode(frames), {
      onAcked: () => {
        this.#packs++;
        this.#frames += frames.length;
        for (const frame of frames) this.#readings += frame.values.length;
      },
    });
  }
}

/**
 * Packs of one slice, device by device, joined where the next goes on in time after the one before: the slice is what
 * the clock can tell apart. A repeat, or what was kept or held back, stays a pack of its own, since a SenML pack must
 * not name an instant twice.
 */
function joinedPacks(packs: readonly DevicePack[]): Iterable<readonly Frame[]> {
  const byDevice = new Map<DeviceKey, Frame[][]>();
  for (const { device, frames } of packs) {
    const own = byDevice.get(device) ?? [];
    byDevice.set(device, own);
    const last = own.at(-1);
    const goesOn = last && last.at(-1)!.timeMs < frames[0]!.timeMs && last.length + frames.length <= PACK_FRAMES_MAX;
    if (goesOn) last.push(...frames);
    else own.push([...frames]);
  }
  return [...byDevice.values()].flat();
}

/** Scans in messages of one org each, the order of events kept across orgs. */
function messagesOf(scans: readonly PlannedScan[]): { org: string; events: string[] }[] {
  const messages: { org: string; events: string[]; length: number }[] = [];
  for (const { org, event } of scans) {
    const text = JSON.stringify(event);
    const last = messages.at(-1);
    const fits =
      last?.org === org &&
      last.events.length < EVENTS_PER_MESSAGE_MAX &&
      last.length + text.length <= EVENTS_MESSAGE_LENGTH_MAX;
    if (fits) {
      last.events.push(text);
      last.length += text.length;
    } else messages.push({ org, events: [text], length: text.length });
  }
  return messages;
}

const PROTOCOLS = new Set(['mqtt:', 'mqtts:', 'tcp:', 'ssl:', 'ws:', 'wss:']);

/** How each connection logs in: by its own credentials, by the URL's shared ones, or not at all. */
function accessTo(broker: BrokerOptions): (user: string, secret: string) => ConnectionOptions {
  const url = URL.canParse(broker.url) ? new URL(broker.url) : undefined;
  if (!url || !PROTOCOLS.has(url.protocol) || url.host === '') {
    throw new ColdtrailError('BROKER_UNREACHABLE', `${broker.url} is not the URL of an MQTT broker`, {
      hint: 'write it like mqtt://127.0.0.1:1883',
    });
  }
  const shared = url.username
    ? { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : undefined;
  url.username = '';
  url.password = '';
  return (user, secret) => ({
    url: url.href,
    // No slash: some brokers keep it out of client ids.
    clientId: `coldtrail-sim-${user.replace('/', ':')}`,
    login: broker.anonymous ? undefined : (shared ?? { username: user, password: secret }),
    patience: broker.patience,
  });
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
