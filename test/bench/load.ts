import { connect, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { type Frame, internLayout } from '../../src/contract/frame.ts';
import { encodeCbor, encodeJson } from '../../src/contract/senml/encode.ts';
import { framesTopic } from '../../src/contract/topics.ts';
import { monotonicMs } from '../../src/lib/clock.ts';
import { LAYOUT } from './truck-frames.ts';
import { truckValues } from './truck-load.ts';

/**
 * The load of the ingest benchmark, a process of its own: MQTT 3.1.1 clients on plain sockets (MQTT.js itself would
 * take more of the second core than the broker takes of the first), each with a window of unacknowledged publishes.
 * Arguments: port, clients, window, seconds, encoding, start time, `trucks` for loaded trucks of the
 * small chain, a frame a minute, instead of devices that nobody has registered, a frame a second. Prints one JSON line.
 */
const [port, clients, window, seconds, encoding, startMs, trucks] = process.argv.slice(2);
const encode = encoding === 'cbor' ? encodeCbor : encodeJson;
const LOGGER = internLayout([
  'air-return',
  'air-supply',
  'ambient',
  'door',
  'humidity',
  'pulp-1',
  'pulp-2',
  'pulp-3',
  'set-point',
  'unit-on',
]);

let acked = 0;
let measuring = false;
let stopping = false;
const latenciesMs: number[] = [];

class LoadClient {
  readonly #socket: Socket;
  readonly #ix: number;
  readonly #device: string;
  #nextId = 1;
  #seq = 0;
  #sentMs = new Map<number, number>();
  readonly ready: Promise<void>;

  constructor(ix: number) {
    this.#ix = ix;
    this.#device = trucks === 'trucks' ? `carrier/unit-${ix + 1}` : `bench/d${String(ix).padStart(4, '0')}`;
    this.#socket = connect(Number(port), '127.0.0.1');
    this.#socket.setNoDelay(true);
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    this.#socket.on('data', (bytes) => parser.parse(bytes));
    this.#socket.on('error', () => {});
    this.ready = new Promise((resolve) => {
      parser.on('packet', (packet) => {
        if (packet.cmd === 'connack') resolve();
        else if (packet.cmd === 'puback') this.#onAck(packet.messageId!);
      });
    });
    this.#socket.write(
      mqttPacket.generate({
        cmd: 'connect',
        clientId: this.#device,
        clean: true,
        keepalive: 0,
        protocolId: 'MQTT',
        protocolVersion: 4,
      }),
    );
  }

  start(): void {
    this.#socket.cork();
    for (let i = 0; i < Number(window); i++) this.#publish();
    this.#socket.uncork();
  }

  get sent(): number {
    return this.#seq;
  }

  end(): void {
    this.#socket.destroy();
  }

  #onAck(messageId: number): void {
    if (measuring) {
      acked++;
      if (acked % 64 === 0) latenciesMs.push(monotonicMs() - this.#sentMs.get(messageId)!);
    }
    this.#sentMs.delete(messageId);
    if (!stopping) this.#publish();
  }

  #publish(): void {
    const messageId = this.#nextId;
    this.#nextId = (this.#nextId % 65_535) + 1;
    const n = this.#seq++;
    const payload = encode([trucks === 'trucks' ? this.#truckFrame(n) : this.#loggerFrame(n)]);
    this.#sentMs.set(messageId, monotonicMs());
    this.#socket.write(
      mqttPacket.generate({
        cmd: 'publish',
        topic: framesTopic(this.#device),
        payload: Buffer.from(payload),
        qos: 1,
        messageId,
        dup: false,
        retain: false,
      }),
    );
  }

  #truckFrame(n: number): Frame {
    const timeMs = Number(startMs) + n * 60_000;
    return { device: this.#device, timeMs, seq: n, layout: LAYOUT, values: truckValues(this.#ix, n) };
  }

  #loggerFrame(n: number): Frame {
    const values = [
      1.125 + (n % 50) / 100,
      -0.5,
      31.25,
      n & 1,
      91.5,
      0.25,
      0.5,
      0.625 + (n % 9) / 8,
      -0.5,
      1 - (n & 1),
    ];
    return { device: this.#device, timeMs: Number(startMs) + n * 1000, seq: n, layout: LOGGER, values };
  }
}

const fleet = Array.from({ length: Number(clients) }, (_, ix) => new LoadClient(ix));
await Promise.all(fleet.map((client) => client.ready));
for (const client of fleet) client.start();
// The first second warms up both sides.
await new Promise((resolve) => setTimeout(resolve, 1000));
measuring = true;
const fromMs = monotonicMs();
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
measuring = false;
const elapsedS = (monotonicMs() - fromMs) / 1000;
stopping = true;
latenciesMs.sort((a, b) => a - b);
const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0;
process.stdout.write(
  `${JSON.stringify({ framesPerS: acked / elapsedS, p50Ms: at(0.5), p99Ms: at(0.99), framesMax: Math.max(...fleet.map((client) => client.sent)) })}\n`,
);
await new Promise((resolve) => setTimeout(resolve, 300));
for (const client of fleet) client.end();
