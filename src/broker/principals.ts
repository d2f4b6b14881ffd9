import { createHash } from 'node:crypto';
import type { Registry } from '../contract/registry.ts';
import { CLOCK_TOPIC, TOPIC_PREFIX } from '../contract/topics.ts';
import { verifySecret } from '../lib/secret.ts';
import { coversFilter, matchesFilter } from './topic-filter.ts';

/** Who is at the other end of a connection, and what they may do. */
export interface Principal {
  /** User name; null for an anonymous client. */
  readonly name: string | null;
  readonly mayPublish: (topic: string) => boolean;
  readonly maySubscribe: (filter: string) => boolean;
}

/** Only ever handed out on a loopback address, and only where the configuration says so. */
export const ANYONE: Principal = { name: null, mayPublish: () => true, maySubscribe: () => true };

/** Someone whose connection tells nothing: may do nothing. */
export const NOBODY: Principal = { name: null, mayPublish: () => false, maySubscribe: () => false };

interface Account {
  readonly secretHash: string;
  readonly principal: Principal;
}

/** Checks user names and secrets against the registry. */
export class Principals {
  readonly #accounts = new Map<string, Account>();
  /** SHA-256 of secrets that were verified once: scrypt is dear by intent, and 500 devices reconnect at once. */
  readonly #verified = new Map<string, string>();

  constructor(registry: Pick<Registry, 'devices' | 'clients'>) {
    for (const { key, secretHash } of registry.devices) {
      if (secretHash) this.#accounts.set(key, { secretHash, principal: devicePrincipal(key) });
    }
    for (const { name, secretHash, publish, subscribe } of registry.clients) {
      const principal: Principal = {
        name,
        mayPublish: (topic) => publish.some((filter) => matchesFilter(filter, topic)),
        maySubscribe: (asked) => subscribe.some((filter) => coversFilter(filter, asked)),
      };
      this.#accounts.set(name, { secretHash, principal });
    }
  }

  /** The principal with this name and secret; undefined where either is wrong. */
  async authenticate(name: string, secret: string): Promise<Principal | undefined> {
    const account = this.#accounts.get(name);
    if (!account) return undefined;
    const digest = createHash('sha256').update(secret).digest('base64');
    if (this.#verified.get(name) !== digest) {
      if (!(await verifySecret(secret, account.secretHash))) return undefined;
      this.#verified.set(name, digest);
    }
    return account.principal;
  }
}

/** A device publishes only below its own prefix, and reads nothing but that and the clock. */
function devicePrincipal(key: string): Principal {
  const prefix = `${TOPIC_PREFIX}/${key}/`;
  return {
    name: key,
    mayPublish: (topic) => topic.startsWith(prefix),
    maySubscribe: (filter) => filter === CLOCK_TOPIC || coversFilter(`${prefix}#`, filter),
  };
}
