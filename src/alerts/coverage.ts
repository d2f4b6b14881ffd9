import type { AlertContent } from '../contract/alert.ts';
import type { Breach } from '../contract/breach.ts';

/** How long people are left alone, and how long they may leave an alert alone. */
export interface Patience {
  /** An alert that nobody took on for so long counts one severity higher; 0: never. */
  readonly escalateAfterMs: number;
  /** Who drives out of coverage is silent for no longer than this. */
  readonly outOfCoverageMs: number;
}

/**
 * Up to when an alert need call nobody, since its way explains it: all it tells of is devices that fell silent on the
 * move, and nothing was wrong with what they carry. Backfill most often takes it back. It begins to wait for somebody in
 * time to be escalated once the silence has lasted longer than coverage explains.
 * @param others the alerts of the asset
 * @param breaches of the asset
 * @returns null for any other alert, and where nothing would call anybody later
 */
export function quietUntilMs(
  alert: AlertContent,
  others: readonly AlertContent[],
  breaches: ReadonlyMap<string, Breach>,
  { escalateAfterMs, outOfCoverageMs }: Patience,
): number | null {
  if (escalateAfterMs === 0) return null;
  const own = alert.breachIds.map((id) => breaches.get(id)!);
  if (!own.every(({ cause }) => cause === 'moving')) return null;
  if (others.some(({ about, endMs }) => about === 'cargo' && endMs === null)) return null;
  const silentMs = Math.min(...own.filter(({ endMs }) => endMs === null).map(({ startMs }) => startMs));
  return silentMs + outOfCoverageMs - escalateAfterMs;
}
