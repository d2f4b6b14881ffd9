import type { Breach, BreachEnd } from '../../src/contract/breach.ts';
import type { AssetKind } from '../../src/contract/words.ts';
import type { CustodySpan, PlacementSpan } from '../../src/detect/arming.ts';
import type { Profile } from '../../src/produce/profiles.ts';
import type { Row } from './frames.ts';

/**
 * The same answer by other means: slow, with everything at hand at once, no state, no shared code with src/detect.
 * Threshold rules only; channel kinds are told by prefix.
 */
export function breachesByOracle(
  device: string,
  rows: readonly Row[],
  placements: readonly PlacementSpan[],
  custodies: readonly CustodySpan[],
  assetKind: (asset: string) => AssetKind | undefined,
): Breach[] {
  const line = new TimeLine(placements, custodies);
  const breaches: Breach[] = [];
  const channels = new Set(rows.flatMap((row) => Object.keys(row.values)));
  for (const channel of channels) {
    const samples = rows
      .filter((row) => row.values[channel] !== undefined)
      .map((row) => ({ timeMs: row.timeMs, valueC: row.values[channel]! }));
    for (const group of line.groups(samples)) {
      const kind = assetKind(group.asset);
      for (const rule of group.profile.rules) {
        if (kind === undefined || !rule.assets.includes(kind)) continue;
        if (!rule.channels.some((c) => channel === c || channel.replace(/-\d+$/, '') === c)) continue;
        breaches.push(...excursions(device, channel, group, rule));
      }
    }
  }
  return breaches.sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Sample {
  timeMs: number;
  valueC: number;
}

interface Group {
  asset: string;
  profile: Profile;
  samples: Sample[];
  endMs: number | null;
  endedBy: BreachEnd | null;
}

/** Who is armed when, asked instant by instant. */
class TimeLine {
  readonly #placements: readonly PlacementSpan[];
  readonly #custodies: readonly CustodySpan[];
  readonly #cuts: number[];

  constructor(placements: readonly PlacementSpan[], custodies: readonly CustodySpan[]) {
    this.#placements = placements;
    this.#custodies = custodies;
    const ends = [...placements, ...custodies].flatMap((s) => (s.toMs === null ? [s.fromMs] : [s.fromMs, s.toMs]));
    this.#cuts = ends.sort((a, b) => a - b);
  }

  asset(timeMs: number): string | undefined {
    const here = this.#placements.filter((p) => p.fromMs <= timeMs && (p.toMs === null || timeMs < p.toMs));
    here.sort((a, b) => b.fromMs - a.fromMs || (a.asset > b.asset ? -1 : 1));
    return here[0]?.asset;
  }

  profile(asset: string, timeMs: number): Profile | undefined {
    const held = this.#custodies.filter(
      (c) => c.asset === asset && c.fromMs <= timeMs && (c.toMs === null || timeMs < c.toMs),
    );
    return held.map((c) => c.profile).sort((a, b) => a.alarm.highC - b.alarm.highC)[0];
  }

  key(timeMs: number): string {
    const asset = this.asset(timeMs);
    const profile = asset === undefined ? undefined : this.profile(asset, timeMs);
    return profile ? `${asset} ${profile.name}` : '';
  }

  /** The samples of each armed stretch. */
  groups(samples: readonly Sample[]): Group[] {
    const groups: Group[] = [];
    let open: Group | undefined;
    for (const sample of samples) {
      if (open?.endMs != null && sample.timeMs >= open.endMs) open = undefined;
      const key = this.key(sample.timeMs);
      if (key === '') continue;
      if (!open) {
        const endMs = this.#cuts.find((cut) => cut > sample.timeMs && this.key(cut) !== key) ?? null;
        const asset = this.asset(sample.timeMs)!;
        const endedBy = endMs === null ? null : this.asset(endMs) === asset ? 'custody-ended' : 'placement-ended';
        open = { asset, profile: this.profile(asset, sample.timeMs)!, samples: [], endMs, endedBy };
        groups.push(open);
      }
      open.samples.push(sample);
    }
    return groups;
  }
}

function excursions(device: string, channel: string, group: Group, rule: Profile['rules'][number]): Breach[] {
  const { limitC, hysteresisC, dwellMs } = rule.params as { limitC: number; hysteresisC: number; dwellMs: number };
  const high = rule.rule === 'high';
  const beyond = (v: number) => (high ? v > limitC : v < limitC);
  const inside = (v: number) =>
    high ? v <= Number((limitC - hysteresisC).toFixed(3)) : v >= Number((limitC + hysteresisC).toFixed(3));
  const found: Breach[] = [];
  const s = group.samples;
  for (let i = 0; i < s.length; ) {
    if (!beyond(s[i]!.valueC)) {
      i++;
      continue;
    }
    let end = s.findIndex((x, k) => k > i && inside(x.valueC));
    if (end < 0) end = s.length;
    const raised = s.findIndex((x, k) => k >= i && k < end && x.timeMs - s[i]!.timeMs >= dwellMs);
    const gap = s.findIndex((x, k) => k > i && k < end && x.timeMs - s[k - 1]!.timeMs > group.profile.maxGapMs);
    if (gap >= 0 && (raised < 0 || gap <= raised)) {
      i = gap;
      continue;
    }
    if (raised >= 0) {
      const values = s.slice(i, end).map((x) => x.valueC);
      const peakC = high ? Math.max(...values) : Math.min(...values);
      const recovered = end < s.length;
      found.push({
        id: `${device}:${channel}:${rule.name}:${s[i]!.timeMs}`,
        device,
        channel,
        asset: group.asset,
        rule: rule.name,
        fold: rule.rule,
        profile: group.profile.name,
        severity: rule.severity,
        about: 'cargo',
        limit: limitC,
        unit: 'Cel',
        startMs: s[i]!.timeMs,
        raisedMs: s[raised]!.timeMs,
        endMs: recovered ? s[end]!.timeMs : group.endMs,
        endedBy: recovered ? 'recovered' : group.endedBy,
        cause: null,
        peak: peakC,
        peakMs: s[i + values.indexOf(peakC)]!.timeMs,
      });
    }
    i = end;
  }
  return found;
}
