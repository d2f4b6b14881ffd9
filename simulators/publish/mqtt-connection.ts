import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { ColdtrailError } from '../../src/lib/errors.ts';
import { monotonicTimer } from '../pace.ts';

export interface ConnectionOptions {
  /** Without user and password. */
  readonly url: string;
  readonly clientId: string;
  readonly login?: { readonly username: string; readonly password: string } | undefined;
  readonly patience?: Patience | undefined;
  /** Where `online` and `offline` are kept for those who come later; `offline` also as the last will. */
  readonly statusTopic?: string | undefined;
}

/** How long a broker that does not answer is tried. */
export interface Patience {
  /** Tries to connect at the start. */
  readonly firstTries: number;
  /** How long to try again once a connection that worked has dropped. */
  readonly reconnectMs: number;
}

const PATIENCE: Patience = { firstTries: 7, reconnectMs: 120_000 };

/** Publishes in flight on one connection. */
const WINDOW_MAX = 16;
const BACK_OFF_FIRST_MS = 50;
const BACK_OFF_MAX_MS = 5_000;
const KEEPALIVE_S = 30;

/** How long the broker may take to acknowledge the last status. */
const GOODBYE_MS_MAX = 1_000;
const STATUS = { qos: 1, retain: true } as const;

/** Connections in a row that end before anything was acknowledged, until it counts as refused. */
const FRUITLESS_MAX = 6;

/** CONNACK return codes that no retry will change: bad login, not authorised (MQTT 3.1.1 §3.2.2.3). */
const REFUSALS = new Set([4, 5]);

interface Outgoing {
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly retain: boolean;
  readonly onAcked: () => void;
  acked: boolean;
}

/**
 * One MQTT 3.1.1 connection that publishes at QoS 1, in order, a bounded number at a time. When it drops, it
 * connects anew and sends again, in the same order, everything that was not acknowledged.
 *
 * The resending is done here and not by MQTT.js, whose store sends one publish at a time after a reconnection and
 * forgets publishes that were queued behind it when the connection drops once more.
 */
