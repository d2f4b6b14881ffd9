import type { BreachChange } from '../contract/breach.ts';
import type { DashboardPoint } from '../store/frames/store.ts';

/** Breaches as points at the instant they were raised: one point a breach, overwritten as it changes. */
export function breachPoints(changes: readonly BreachChange[]): DashboardPoint[] {
  return changes.map(({ change, breach }) => ({
    measurement: 'breach',
    tags: { device: breach.device, rule: breach.rule, severity: breach.severity, asset: breach.asset },
    fields: {
      open: breach.endMs === null && change !== 'withdrawn' ? 1 : 0,
      peakC: breach.peakC,
      limitC: breach.limitC,
      startMs: breach.startMs,
      channel: breach.channel,
    },
    timeMs: breach.raisedMs,
  }));
}

/** What a cycle did, as a point at the wall time of its newest record. */
export function healthPoint(
  report: {
    readonly frames: number;
    readonly readings: number;
    readonly refused: number;
    readonly repeats: number;
    readonly openAlerts: number;
    readonly lagMs: number;
  },
  arrivedMs: number,
): DashboardPoint {
  return {
    measurement: 'ingest',
    tags: {},
    fields: {
      frames: report.frames,
      readings: report.readings,
      refused: report.refused,
      duplicates: report.repeats,
      openBreaches: report.openAlerts,
      lagMs: report.lagMs,
    },
    timeMs: arrivedMs,
  };
}
