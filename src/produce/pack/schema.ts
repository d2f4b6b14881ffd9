import { z } from 'zod';
import { SEVERITIES } from '../../contract/breach.ts';
import { CHANNEL_KINDS } from '../../contract/channel.ts';
import { NAME_PATTERN } from '../../contract/words.ts';
import { nearest } from '../../lib/nearest.ts';
import { ASSET_WORDS } from './asset-groups.ts';
import { LIMIT_NAMES } from './limits.ts';

const name = z.string().regex(NAME_PATTERN, { error: 'must be a name of a-z, 0-9, . _ -' });
const sentence = z.string().min(1);

/** How a source was read. */
export const EVIDENCE = {
  read: 'read in the source itself',
  implemented: 'read in programs of others that implement it',
  secondary: 'taken from a secondary page or an excerpt',
  computed: 'arithmetic on published figures',
} as const;

const source = z.strictObject({
  title: sentence.describe('The document, as one would look for it.'),
  evidence: z.enum(Object.keys(EVIDENCE) as (keyof typeof EVIDENCE)[]).describe('How it was read.'),
});

const param = z
  .union([z.number(), z.enum(LIMIT_NAMES)], {
    error: ({ input }) =>
      typeof input === 'string'
        ? `'${input}' is no number, and no limit of the produce${nearest(input, LIMIT_NAMES)}`
        : `must be a number, or a limit of the produce: ${LIMIT_NAMES.join(', ')}`,
  })
  .describe('A number in the unit that the name ends in, or a limit of the produce.');

/** One rule of a pack: which fold, on which channels of which assets, how bad it is, and who says so. */
export const packRule = z.strictObject({
  name: name.describe('What a breach carries as its rule, e.g. `pulp-high`.'),
  rule: z.string().describe('The fold: one of `coldtrail ls rules`.'),
  severity: z.enum(SEVERITIES).describe('warning, alarm (someone should act) or critical (someone must act now).'),
  channels: z
    .array(z.enum(CHANNEL_KINDS.map((k) => k.kind)))
    .describe('Kinds: `pulp` means `pulp` and `pulp-1` … `pulp-99`, each by itself; none for a rule on the device.'),
  assets: z.array(z.enum(ASSET_WORDS)).min(1).describe('Kinds of asset, or groups: all, vehicles, stores.'),
  params: z
    .record(z.string(), param)
    .describe('Parameters of the fold. A time may be written as S, Min, H or D instead of Ms: `dwellMin: 60`.'),
  explainable: z
    .boolean()
    .optional()
    .describe('True where an open door or a defrost explains what would start a breach: for air, never for produce.'),
  clause: sentence.optional().describe('What the source says, in short.'),
  sources: z.array(z.string()).min(1).optional().describe('Names of the pack’s sources that say so.'),
  estimates: z.array(z.string()).min(1).optional().describe('ESTIMATES: parameters that no source gives.'),
  why: sentence.optional().describe('Why these numbers, above all the estimates.'),
  unverified: z.boolean().optional().describe('True where the source could not be confirmed for this produce.'),
});

export const packSchema = z.strictObject({
  name: name.describe('What the pack is called by, e.g. `--rules who-30-day-logger`.'),
  title: sentence.describe('One line.'),
  for: sentence.describe('What it is for, and what it does not say.'),
  sources: z.record(z.string().regex(NAME_PATTERN), source).default({}).describe('The documents that rules cite.'),
  rules: z.array(packRule).min(1),
});

/** Rules that belong together, with who says so: a YAML file. */
export type Pack = Readonly<z.output<typeof packSchema>>;
export type PackRule = Pack['rules'][number];

/** JSON Schema of a pack file, for editors. */
export function packJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(packSchema, { io: 'input', target: 'draft-7' });
}
