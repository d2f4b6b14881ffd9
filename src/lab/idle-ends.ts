import { type Plan, type PlannedAsset, SLICE_MS } from '../../simulators/plan/types.ts';
import { staysOf } from './histories.ts';
import type { SeedPlans } from './seed-share.ts';

/** A device is heard for so long after the last fruit has left its asset: its rules are told of the end by then. */
const HEARD_ON_MS = 3_600_000;

/**
 * A plan and its twin without what assets do once the last fruit has left them: nothing can be harmed there and no rule
 * is armed, so that nothing the lab counts depends on it. Where a day is followed for a week, that is most of the work:
 * of 3,308 days of season-day's assets 1,990 are those of rooms that stay empty.
 */
export function withoutIdleEnds(plan: Plan, twin: Plan): SeedPlans {
  const [stays, twinStays] = [staysOf(plan), staysOf(twin)];
  const lastMs = plan.assets.map((_, ix) =>
    Math.max(-Infinity, ...[...stays[ix]!, ...twinStays[ix]!].map(({ toMs }) => toMs ?? Infinity)),
  );
  const shortened = (of: Plan): Plan => ({
    ...of,
    assets: of.assets.map((asset, ix) => endingAt(asset, sliceEndMs(plan, lastMs[ix]! + HEARD_ON_MS))),
  });
  return { plan: shortened(plan), twin: shortened(twin) };
}

/** Duties end with slices of the world. */
const sliceEndMs = ({ startMs }: Plan, timeMs: number) =>
  Number.isFinite(timeMs) ? startMs + Math.ceil((timeMs - startMs) / SLICE_MS) * SLICE_MS : timeMs;

function endingAt(asset: PlannedAsset, endMs: number): PlannedAsset {
  const duties = asset.duties.filter(({ fromMs }) => fromMs < endMs);
  return { ...asset, duties: duties.map((duty) => (duty.toMs <= endMs ? duty : { ...duty, toMs: endMs })) };
}
