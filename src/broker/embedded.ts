import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes';
import mqttPacket from 'mqtt-packet';
import { TOPIC_PREFIX } from '../contract/topics.ts';
import { ColdtrailError } from '../lib/errors.ts';
import { DirectEmitter } from './emitter.ts';
import type { Intake } from './intake.ts';
import { ANYONE, NOBODY, type Principal, type Principals } from './principals.ts';
import { TurnBudget } from './turn-budget.ts';

export interface EmbeddedBrokerOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Lets clients in without a user name; refused unless the host is a loopback address. */
  readonly anonymous: boolean;
  readonly principals: Principals;
  readonly intake: Intake;
  readonly onError: (error: Error) => void;
  /** Bytes of payload that may wait for the journal, over all connections. Default {@link WAITING_BYTES_MAX}. */
  readonly waitingBytesMax?: number;
}

export interface EmbeddedBroker {
  readonly url: string;
  clients(): number;
  /** Publishes something of our own to whoever has subscribed. */
  publish(topic: string, payload: string): Promise<void>;
  /** Takes no new connections and closes the open ones; unacknowledged publishes stay with their clients. */
  close(): Promise<void>;
}

/** A subscriber that does not read for this long is disconnected, so that it cannot hold up the publishers. */
const DRAIN_TIMEOUT_MS = 5000;

/**
 * A connection reads no more than 64 KiB ahead of its acknowledgements. But while the journal is full, keep-alives fail,
 * and clients come back with the same publishes again and again: beyond this they are sent away until it goes on.
 */
const WAITING_BYTES_MAX = 256 * 1024 * 1024;

/**
 * How long reading from connections may hold the event loop in one turn: hundreds of clients that all send at once would
 * otherwise be read to the end before anything else gets its turn.
 */
const READ_MS_MAX = 2;

// Its table of all two-byte numbers takes 25 ms to fill, in the middle of the first connection, and 65,536 small buffers
// for the collector to carry; making two bytes per acknowledgement costs nothing that can be measured.
mqttPacket.writeToStream.cacheNumbers = false;

/** Where a refused publish goes instead of its topic: `$`-topics match no ordinary subscription. */
const REFUSED_TOPIC = '$SYS/coldtrail/refused';

/**
 * The embedded MQTT 3.1.1 broker. A publish on our topics is held in `authorizePublish` until the intake says it is
 * durable: aedes sends PUBACK right after that hook, so an acknowledgement never precedes the fsync.
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  if (options.anonymous && !isLoopback(options.host)) {
    throw new ColdtrailError('ANONYMOUS_NOT_LOOPBACK', `broker.anonymous is on, but broker.host is ${options.host}`, {
      hint: 'Bind to 127.0.0.1, or give the devices credentials in the registry and turn broker.anonymous off.',
    });
  }
  const principals = new WeakMap<Client, Principal>();
  const emitter = new DirectEmitter();
  const aedes = await Aedes.createBroker({
    mq: emitter,
    drainTimeout: DRAIN_TIMEOUT_MS,
    // Sessions are not kept: a store for absent subscribers would be an unbounded queue. Use a real broker for those.
    preConnect: (_client, packet, done) => {
      packet.clean = true;
      done(null, true);
    },
    authenticate: (client, name, secret, done) => {
      authenticate(options, name, secret).then(
        (principal) => {
          if (principal) principals.set(client, principal);
          done(null, principal !== undefined);
        },
        (error: Error) => {
          options.onError(error);
          done(null, false);
        },
      );
    },
    authorizePublish: heldUntilDurable(options, principals),
    authorizeSubscribe: (client, subscription, done) => {
      // A null subscription answers SUBACK 0x80, failure [MQTT-3.9.3-2].
      done(null, principals.get(client)?.maySubscribe(subscription.topic) ? subscription : null);
    },
  });
  skipUnheardPublishes(aedes, emitter);
  aedes.on('clientError', (_client, error) => options.onError(error));
  aedes.on('connectionError', (_client, error) => options.onError(error));

  const sockets = new Set<Socket>();
  const budget = new TurnBudget(READ_MS_MAX);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    readWithin(budget, socket);
    budget.run(() => aedes.handle(socket));
  });
  const closeAedes = () => new Promise<void>((resolve) => aedes.close(() => resolve()));
  try {
    await listen(server, options);
  } catch (error) {
    await closeAedes(); // its timers would keep the process alive
    throw error;
  }
  server.on('error', options.onError);
  const { port } = server.address() as AddressInfo;
  return {
    url: `mqtt://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    clients: () => aedes.connectedClients,
    publish: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false } as const;
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await closeAedes();
      // Who connected and never said CONNECT is none of aedes' clients: the server would wait for them.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The hook that a publish has to pass: one on our topics is held in it until the intake says it is durable. */
