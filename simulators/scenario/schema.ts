import { z } from 'zod';
import { NAME_PATTERN } from '../../src/contract/words.ts';
import { thermalProduceNames } from '../../src/produce/respiration.ts';
import { FAULT_KINDS } from '../plan/types.ts';

/**
 * What a scenario file says. Durations are written `4d`, `90m`, `1h30m`; instants within the run as a duration
 * after its start, so that a scenario can be started at any time. All durations come out in ms.
 */

const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const DURATION = /^(?=.)(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;

const duration = (doc: string) =>
  z
    .string()
    .regex(DURATION, { error: 'must be a duration such as 4d, 90m or 1h30m' })
    .transform(durationMs)
    .meta({ description: `${doc} A duration such as 4d, 90m or 1h30m.` });

/** Reads a duration such as `1h30m`, ms. @param text matches the pattern */
function durationMs(text: string): number {
  const parts = DURATION.exec(text) ?? [];
  return (['d', 'h', 'm', 's'] as const).reduce((sum, unit, i) => sum + Number(parts[i + 1] ?? 0) * UNIT_MS[unit], 0);
}

const count = (max: number) => z.int().min(0).max(max);
const name = z.string().regex(NAME_PATTERN, { error: 'must be a name of a–z, 0–9, dot, dash and underscore' });

const fleet = z.strictObject({
  trucks: count(5000).min(1).describe('Reefer trucks.'),
  preCoolingRooms: count(500).describe('Forced-air pre-cooling rooms at the origin, one load each.'),
  coldStores: count(500).min(1).describe('Cold stores at the origin.'),
  forwardWarehouses: z.array(name).min(1).max(500).describe('Places with a forward warehouse: where trips end.'),
  setPointC: z.number().min(-30).max(20).default(-0.5).describe('Set-point of every unit, °C.'),
});

const trip = z.strictObject({
  truck: name.describe('Name of the truck, e.g. truck-01.'),
  to: name.describe('Place of the forward warehouse.'),
  depart: duration('When the loaded truck leaves, after the start.'),
});

const trips = z
  .strictObject({
    perDay: z.number().positive().max(5000).optional().describe('Loads sent off a day, evenly over the day.'),
    first: duration('When the first load leaves, after the start.').default(3 * UNIT_MS.h),
    list: z.array(trip).min(1).optional().describe('Trips one by one, instead of perDay.'),
    loadKg: z
      .tuple([z.number().positive(), z.number().positive()])
      .default([20_000, 22_000])
      .describe('Least and greatest mass of a load, kg.'),
  })
  .refine((t) => (t.perDay === undefined) !== (t.list === undefined), { error: 'needs either perDay or list' });

const fault = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  asset: z.string().describe('Key of the asset, e.g. tarim-carriers/truck-01.'),
  at: duration('When it begins, after the start.'),
  for: duration('How long it lasts.'),
  severity: z
    .number()
    .describe(
      'unit-failure: share of capacity lost, 0 to 1. door-left-open: share of the door that is open, 0 to 1. ' +
        'wrong-set-point: °C off the intended one, either sign. warm-loading: °C above the plan.',
    ),
});

const drawnCounts = z
  .strictObject(
    Object.fromEntries(FAULT_KINDS.map((kind) => [kind, count(5000).optional()])) as Record<
      (typeof FAULT_KINDS)[number],
      z.ZodOptional<z.ZodInt>
    >,
  )
  .describe('How many faults of a kind to draw from the seed, each on a trip of its own.');

export const scenarioSchema = z
  .strictObject({
    name,
    description: z.string().min(1).describe('What the scenario shows.'),
    start: z.iso.datetime({ offset: true }).describe('RFC 3339 with offset; events carry this offset.'),
    duration: duration('Length of the run.'),
    seed: z.int().min(0).max(4_294_967_295).default(1).describe('Used unless the command line gives another.'),
    produce: z.enum(thermalProduceNames()),
    origin: name.describe('Place where the fruit grows and every trip begins.'),
    fleet,
    trips,
    devices: z
      .strictObject({
        sampleEvery: duration('Between two frames of a device.').default(UNIT_MS.m),
        bufferFor: duration('How long a device keeps frames while its link is away.').default(2 * UNIT_MS.d),
      })
      .prefault({}),
    links: z
      .strictObject({
        outagesPerDay: z.number().min(0).max(1000).default(0).describe('Outages of a truck’s link a day.'),
        meanOutage: duration('Mean length of an outage.').default(20 * UNIT_MS.m),
      })
      .prefault({}),
    faults: z
      .strictObject({ planned: z.array(fault).default([]), draw: drawnCounts.prefault({}) })
      .prefault({})
      .describe('What goes wrong: written one by one, or drawn from the seed.'),
  })
  .meta({ title: 'coldtrail scenario' });

export type ScenarioData = z.infer<typeof scenarioSchema>;

/** The JSON Schema of scenario files, for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' });
}
