import { z } from 'zod';
import { ASSET_KINDS, NAME_PATTERN } from './words.ts';

/**
 * The registry file: who is in the chain before the first message. `coldtrail simulate --registry` writes one for
 * a scenario; `serve` reads it (`registry:` in the configuration). JSON or YAML.
 */

const name = z.string().regex(NAME_PATTERN);
const key = z.string().refine((k) => k.split('/').length === 2 && k.split('/').every((p) => NAME_PATTERN.test(p)), {
  error: 'must be {org}/{name}, each of a-z 0-9 . _ -',
});

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
const secretHash = z.string().regex(/^scrypt\$\d+\$\d+\$\d+\$[\w-]+\$[\w-]+$/);

export const registrySchema = z.strictObject({
  orgs: z.array(z.strictObject({ id: name, name: z.string(), role: z.string().optional() })).default([]),
  assets: z
    .array(
      z.strictObject({
        key,
        kind: z.enum(ASSET_KINDS),
        name: z.string(),
        lat: z.number().optional(),
        lon: z.number().optional(),
      }),
    )
    .default([]),
  /** A device's user name is its key; it may publish below `coldtrail/v1/{org}/{device}/` and nowhere else. */
  devices: z.array(z.strictObject({ key, secretHash: secretHash.optional() })).default([]),
  /** Other MQTT users: what they may publish to and subscribe to, as MQTT topic filters. */
  clients: z
    .array(
      z.strictObject({
        name,
        secretHash,
        publish: z.array(z.string()).default([]),
        subscribe: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  /** Which produce profile a GTIN's lots follow when their commissioning event does not say. */
  products: z.array(z.strictObject({ companyPrefix: z.string(), itemRef: z.string(), produce: name })).default([]),
});

export type Registry = z.infer<typeof registrySchema>;