function heldUntilDurable(
  { intake, waitingBytesMax = WAITING_BYTES_MAX }: EmbeddedBrokerOptions,
  principals: WeakMap<Client, Principal>,
): NonNullable<AedesOptions['authorizePublish']> {
  let waitingBytes = 0;
  return (client, packet, done) => {
    // Without a client it is the broker's own: a last will, checked by its topic like any other.
    const principal = (client && principals.get(client)) ?? NOBODY;
    if (!packet.topic.startsWith(`${TOPIC_PREFIX}/`)) {
      done(mayPublishElsewhere(principal) ? null : new Error(`may not publish to ${packet.topic}`));
      return;
    }
    if (waitingBytes >= waitingBytesMax) {
      done(new Error('too much waits for the journal')); // ends the connection; the publish stays with its client
      return;
    }
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    waitingBytes += payload.length;
    intake({ topic: packet.topic, payload, principal }, (forward) => {
      waitingBytes -= payload.length;
      if (!forward) divert(packet);
      done(null);
    });
  };
}

/** Lets aedes read from the socket only while the turn has time left; it is told again when its turn has come. */
function readWithin(budget: TurnBudget, socket: Socket): void {
  const read = socket.read.bind(socket);
  let waiting = false;
  let given = false;
  const readNow = () => {
    waiting = false;
    given = true;
    socket.emit('readable');
    given = false;
  };
  socket.read = (size) => {
    if (given || budget.left) return read(size);
    if (!waiting) {
      waiting = true;
      budget.later(readNow);
    }
    return null;
  };
}

async function authenticate(
  { anonymous, principals }: EmbeddedBrokerOptions,
  name: string | undefined,
  secret: Buffer | undefined,
): Promise<Principal | undefined> {
  if (name === undefined) return anonymous ? ANYONE : undefined;
  return principals.authenticate(name, secret?.toString('utf8') ?? '');
}

/** Other topics are none of our business on a loopback playground; a principal with a name has no right to them. */
function mayPublishElsewhere(principal: Principal): boolean {
  return principal === ANYONE;
}

/**
 * A publish that nobody listens to and that is not retained ends here: the offline queue, packet copy and hooks that
 * aedes would still go through cost as much as the rest of the broker.
 */
function skipUnheardPublishes(aedes: Aedes, emitter: DirectEmitter): void {
  // The declared type leaves out the client, which aedes passes for what a client has published.
  type Publish = (packet: PublishPacket, client: Client | PublishDone, done?: PublishDone) => void;
  const broker = aedes as unknown as { publish: Publish };
  const publish = broker.publish.bind(aedes);
  broker.publish = (packet, client, done) => {
    if (typeof client === 'function' || packet.retain || emitter.hasListeners(packet.topic))
      publish(packet, client, done);
    else done?.();
  };
}

type PublishDone = (error?: Error | null) => void;

/** A refused publish is acknowledged [MQTT-3.3.5-2] and kept as a dead letter, but delivered to nobody. */
function divert(packet: PublishPacket): void {
  packet.topic = REFUSED_TOPIC;
  packet.retain = false;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

async function listen(server: Server, { host, port }: EmbeddedBrokerOptions): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
      throw new ColdtrailError('LISTEN_FAILED', `cannot listen on ${host}, port ${port}: ${(cause as Error).message}`, {
        hint: 'Give broker.host an address of this machine, and a port that this user may listen on.',
        cause,
      });
    }
    throw new ColdtrailError('PORT_TAKEN', `port ${port} on ${host} is taken by another program`, {
      hint: `Choose another with --port or broker.port, or find the program with: ss -ltnp 'sport = :${port}'`,
      cause,
    });
  }
}
