import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Aedes, type AuthenticateHandler, type AuthorizePublishHandler, type Client } from 'aedes';

export interface Received {
  readonly user: string | undefined;
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

export interface TestBroker {
  readonly url: string;
  readonly port: number;
  readonly aedes: Aedes;
  /** Accepted publishes in order of arrival, repeats included. */
  readonly received: Received[];
  /** Connections that were opened since the start, by user. */
  readonly logins: (string | undefined)[];
  stop(): Promise<void>;
}

export interface BrokerBehaviour {
  readonly port?: number;
  readonly authenticate?: AuthenticateHandler;
  /** Called before a publish is acknowledged; call `done` to acknowledge, `done(error)` closes the connection. */
  readonly beforeAck?: (message: Received, done: (error?: Error) => void, client: Client) => void;
}

const userOf = new WeakMap<Client, string>();

/** A real MQTT broker on a free loopback port. */
export async function startBroker(behaviour: BrokerBehaviour = {}): Promise<TestBroker> {
  const received: Received[] = [];
  const logins: (string | undefined)[] = [];
  const authorizePublish: AuthorizePublishHandler = (client, packet, done) => {
    if (!client) return done(null);
    const { topic, retain } = packet;
    const message = { user: userOf.get(client), topic, retain, payload: Buffer.from(packet.payload) };
    const accept = (error?: Error) => {
      if (!error) received.push(message);
      done(error ?? null);
    };
    if (behaviour.beforeAck) behaviour.beforeAck(message, accept, client);
    else accept();
  };
  const authenticate: AuthenticateHandler = (client, username, password, done) => {
    if (username) userOf.set(client, username);
    logins.push(username);
    if (behaviour.authenticate) behaviour.authenticate(client, username, password, done);
    else done(null, true);
  };
  const aedes = await Aedes.createBroker({ authorizePublish, authenticate, drainTimeout: 1000 });
  const server: Server = createServer(aedes.handle);
  server.listen(behaviour.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    aedes,
    received,
    logins,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      await closed;
    },
  };
}
