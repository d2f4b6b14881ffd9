import { connect, type IPublishPacket, type MqttClient, type Packet } from 'mqtt';
import { SUBSCRIPTIONS } from '../contract/topics.ts';
import { ColdtrailError } from '../lib/errors.ts';
import type { Intake } from './intake.ts';

export interface ExternalBrokerOptions {
  /** `mqtt://` or `mqtts://`, with user and password where the broker wants them. */
  readonly url: string;
  /** Names the persistent session: the same across restarts, different for every processor. */
  readonly clientId: string;
  readonly protocolVersion: 4 | 5;
  readonly intake: Intake;
  readonly onState: (state: 'connected' | 'away') => void;
  readonly onError: (error: Error) => void;
}

export interface ExternalBroker {
  readonly url: string;
  /** Publishes something of our own; resolves with the broker's PUBACK. */
  publish(topic: string, payload: string): Promise<void>;
  /** Ends the connection; the broker keeps the session and redelivers what was not acknowledged. */
  close(): Promise<void>;
}

/** MQTT 5 Session Expiry Interval. */
const SESSION_EXPIRY_S = 7 * 24 * 3600;
/** Deliveries that may wait for the journal: the Receive Maximum of MQTT 5, and the most we read ahead of it. */
const UNANSWERED_MAX = 4096;
const RECONNECT_MS = 500;
/** How long a broker that accepts the connection may take to answer, at the start and at the end. */
const ANSWER_MS_MAX = 10_000;
const FAREWELL_MS_MAX = 2_000;

/**
 * Subscribes to an external broker with a persistent session and acknowledges each delivery after the journal has it.
 * Afterwards it reconnects by itself for as long as it is open.
 * @throws ColdtrailError BROKER_UNREACHABLE, or BROKER_REFUSED for credentials and subscriptions; nothing is left open
 */
export async function connectExternalBroker(options: ExternalBrokerOptions): Promise<ExternalBroker> {
  const url = withoutSecret(options.url);
  const client = connect(options.url, {
    clientId: options.clientId,
    clean: false,
    protocolVersion: options.protocolVersion,
    ...(options.protocolVersion === 5 && {
      properties: { sessionExpiryInterval: SESSION_EXPIRY_S, receiveMaximum: UNANSWERED_MAX },
    }),
    reconnectPeriod: RECONNECT_MS,
    // A broker that refuses us for a while (its password back end is away, it is shutting down) is asked again.
    reconnectOnConnackError: true,
    connectTimeout: ANSWER_MS_MAX,
    // Ours to do after each connect, below: MQTT.js would not tell whether the broker granted it.
    resubscribe: false,
  });
  deferPubacks(client, options.intake);
  try {
    await opened(client, url);
  } catch (cause) {
    client.on('error', () => {}); // what a connection that was given up says later
    client.end(true);
    throw cause instanceof ColdtrailError ? cause : startFailure(url, cause as Error & { code?: unknown });
  }
  options.onState('connected');
  client.on('error', options.onError);
  client.on('close', () => options.onState('away'));
  client.on('connect', () => {
    subscribe(client, url).then(() => options.onState('connected'), options.onError);
  });
  return { url, publish: (topic, payload) => published(client, topic, payload), close: () => ended(client) };
}

/** Connects for the first time: a broker that is away or refuses us ends the start, not the running process. */
function opened(client: MqttClient, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', () => subscribe(client, url).then(resolve, reject));
    client.once('error', reject);
    client.once('offline', () => reject(new Error('no answer')));
  });
}

async function subscribe(client: MqttClient, url: string): Promise<void> {
  let refused: readonly string[];
  try {
    const granted = await client.subscribeAsync([...SUBSCRIPTIONS], { qos: 1 });
    // At QoS 0 the broker would not wait for our acknowledgement: what we lose would be lost.
    refused = granted.filter(({ qos }) => qos !== 1).map(({ topic }) => topic);
  } catch (cause) {
    const granted = (cause as { packet?: { granted?: readonly number[] } }).packet?.granted;
    if (!granted) throw cause;
    refused = SUBSCRIPTIONS.filter((_, i) => granted[i] !== 1);
  }
  if (refused.length === 0) return;
  throw new ColdtrailError(
    'BROKER_REFUSED',
    `the broker at ${url} does not let us subscribe at QoS 1 to ${refused.join(', ')}`,
    { hint: 'Allow the processor to read coldtrail/v1/# in the access list of the broker.' },
  );
}

