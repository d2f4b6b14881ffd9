import { z } from 'zod';

const clockMessage = z.object({
  time: z.iso.datetime({ offset: true }),
  speed: z.union([z.number().positive(), z.literal('max')]).optional(),
});

/** The time of a simulation clock message, epoch ms; undefined where it is none. */
export function parseClock(payload: Uint8Array): number | undefined {
  try {
    const parsed = clockMessage.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    return parsed.success ? Date.parse(parsed.data.time) : undefined;
  } catch {
    return undefined;
  }
}
