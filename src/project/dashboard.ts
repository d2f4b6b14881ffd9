import { type BreachChange, isTakenBack } from '../contract/breach.ts';
import type { DeviceKey } from '../contract/words.ts';
import type { ArmingInterval } from '../detect/arming.ts';
import { armedRules } from '../detect/compile.ts';
import { ColdtrailError } from '../lib/errors.ts';
import type { RuleBook } from '../produce/rule-book.ts';
import type { DashboardPoint } from '../store/frames/store.ts';
import { listBreaches } from '../store/ledger/breaches.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { loadArming } from './arming.ts';

/** Breaches that ended longer ago than this are drawn as they are and not told again at a start. */
const RETOLD_MS = 24 * 3_600_000;

/** What the feed tells of a cycle. */
export interface CycleHealth {
  readonly frames: number;
  readonly readings: number;
  readonly refused: number;
  readonly repeats: number;
  readonly openAlerts: number;
  readonly lagMs: number;
}

type Publish = (points: readonly DashboardPoint[], signal?: AbortSignal) => Promise<void>;

/**
 * Keeps the points that Grafana draws beside the frames. It comes after the ledger's commit, so a crash between the
 * two leaves points out; the first cycle after a start tells the breaches of the last day again.
 */
export class DashboardFeed {
  readonly #publish: Publish;
  readonly #db: LedgerDb;
  readonly #rules: RuleBook;
  /** Breaches open at this event time or later are told again in the first cycle. */
  readonly #sinceMs: number;
  #healthMs = 0;
  #retold = false;

  constructor(publish: Publish, db: LedgerDb, rules: RuleBook, clockMs: number) {
    this.#sinceMs = clockMs - RETOLD_MS;
    this.#publish = publish;
    this.#db = db;
    this.#rules = rules;
  }

  /**
   * @param rearmed devices of which placement or custody changed
   * @param nowMs wall time, for the health point
   * @returns what the store said of points that it does not take (older than its retention, say), or null: they are
   * only drawn, so they stop nothing
   */
  async afterCycle(
    health: CycleHealth,
    changes: readonly BreachChange[],
    rearmed: Iterable<DeviceKey>,
    nowMs: number,
    signal?: AbortSignal,
  ): Promise<string | null> {
    // One point a cycle: two with the same time would be one.
    this.#healthMs = Math.max(this.#healthMs + 1, nowMs);
    const points = [...breachPoints(changes), healthPoint(health, this.#healthMs)];
    for (const device of rearmed) points.push(...limitPoints(device, await loadArming(this.#db, device, this.#rules)));
    if (!this.#retold) points.push(...breachPoints(await this.#recent()));
    const refusal = await this.#publish(points, signal).then(() => null, refusalOf);
    this.#retold = true;
    return refusal;
  }

  async #recent(): Promise<BreachChange[]> {
    const all = await listBreaches(this.#db, { interval: { fromMs: this.#sinceMs, toMs: Number.POSITIVE_INFINITY } });
    return all.map((breach) => ({ change: 'changed', breach }));
  }
}

function refusalOf(error: unknown): string {
  if (error instanceof ColdtrailError && error.code === 'STORE_REFUSED') return error.message;
  throw error;
}

/** Breaches as points at the instant they were raised: one point a breach, overwritten as it changes. */
export function breachPoints(changes: readonly BreachChange[]): DashboardPoint[] {
  return changes.map(({ change, breach }) => ({
    measurement: 'breach',
    // The channel is a tag: two probes may cross a limit in the same frame.
    tags: {
      device: breach.device,
      channel: breach.channel,
      rule: breach.rule,
      severity: breach.severity,
      asset: breach.asset,
    },
    fields: {
      open: breach.endMs === null && !isTakenBack(change) ? 1 : 0,
      peak: breach.peak,
      limit: breach.limit,
      unit: breach.unit,
      startMs: breach.startMs,
    },
    timeMs: breach.raisedMs,
  }));
}

/** What a cycle did, as a point at wall time. */
export function healthPoint(health: CycleHealth, timeMs: number): DashboardPoint {
  return {
    measurement: 'ingest',
    tags: {},
    fields: {
      frames: health.frames,
      readings: health.readings,
      refused: health.refused,
      duplicates: health.repeats,
      openBreaches: health.openAlerts,
      lagMs: health.lagMs,
    },
    timeMs,
  };
}

/** The limits a device is held against, from the start of each arming interval on. */
function limitPoints(device: DeviceKey, arming: readonly ArmingInterval[]): DashboardPoint[] {
  return arming.flatMap(({ fromMs, profile, assetKind }) =>
    armedRules(profile, assetKind).map(
      ({ name, severity, bound }): DashboardPoint => ({
        measurement: 'limits',
        tags: { device, rule: name },
        fields: { limit: bound.limit, severity },
        timeMs: fromMs,
      }),
    ),
  );
}
