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
  /** Ends the connection; the broker keeps the session and redelivers what was not acknowledged. */
  close(): Promise<void>;
}

/** MQTT 5 Session Expiry Interval and our share of its Receive Maximum: deliveries that may wait for the journal. */
const SESSION_EXPIRY_S = 7 * 24 * 3600;
const RECEIVE_MAXIMUM = 4096;
const RECONNECT_MS = 500;

/**
 * Subscribes to an external broker with a persistent session and acknowledges each delivery after the journal has it.
 *
 * MQTT.js acknowledges one message at a time: its reader waits for `handleMessage` before it looks at the next packet,
 * which would make a group commit of one. So `handleMessage` returns at once, the PUBACK that MQTT.js then sends is
 * held back at its `_sendPacket`, and goes out when the commit is durable — with as many deliveries in flight as the
 * broker allows, acknowledged in the order of their arrival [MQTT-4.6.0-2].
 */
export async function connectExternalBroker(options: ExternalBrokerOptions): Promise<ExternalBroker> {
  const url = withoutSecret(options.url);
  const client = connect(options.url, {
    manualConnect: true,
    clientId: options.clientId,
    clean: false,
    protocolVersion: options.protocolVersion,
    ...(options.protocolVersion === 5 && {
      properties: { sessionExpiryInterval: SESSION_EXPIRY_S, receiveMaximum: RECEIVE_MAXIMUM },
    }),
    reconnectPeriod: RECONNECT_MS,
    // Ours to do after each connect, below: MQTT.js would not tell whether the broker granted it.
    resubscribe: false,
  });
  deferPubacks(client, options.intake);
  const firstAnswer = answered(client, url);
  client.on('error', options.onError);
  client.on('close', () => options.onState('away'));
  client.on('connect', () => {
    client.subscribeAsync([...SUBSCRIPTIONS], { qos: 1 }).then((granted) => {
      const refused = granted.filter((grant) => grant.qos > 2).map((grant) => grant.topic);
      if (refused.length > 0) options.onError(refusedSubscription(url, refused));
      options.onState('connected');
    }, options.onError);
  });
  client.connect();
  await firstAnswer;
  return { url, close: () => client.endAsync() };
}

/** Waits for the first CONNACK; a broker that is away or refuses us ends the start, not the running process. */
async function answered(client: MqttClient, url: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('offline', () => reject(new Error('no answer')));
    });
  } catch (cause) {
    client.end(true);
    // CONNACK return codes 4 and 5 of MQTT 3.1.1, 134 and 135 of MQTT 5: bad credentials, not authorised.
    const refused = [4, 5, 134, 135].includes(Number((cause as { code?: number }).code));
    throw refused
      ? new ColdtrailError('BROKER_REFUSED', `the broker at ${url} refused the user name or password`, {
          hint: 'Put them into broker.url, or into the environment as COLDTRAIL_BROKER_URL=mqtt://user:password@host.',
          cause,
        })
      : new ColdtrailError('BROKER_UNREACHABLE', `the broker at ${url} did not answer: ${(cause as Error).message}`, {
          hint: 'Is it running? `mosquitto_sub -h HOST -p PORT -t "$SYS/#" -C 1` from this machine tells.',
          cause,
        });
  }
}

function refusedSubscription(url: string, topics: readonly string[]): ColdtrailError {
  return new ColdtrailError(
    'BROKER_REFUSED',
    `the broker at ${url} does not let us subscribe to ${topics.join(', ')}`,
    {
      hint: 'Allow the processor to read coldtrail/v1/# in the access list of the broker.',
    },
  );
}

function deferPubacks(client: MqttClient, intake: Intake): void {
  /** Deliveries whose PUBACK waits for the journal. */
  const held = new Set<number>();
  // A broken connection voids what was delivered on it: the broker delivers again, perhaps under the same message id.
  let connection = 0;
  client.on('close', () => {
    connection++;
    held.clear();
  });
  const sendPacket = client['_sendPacket'].bind(client);
  client['_sendPacket'] = (packet: Packet, sent?: () => void, ...rest: unknown[]) => {
    if (packet.cmd === 'puback' && packet.messageId !== undefined && held.has(packet.messageId)) sent?.();
    else sendPacket(packet, sent, ...rest);
  };
  client.handleMessage = (packet: IPublishPacket, next) => {
    const { messageId } = packet;
    const arrivedOn = connection;
    if (messageId !== undefined && packet.qos === 1) held.add(messageId);
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    intake({ topic: packet.topic, payload, principal: null }, () => {
      if (connection !== arrivedOn || messageId === undefined || !held.delete(messageId)) return;
      sendPacket({ cmd: 'puback', messageId, reasonCode: 0 });
    });
    next();
  };
}

function withoutSecret(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href.replace(/\/$/, '');
}
