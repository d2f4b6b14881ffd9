import type { BreachEnd } from '../contract/breach.ts';
import type { AssetKey, AssetKind } from '../contract/words.ts';
import type { Profile } from '../produce/profiles.ts';

/** Where a device was: dated, `toMs` null while it still is there. */
export interface PlacementSpan {
  readonly asset: AssetKey;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** A batch that was in an asset, with the profile of its produce. */
export interface CustodySpan extends PlacementSpan {
  readonly profile: Profile;
}

/** A stretch of event time in which a device's values are judged: outside of all, an empty truck is nobody's breach. */
export interface ArmingInterval {
  readonly fromMs: number;
  /** Infinity while it goes on. */
  readonly toMs: number;
  readonly asset: AssetKey;
  readonly assetKind: AssetKind;
  readonly profile: Profile;
  /** What a breach still open at `toMs` was ended by. */
  readonly endedBy: BreachEnd;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * When and how a device is armed: its placements crossed with the custodies on those assets.
 * Disjoint and ascending; neighbours with the same asset and profile are one interval, so a batch handed over
 * inside a truck, or followed by the next without a break, does not cut a breach in two.
 * @param placements of the device, in any order; where two overlap, the one that began last holds
 * @param custodies on any of these assets, in any order
 */
export function armingOf(
  placements: readonly PlacementSpan[],
  custodies: readonly CustodySpan[],
  assetKind: (asset: AssetKey) => AssetKind | undefined,
): ArmingInterval[] {
  const armed: ArmingInterval[] = [];
  for (const stay of withoutOverlap(placements)) {
    const kind = assetKind(stay.asset);
    if (kind === undefined) continue;
    for (const { fromMs, toMs, profile } of profilesDuring(stay, custodies)) {
      const endedBy = toMs === stay.toMs ? 'placement-ended' : 'custody-ended';
      append(armed, { fromMs, toMs, asset: stay.asset, assetKind: kind, profile, endedBy });
    }
  }
  return armed;
}

/** Index of the interval that holds the instant, or −1. */
export function armedAt(arming: readonly ArmingInterval[], timeMs: number): number {
  const next = firstAfter(arming, timeMs);
  return next > 0 && timeMs < arming[next - 1]!.toMs ? next - 1 : -1;
}

/** Index of the first interval that begins after the instant; the number of intervals where none does. */
export function firstAfter(arming: readonly ArmingInterval[], timeMs: number): number {
  let low = 0;
  let high = arming.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (arming[middle]!.fromMs <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function append(armed: ArmingInterval[], next: ArmingInterval): void {
  const last = armed.at(-1);
  if (last && last.toMs === next.fromMs && last.asset === next.asset && last.profile.name === next.profile.name) {
    armed[armed.length - 1] = { ...next, fromMs: last.fromMs };
  } else {
    armed.push(next);
  }
}

/** The placements as disjoint stays, ascending. */
function withoutOverlap(placements: readonly PlacementSpan[]): (Stretch & { asset: AssetKey })[] {
  const stays: (Stretch & { asset: AssetKey })[] = [];
  for (const { fromMs, toMs } of pieces(placements)) {
    let holder: PlacementSpan | undefined;
    for (const placement of placements) {
      if (placement.fromMs > fromMs || endOf(placement) < toMs) continue;
      if (!holder || beginsLater(placement, holder)) holder = placement;
    }
    const last = stays.at(-1);
    if (!holder) continue;
    if (last && last.toMs === fromMs && last.asset === holder.asset) stays[stays.length - 1] = { ...last, toMs };
    else stays.push({ fromMs, toMs, asset: holder.asset });
  }
  return stays;
}

/** Two placements that begin together are an operator's mistake; the asset's name decides, never the arrival. */
function beginsLater(a: PlacementSpan, b: PlacementSpan): boolean {
  return a.fromMs > b.fromMs || (a.fromMs === b.fromMs && a.asset > b.asset);
}

/** Which profile holds when during a stay. Of several at once, the one that tolerates least warmth. */
function profilesDuring(
  stay: Stretch & { asset: AssetKey },
  custodies: readonly CustodySpan[],
): (Stretch & { profile: Profile })[] {
  const byProfile = new Map<string, { profile: Profile; held: Stretch[] }>();
  for (const custody of custodies) {
    if (custody.asset !== stay.asset) continue;
    const fromMs = Math.max(custody.fromMs, stay.fromMs);
    const toMs = Math.min(endOf(custody), stay.toMs);
    if (fromMs >= toMs) continue;
    const entry = byProfile.get(custody.profile.name) ?? { profile: custody.profile, held: [] };
    entry.held.push({ fromMs, toMs });
    byProfile.set(custody.profile.name, entry);
  }
  // A store sees thousands of batches of one produce: joined per profile first, few stretches are left to overlay.
  const joined = [...byProfile.values()]
    .sort((a, b) => a.profile.alarm.highC - b.profile.alarm.highC || (a.profile.name < b.profile.name ? -1 : 1))
    .flatMap(({ profile, held }) => join(held).map((stretch) => ({ ...stretch, profile })));
  const during: (Stretch & { profile: Profile })[] = [];
  for (const { fromMs, toMs } of pieces(joined)) {
    const strictest = joined.find((s) => s.fromMs <= fromMs && s.toMs >= toMs);
    if (strictest) during.push({ fromMs, toMs, profile: strictest.profile });
  }
  return during;
}

/** The union of stretches: disjoint, ascending, none touching the next. */
function join(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const next of [...stretches].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1);
    if (last && next.fromMs <= last.toMs) {
      joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, next.toMs) };
    } else {
      joined.push(next);
    }
  }
  return joined;
}

/** The time line cut at every beginning and end. */
function pieces(spans: readonly { fromMs: number; toMs: number | null }[]): Stretch[] {
  const cuts = [...new Set(spans.flatMap((s) => [s.fromMs, endOf(s)]))].sort((a, b) => a - b);
  return cuts.slice(1).map((toMs, i) => ({ fromMs: cuts[i]!, toMs }));
}

function endOf(span: { toMs: number | null }): number {
  return span.toMs ?? Number.POSITIVE_INFINITY;
}
