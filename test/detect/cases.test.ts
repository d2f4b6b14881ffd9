import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AssetKind } from '../../src/contract/words.ts';
import { armingOf } from '../../src/detect/arming.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { atMinute, chunkOf, foldAll, type Row, testProfile } from './frames.ts';

type Span = [asset: string, from: number, to: number | null];

interface Case {
  name: string;
  profile?: string;
  placements?: Span[];
  custodies?: Span[];
  samples: Record<string, Record<number, number>>;
  breaches: {
    channel: string;
    rule: string;
    start: number;
    raised: number;
    end: number | null;
    by?: string;
    peak: number;
    peakAt: number;
    asset?: string;
  }[];
}

const kinds: Record<string, AssetKind> = {
  'org/truck': 'reefer-truck',
  'org/store': 'cold-store',
  'org/room': 'pre-cooling-room',
};
const always: Span[] = [['truck', -1000, null]];

const spans = (given: Span[]) =>
  given.map(([asset, from, to]) => ({
    asset: `org/${asset}`,
    fromMs: atMinute(from),
    toMs: to === null ? null : atMinute(to),
  }));

function rowsOf(samples: Case['samples']): Row[] {
  const byMinute = new Map<number, Record<string, number>>();
  for (const [channel, values] of Object.entries(samples)) {
    for (const [minute, value] of Object.entries(values)) {
      byMinute.set(Number(minute), { ...byMinute.get(Number(minute)), [channel]: value });
    }
  }
  return [...byMinute].sort(([a], [b]) => a - b).map(([minute, values]) => ({ timeMs: atMinute(minute), values }));
}

const folder = new URL('testcases/', import.meta.url);
for (const file of readdirSync(folder)) {
  describe(file, () => {
    for (const c of parse(readFileSync(new URL(file, folder), 'utf8')) as Case[]) {
      test(c.name, () => {
        const profile = c.profile === undefined ? testProfile : profileFor(c.profile)!;
        const custodies = spans(c.custodies ?? always).map((span) => ({ ...span, profile }));
        const arming = armingOf(spans(c.placements ?? always), custodies, (asset) => kinds[asset]);
        const rows = rowsOf(c.samples);
        const whole = foldAll('org/dev', [chunkOf('org/dev', rows)], arming);
        const expected = c.breaches.map((b) => ({
          id: `org/dev:${b.channel}:${b.rule}:${atMinute(b.start)}`,
          channel: b.channel,
          rule: b.rule,
          asset: `org/${b.asset ?? 'truck'}`,
          startMs: atMinute(b.start),
          raisedMs: atMinute(b.raised),
          endMs: b.end === null ? null : atMinute(b.end),
          endedBy: b.by ?? null,
          peak: b.peak,
          peakMs: atMinute(b.peakAt),
        }));
        expect(whole.breaches).toHaveLength(expected.length);
        expect(whole.breaches).toMatchObject(expected);
        // Frame by frame, each in a chunk of its own with its own channels: nothing may differ.
        const single = foldAll(
          'org/dev',
          rows.map((row) => chunkOf('org/dev', [row])),
          arming,
        );
        expect(single).toEqual(whole);
      });
    }
  });
}
