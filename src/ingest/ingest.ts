import { eventMessage } from '../contract/event.ts';
import type { FrameBatchBuilder } from '../contract/frame-batch-builder.ts';
import type { Reason } from '../contract/reason.ts';
import { decodePack } from '../contract/senml/decode.ts';
import { parseTopic, type Topic } from '../contract/topics.ts';
import type { DeviceKey } from '../contract/words.ts';
import type { Clock } from '../lib/clock.ts';
import { parseClock } from './clock-message.ts';

/** A publish on one of our topics, whichever broker it came through. */
export interface Publish {
  readonly topic: string;
  readonly payload: Buffer;
  /** Who published it, where the broker leaves that to us; null where it has decided itself. */
  readonly principal: { readonly name: string | null; readonly mayPublish: (topic: string) => boolean } | null;
}

/** What ingest needs of the journal. */
export interface IngestJournal {
  readonly frames: FrameBatchBuilder;
  add(
    document:
      | { kind: 'event'; org: string; event: unknown }
      | {
          kind: 'refusal';
          reason: Reason;
          topic: string;
          principal: string | null;
          payload: string;
          payloadBytes: number;
          detail: string | null;
        },
  ): void;
  whenDurable(ack: () => void): void;
  /** Calls back after the acknowledgements that wait, without making anything durable. */
  inOrder(ack: () => void): void;
}

export interface IngestOptions {
  readonly journal: IngestJournal;
  /** The clock in force. */
  readonly clock: Clock;
  readonly maxPayloadBytes: number;
  readonly maxRecords: number;
  readonly futureToleranceMs: number;
  /** A clock message came: only followed where the configuration says `clock: simulation`. */
  readonly onClock: (timeMs: number) => void;
}

export interface IngestCounters {
  publishes: number;
  frames: number;
  readings: number;
  events: number;
  refused: number;
  /** By reason code. */
  readonly reasons: Map<Reason, number>;
}

/** Bounds what is remembered by topic and device; names come from outside. */
const REMEMBERED_MAX = 50_000;

/** How much of a refused payload is kept. */
const REFUSED_BYTES_KEPT = 4096;

/** What a step says of its input: null for accepted, or why not. */
type Verdict = { readonly reason: Reason; readonly detail: string | null } | null;

/**
 * Decode → validate → authorise → journal. Frames go straight into the journal's next record; whatever is refused goes
 * there too, with its reason, so that nothing is lost silently. Acknowledged when durable, accepted or not.
 */
export class Ingest {
  readonly counters: IngestCounters = {
    publishes: 0,
    frames: 0,
    readings: 0,
    events: 0,
    refused: 0,
    reasons: new Map(),
  };
  readonly #options: IngestOptions;
  /** Topics already read and decoder settings by device: the hot path makes none of them twice. */
  readonly #topics = new Map<string, Topic>();
  readonly #packContexts = new Map<DeviceKey, PackContext>();

  constructor(options: IngestOptions) {
    this.#options = options;
  }

  /** Takes one publish. `done` is called once it is durable. @param done told whether others may see the publish */
  accept(publish: Publish, done: (forward: boolean) => void): void {
    this.counters.publishes++;
    const parsed = this.#parsedTopic(publish.topic);
    const verdict = this.#take(publish, parsed);
    if (verdict) this.#refuse(publish, verdict);
    // A clock or status message leaves nothing behind that would have to last.
    else if (parsed?.kind === 'clock' || parsed?.kind === 'status') {
      this.#options.journal.inOrder(() => done(true));
      return;
    }
    this.#options.journal.whenDurable(verdict ? () => done(false) : () => done(true));
  }

  #take({ topic, payload, principal }: Publish, parsed: Topic | undefined): Verdict {
    if (!parsed) return refusal('bad-topic');
    if (principal && !principal.mayPublish(topic)) return refusal('not-authorised');
    if (payload.length > this.#options.maxPayloadBytes) return refusal('payload-too-large');
    switch (parsed.kind) {
      case 'frames':
        return this.#takeFrames(parsed.device, payload);
      case 'events':
        return this.#takeEvents(parsed.org, payload);
      case 'clock':
        return this.#takeClock(payload);
      case 'status':
        return null;
    }
  }

  #takeFrames(device: DeviceKey, payload: Buffer): Verdict {
    const { frames } = this.#options.journal;
    const framesBefore = frames.size;
    const readingsBefore = frames.readings;
    const reason = decodePack(payload, this.#packContext(device), frames);
    if (reason) return refusal(reason);
    this.counters.frames += frames.size - framesBefore;
    this.counters.readings += frames.readings - readingsBefore;
    return null;
  }

  #takeEvents(org: string, payload: Buffer): Verdict {
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    } catch (error) {
      return error instanceof SyntaxError ? refusal('json-syntax', error.message) : refusal('not-utf8');
    }
    const parsed = eventMessage.safeParse(json);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      return refusal('bad-event', `${issue.path.join('.')}: ${issue.message}`);
    }
    for (const event of parsed.data) this.#options.journal.add({ kind: 'event', org, event });
    this.counters.events += parsed.data.length;
    return null;
  }

  #takeClock(payload: Buffer): Verdict {
    const timeMs = parseClock(payload);
    if (timeMs === undefined) return refusal('bad-clock');
    this.#options.onClock(timeMs);
    return null;
  }

  #parsedTopic(topic: string): Topic | undefined {
    let parsed = this.#topics.get(topic);
    if (!parsed) {
      parsed = parseTopic(topic);
      if (this.#topics.size >= REMEMBERED_MAX) this.#topics.clear();
      if (parsed) this.#topics.set(topic, parsed);
    }
    return parsed;
  }

  #packContext(device: DeviceKey): PackContext {
    let context = this.#packContexts.get(device);
    if (!context) {
      const { maxPayloadBytes, maxRecords, futureToleranceMs } = this.#options;
      if (this.#packContexts.size >= REMEMBERED_MAX) this.#packContexts.clear();
      context = { device, nowMs: 0, futureToleranceMs, maxRecords, maxPayloadBytes };
      this.#packContexts.set(device, context);
    }
    context.nowMs = this.#options.clock.nowMs();
    return context;
  }

  #refuse({ topic, payload, principal }: Publish, { reason, detail }: NonNullable<Verdict>): void {
    this.counters.refused++;
    this.counters.reasons.set(reason, (this.counters.reasons.get(reason) ?? 0) + 1);
    this.#options.journal.add({
      kind: 'refusal',
      reason,
      topic,
      principal: principal?.name ?? null,
      payload: payload.subarray(0, REFUSED_BYTES_KEPT).toString('base64'),
      payloadBytes: payload.length,
      detail,
    });
  }
}

interface PackContext {
  readonly device: DeviceKey;
  nowMs: number;
  readonly futureToleranceMs: number;
  readonly maxRecords: number;
  readonly maxPayloadBytes: number;
}

const refusal = (reason: Reason, detail: string | null = null): Verdict => ({ reason, detail });