async function published(client: MqttClient, topic: string, payload: string): Promise<void> {
  // MQTT.js would keep it in memory without a bound; who calls keeps it on disk and tries again.
  if (!client.connected) throw new Error('the broker is away');
  await client.publishAsync(topic, payload, { qos: 1 });
}

/** Ends the connection in order; a broker that is away, or does not take our leave, is left. */
async function ended(client: MqttClient): Promise<void> {
  if (!client.connected) return client.endAsync(true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FAREWELL_MS_MAX);
  });
  await Promise.race([client.endAsync(), late]);
  clearTimeout(timer);
  client.stream.destroy();
}

function startFailure(url: string, cause: Error & { code?: unknown }): ColdtrailError {
  // CONNACK return codes are numbers, the codes of socket errors are words.
  if (typeof cause.code !== 'number') {
    return new ColdtrailError('BROKER_UNREACHABLE', `the broker at ${url} did not answer: ${cause.message}`, {
      hint: 'Is it running? `mosquitto_sub -h HOST -p PORT -t "$SYS/#" -C 1` from this machine tells.',
      cause,
    });
  }
  // 4 and 5 of MQTT 3.1.1 (table 3.1), 134 and 135 of MQTT 5 (table 3-1): bad credentials, not authorised.
  if ([4, 5, 134, 135].includes(cause.code)) {
    return new ColdtrailError('BROKER_REFUSED', `the broker at ${url} refused the user name or password`, {
      hint: 'Put them into broker.url, or into the environment as COLDTRAIL_BROKER_URL=mqtt://user:password@host.',
      cause,
    });
  }
  return new ColdtrailError('BROKER_REFUSED', `the broker at ${url} refused the connection: ${cause.message}`, {
    hint: 'Its log says more. Does it take broker.clientId, and the MQTT version of broker.protocolVersion?',
    cause,
  });
}

/**
 * MQTT.js acknowledges one message at a time: its reader waits for `handleMessage` before it looks at the next packet,
 * which would make a group commit of one. So `handleMessage` returns at once, the PUBACK that MQTT.js then sends is
 * swallowed at its `_sendPacket`, and ours goes out when the commit is durable — with as many deliveries in flight as
 * the broker allows, acknowledged in the order of their arrival [MQTT-4.6.0-2].
 */
function deferPubacks(client: MqttClient, intake: Intake): void {
  /** Which delivery each message id stands for on this connection, while its PUBACK waits for the journal. */
  const held = new Map<number, number>();
  let deliveries = 0;
  /** Over all connections: what a connection left behind is still on its way to the journal. */
  let unanswered = 0;
  let readOn: (() => void) | undefined;
  // A broken connection voids what was delivered on it: the broker delivers again, perhaps under other message ids.
  client.on('close', () => {
    held.clear();
    readOn = undefined;
  });
  const sendPacket = client['_sendPacket'].bind(client);
  client['_sendPacket'] = (packet: Packet, sent?: () => void, ...rest: unknown[]) => {
    if (packet.cmd === 'puback') sent?.();
    else sendPacket(packet, sent, ...rest);
  };
  client.handleMessage = ({ topic, payload, qos, messageId }: IPublishPacket, next) => {
    // The unread rest of a connection that has broken.
    if (qos > 0 && !client.connected) return;
    const delivery = ++deliveries;
    unanswered++;
    if (messageId !== undefined) held.set(messageId, delivery);
    intake({ topic, payload: Buffer.isBuffer(payload) ? payload : Buffer.from(payload), principal: null }, () => {
      unanswered--;
      if (messageId !== undefined && held.get(messageId) === delivery) {
        held.delete(messageId);
        // While the connection is breaking, MQTT.js would keep the packet for the next one.
        if (client.connected) sendPacket({ cmd: 'puback', messageId, reasonCode: 0 });
      }
      const goOn = readOn;
      readOn = undefined;
      goOn?.();
    });
    // A full journal and a broker without a window of its own: what is not read waits in the broker.
    if (unanswered < UNANSWERED_MAX) next();
    else readOn = next;
  };
}

function withoutSecret(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href.replace(/\/$/, '');
}
