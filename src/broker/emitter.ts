import { Qlobber } from 'qlobber';

const TOPICS_REMEMBERED_MAX = 50_000;

type Listener = (packet: { topic: string }, done: () => void) => void;

/**
 * The message emitter that aedes delivers through (its `mq` option). The stock one, mqemitter, keeps messages beyond
 * its concurrency in an array it shifts from: at 500 publishers that array is the broker's whole time. This one keeps
 * no queue at all: a message goes to its listeners at once, and the publisher's next packet waits for them, so what is
 * in flight is bounded by the clients' own windows.
 */
export class DirectEmitter {
  readonly #matcher = new Qlobber<Listener>({
    separator: '/',
    wildcard_one: '+',
    wildcard_some: '#',
    match_empty_levels: true, // [MQTT-4.7.1-3]
  });
  /** Matches by topic, until someone subscribes or leaves: every device publishes to the same topic again and again. */
  readonly #matched = new Map<string, readonly Listener[]>();
  /** aedes reads these two for its statistics. */
  readonly current = 0;
  readonly concurrency = 0;

  on(topic: string, listener: Listener, done?: () => void): this {
    this.#matcher.add(topic, listener);
    this.#matched.clear();
    if (done) setImmediate(done);
    return this;
  }

  removeListener(topic: string, listener: Listener, done?: () => void): this {
    this.#matcher.remove(topic, listener);
    this.#matched.clear();
    if (done) setImmediate(done);
    return this;
  }

  emit(packet: { topic: string }, done?: (error?: Error) => void): this {
    const listeners = this.#listeners(packet.topic);
    let waiting = listeners.length;
    if (waiting === 0) {
      done?.();
      return this;
    }
    const delivered = () => {
      if (--waiting === 0) done?.();
    };
    for (const listener of listeners) listener(packet, delivered);
    return this;
  }

  /** Whether anyone would get a message on this topic. */
  hasListeners(topic: string): boolean {
    return this.#listeners(topic).length > 0;
  }

  close(done: () => void): void {
    this.#matcher.clear();
    this.#matched.clear();
    setImmediate(done);
  }

  #listeners(topic: string): readonly Listener[] {
    let listeners = this.#matched.get(topic);
    if (!listeners) {
      if (this.#matched.size >= TOPICS_REMEMBERED_MAX) this.#matched.clear();
      listeners = this.#matcher.match(topic);
      this.#matched.set(topic, listeners);
    }
    return listeners;
  }
}
