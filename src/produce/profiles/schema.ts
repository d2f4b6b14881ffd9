import { z } from 'zod';
import { SEVERITIES } from '../../contract/breach.ts';
import { CHANNEL_KINDS } from '../../contract/channel.ts';
import { ASSET_KINDS, NAME_PATTERN } from '../../contract/words.ts';

const temperatureC = z.number().min(-60).max(80);

/** A band that is normal up to and including both ends, °C. */
const limits = z
  .strictObject({ lowC: temperatureC, highC: temperatureC })
  .refine((l) => l.lowC < l.highC, { error: 'lowC must lie below highC' });

const channelKindName = z.enum(CHANNEL_KINDS.map((k) => k.kind));

/** One rule of a profile: which fold, on which channels of which assets, how bad it is. */
const profileRule = z.strictObject({
  /** What a breach carries as its rule, e.g. `pulp-high`. */
  name: z.string().regex(NAME_PATTERN),
  /** Name of the fold in the rule registry (`coldtrail ls rules`). */
  rule: z.string(),
  assets: z.array(z.enum(ASSET_KINDS)).min(1),
  /** Channel kinds: `pulp` means `pulp` and `pulp-1` … `pulp-99`, each by itself; none for a rule on the device. */
  channels: z.array(channelKindName),
  /** True where an open door or a defrost explains what would else start a breach: for air, never for fruit. */
  explainable: z.boolean().optional(),
  severity: z.enum(SEVERITIES),
  /** Parameters of the fold, in the fold's own schema. */
  params: z.record(z.string(), z.unknown()),
});

const limitsShape = {
  name: z.string().regex(NAME_PATTERN),
  title: z.string().min(1),
  /** Where the produce is best kept. Leaving it is no alarm. */
  target: z.strictObject({ minC: temperatureC, maxC: temperatureC }).refine((t) => t.minC <= t.maxC, {
    error: 'minC must not lie above maxC',
  }),
  /** Beyond these, fruit temperature is out of range: someone should act. */
  alarm: limits,
  /** Beyond these, harm is likely: someone must act now. */
  critical: limits,
  /** Where the produce itself freezes: a property of the fruit, not a limit for air. */
  freezingC: temperatureC,
  /** How it is brought down from the field's heat. */
  preCooling: z.strictObject({
    /** What the pulp is to reach. */
    pulpC: temperatureC,
    /** Counted from the harvest. */
    withinMs: z.int().positive(),
    /** Cooling in steps: not below a temperature before so long after the start; null where it may be quick. */
    stepDown: z.strictObject({ notBelowC: temperatureC, forMs: z.int().positive() }).nullable(),
  }),
  /** The warmest pulp that may be loaded for a trip, as measured without error. */
  loadingMaxC: temperatureC,
  /** Where cold harms it within weeks, and where most; null for produce that cold does not harm. */
  chilling: z
    .strictObject({ lowC: temperatureC, highC: temperatureC, worstC: temperatureC })
    .refine((c) => c.lowC <= c.worstC && c.worstC <= c.highC, { error: 'worstC must lie between lowC and highC' })
    .nullable(),
  /** The longest time one reading speaks for; what lies beyond is an evidence gap. */
  maxGapMs: z.int().positive(),
};

const limitsSchema = z.strictObject(limitsShape);

/** The limits of a produce, of which some may be left out. */
export const someLimitsSchema = limitsSchema.partial();

export const profileSchema = limitsSchema.extend({ rules: z.array(profileRule) }).superRefine((profile, context) => {
  for (const [outer, inner, what] of [
    [profile.critical, profile.alarm, 'alarm must lie inside critical'],
    [profile.alarm, { lowC: profile.target.minC, highC: profile.target.maxC }, 'target must lie inside alarm'],
  ] as const) {
    if (inner.lowC < outer.lowC || inner.highC > outer.highC) context.addIssue({ code: 'custom', message: what });
  }
  for (const { index, clash } of rulesNamedTwice(profile.rules)) {
    context.addIssue({ code: 'custom', path: ['rules', index], message: `two rules named ${clash}` });
  }
});

/** A breach's id is made of device, channel, rule name and start: a name may stand once for each asset and channel. */
export function rulesNamedTwice(rules: readonly ProfileRule[]): { index: number; clash: string }[] {
  const seen = new Set<string>();
  return rules.flatMap(({ name, assets, channels }, index) => {
    // A rule without channels is on the device itself.
    const ids = assets.flatMap((asset) =>
      channels.length === 0 ? [`${name} of ${asset}`] : channels.map((channel) => `${name} on ${channel} of ${asset}`),
    );
    const clash = ids.find((id) => seen.has(id));
    for (const id of ids) seen.add(id);
    return clash === undefined ? [] : [{ index, clash }];
  });
}

export type ProfileRule = z.infer<typeof profileRule>;

/** What is known of a produce: target, alarm, critical and freezing are four different things. */
export type ProduceLimits = Readonly<z.infer<typeof limitsSchema>>;

/** What is shipped of a produce: its limits, and the packs of rules that watch it. */
export interface Produce {
  readonly limits: ProduceLimits;
  readonly packs: readonly string[];
}

/** The limits of a produce, and the rules that watch it. */
export type Profile = Readonly<z.infer<typeof profileSchema>>;
