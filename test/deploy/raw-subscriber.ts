import { connect } from 'node:net';
import { generate, type IPublishPacket, parser } from 'mqtt-packet';

/** A subscriber at the level of packets, for what MQTT.js hides: deliveries that wait for their PUBACK. */
export interface RawSubscriber {
  /** Publishes received since the connection, in order. */
  readonly received: readonly IPublishPacket[];
  /** Acknowledges everything received and not yet acknowledged. */
  ackAll(): void;
  close(): void;
}

/** Opens a persistent session (MQTT 3.1.1, clean session 0) and resolves when the broker has accepted it. */
export function openRawSubscriber(port: number, username: string, password: string): Promise<RawSubscriber> {
  return new Promise((resolve, reject) => {
    const received: IPublishPacket[] = [];
    let acked = 0;
    const socket = connect(port, '127.0.0.1');
    const reader = parser();
    const subscriber: RawSubscriber = {
      received,
      ackAll: () => {
        for (; acked < received.length; acked++) {
          socket.write(generate({ cmd: 'puback', messageId: received[acked]!.messageId! }));
        }
      },
      close: () => socket.end(generate({ cmd: 'disconnect' })),
    };
    socket.on('error', reject);
    socket.on('data', (chunk) => reader.parse(chunk));
    reader.on('packet', (packet) => {
      if (packet.cmd === 'publish') received.push(packet);
      else if (packet.cmd === 'connack' && packet.returnCode === 0) resolve(subscriber);
      else reject(new Error(`unexpected ${packet.cmd}`));
    });
    const login = { clientId: 'any', clean: false, keepalive: 60, username, password: Buffer.from(password) };
    socket.write(generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, ...login }));
  });
}