export class MqttConnection {
  readonly #options: ConnectionOptions;
  readonly #patience: Patience;
  readonly #abort = new AbortController();
  #client: MqttClient | undefined;
  /** Not acknowledged yet, oldest first; those before #next are in flight. */
  #queue: Outgoing[] = [];
  #next = 0;
  #ackedSinceConnect = 0;
  #fruitless = 0;
  #retried = 0;
  #failure: unknown;
  #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#patience = options.patience ?? PATIENCE;
  }

  /** Publishes that were sent more than once. */
  get retried(): number {
    return this.#retried;
  }

  /** Connects. Throws BROKER_UNREACHABLE after a bounded number of tries, BROKER_REFUSED at once. */
  async open(): Promise<void> {
    this.#adopt(await this.#connect((tries) => tries < this.#patience.firstTries));
  }

  /** Queues a publish; `onAcked` is called once, when the broker has acknowledged it. */
  send(topic: string, payload: Buffer | string, options: { retain?: boolean; onAcked?: () => void } = {}): void {
    const { retain = false, onAcked = () => {} } = options;
    this.#queue.push({ topic, payload, retain, onAcked, acked: false });
    this.#pump();
  }

  /** Waits until everything sent is acknowledged. Rejects when the broker is gone for good or refuses. */
  async idle(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#queue.length === 0) return;
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Ends the session; what is not acknowledged by then is given up. */
  async close(): Promise<void> {
    this.#abort.abort();
    const client = this.#client;
    this.#client = undefined;
    if (client) await this.#end(client).catch(() => {});
    this.#fail(new Error('the connection was closed'));
  }

  /** Says goodbye where the broker listens; a session that ends in order takes its last will with it. */
  async #end(client: MqttClient): Promise<void> {
    let inOrder = this.#queue.length === 0 && client.connected;
    const { statusTopic } = this.#options;
    if (inOrder && statusTopic !== undefined) {
      const told = client.publishAsync(statusTopic, 'offline', STATUS).then(
        () => true,
        () => false,
      );
      inOrder = await Promise.race([told, sleep(GOODBYE_MS_MAX, false, { ref: false })]);
    }
    await client.endAsync(!inOrder);
  }

  #pump(): void {
    const client = this.#client;
    while (client && this.#next < this.#queue.length && this.#next < WINDOW_MAX) {
      const item = this.#queue[this.#next++]!;
      client.publish(item.topic, item.payload, { qos: 1, retain: item.retain }, (error) => {
        // An error means that the connection ended first: the publish stays in the queue and goes out again.
        if (!error && client === this.#client) this.#acknowledged(item);
      });
    }
  }

  #acknowledged(item: Outgoing): void {
    if (item.acked) return;
    item.acked = true;
    this.#ackedSinceConnect++;
    item.onAcked();
    let done = 0;
    while (this.#queue[done]?.acked) done++;
    if (done > 0) {
      this.#queue.splice(0, done);
      this.#next -= done;
    }
    if (this.#queue.length > 0) {
      this.#pump();
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) waiter.resolve();
  }

  #adopt(client: MqttClient): void {
    this.#client = client;
    this.#ackedSinceConnect = 0;
    const { statusTopic } = this.#options;
    if (statusTopic !== undefined) client.publish(statusTopic, 'online', STATUS);
    client.once('close', () => {
      if (client === this.#client) this.#recover().catch((error) => this.#fail(error));
    });
    this.#pump();
  }

  async #recover(): Promise<void> {
    this.#client = undefined;
    const inFlight = this.#next;
    this.#fruitless = inFlight > 0 && this.#ackedSinceConnect === 0 ? this.#fruitless + 1 : 0;
    if (this.#fruitless >= FRUITLESS_MAX) throw this.#refusedPublish();
    if (this.#fruitless > 1) await monotonicTimer.sleep(backOffMs(this.#fruitless), this.#abort.signal);
    const untilMs = monotonicTimer.nowMs() + this.#patience.reconnectMs;
    const client = await this.#connect(() => monotonicTimer.nowMs() < untilMs);
    this.#queue = this.#queue.filter((item) => !item.acked);
    this.#retried += Math.min(inFlight, this.#queue.length);
    this.#next = 0;
    this.#adopt(client);
  }

  async #connect(mayTryAgain: (tries: number) => boolean): Promise<MqttClient> {
    for (let tries = 1; ; tries++) {
      try {
        return await connectOnce(this.#options, this.#abort.signal);
      } catch (error) {
        if (REFUSALS.has((error as { code?: number }).code ?? 0)) throw this.#refusedLogin(error);
        if (!mayTryAgain(tries) || this.#abort.signal.aborted) throw this.#unreachable(error);
        await monotonicTimer.sleep(backOffMs(tries), this.#abort.signal);
      }
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) waiter.reject(this.#failure);
  }

  #unreachable(cause: unknown): ColdtrailError {
    const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
    return new ColdtrailError('BROKER_UNREACHABLE', `no MQTT broker answers at ${this.#options.url}: ${why}`, {
      hint: 'start one (`coldtrail serve` has one built in) or point --broker at the one that runs',
      cause,
    });
  }

  #refusedLogin(cause: unknown): ColdtrailError {
    const who = this.#options.login?.username ?? 'anonymous clients';
    return new ColdtrailError('BROKER_REFUSED', `the MQTT broker at ${this.#options.url} refuses ${who}`, {
      hint: 'give the broker the registry of this scenario and seed (`coldtrail simulate --registry`), put a shared login into the broker URL, or use --anonymous where the broker allows it',
      cause,
    });
  }

  #refusedPublish(): ColdtrailError {
    const who = this.#options.login?.username ?? 'anonymous clients';
    const topic = this.#queue[0]?.topic ?? '';
    return new ColdtrailError(
      'BROKER_REFUSED',
      `the MQTT broker at ${this.#options.url} closes the connection each time ${who} publishes to ${topic}`,
      { hint: 'see in its log why; most often the user may not publish to this topic' },
    );
  }
}

const backOffMs = (tries: number) => Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** (tries - 1));

/** One try to connect: resolves when the broker has accepted the session. Aborting breaks it off. */
function connectOnce(
  { url, clientId, login, statusTopic }: ConnectionOptions,
  signal: AbortSignal,
): Promise<MqttClient> {
  const options: IClientOptions = {
    clientId,
    clean: true,
    // aedes speaks MQTT 3.1.1 only, every broker speaks it.
    protocolVersion: 4,
    keepalive: KEEPALIVE_S,
    reconnectPeriod: 0,
    connectTimeout: 10_000,
    ...login,
    ...(statusTopic !== undefined && { will: { topic: statusTopic, payload: Buffer.from('offline'), ...STATUS } }),
  };
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error('the connection was closed'));
    const client = mqtt.connect(url, options);
    let lastError: Error | undefined;
    const breakOff = () => client.end(true);
    const settled = () => signal.removeEventListener('abort', breakOff);
    signal.addEventListener('abort', breakOff);
    client.on('error', (error) => {
      lastError = error;
    });
    client.once('connect', () => {
      settled();
      resolve(client);
    });
    client.once('close', () => {
      settled();
      reject(lastError ?? new Error('the connection was closed'));
    });
  });
}
