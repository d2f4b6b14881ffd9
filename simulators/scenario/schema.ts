import { z } from 'zod';
import { ASSET_KINDS, NAME_PATTERN } from '../../src/contract/words.ts';
import { produceNames } from '../../src/produce/traits.ts';
import { FAULT_KINDS, FAULTS, RECONNECT_ORDERS } from '../plan/types.ts';
import { duration, span, UNIT_MS } from './duration.ts';

/**
 * What a scenario file says. Durations are written `4d`, `90m`, `1h30m`; instants within the run as a duration
 * after its start, so that a scenario can be started at any time. All durations come out in ms.
 */

const count = (max: number) => z.int().min(0).max(max);
const share = z.number().min(0).max(1);
const name = z.string().regex(NAME_PATTERN, { error: 'must be a name of a–z, 0–9, dot, dash and underscore' });
const countOr = <W extends string>(min: number, max: number, ...words: W[]) =>
  z.union([z.int().min(min).max(max), z.literal(words)], {
    error: `must be a whole number from ${min} to ${max}, or ${words.join(' or ')}`,
  });

const fleet = z.strictObject({
  trucks: countOr(0, 5000, 'auto').describe('Reefer trucks; `auto` (with trips.season): as many as it takes.'),
  railBoxes: count(2000).default(0).describe('Rail reefer boxes.'),
  mobileColdRooms: countOr(0, 500, 'network')
    .default(0)
    .describe('Mobile cold rooms at the origin: they pre-cool, slowly, one load each. `network`: those of its nodes.'),
  preCoolingRooms: countOr(0, 500, 'auto', 'network').describe(
    'Forced-air pre-cooling rooms at the origin, one load each; `auto`, or `network`: those of its nodes there.',
  ),
  coldStores: countOr(1, 500, 'network').describe('Cold stores at the origin; `network`: those of its nodes there.'),
  forwardWarehouses: z
    .union([z.array(name).min(1).max(500), z.literal('network')], { error: 'must be a list of places, or network' })
    .describe(
      'Places with a forward warehouse, where trips end; `network`: wherever its nodes have some, and as many.',
    ),
  shopsPerCity: countOr(0, 100, 'network')
    .default(0)
    .describe('Shops, each with a display, at each of these places; `network`: as many as its nodes there serve.'),
  shopsPerCityMax: count(1000).default(1000).describe('With shopsPerCity from the network: never more than this.'),
  setPointC: z.number().min(-30).max(20).default(-0.5).describe('Set-point of every unit, °C.'),
});

const trip = z.strictObject({
  truck: name.describe('Name of the truck, e.g. truck-01.'),
  to: name.describe('Place of the forward warehouse.'),
  depart: duration('When the loaded truck leaves, after the start.'),
});

const monthDay = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'must be a month and a day such as 08-22' });

const season = z.strictObject({
  // 15,000 loads are a working assumption: about 300,000 t at 20–22 t a load (domain reference, unverified).
  loads: z.int().min(1).max(100_000).default(15_000).describe('Loads in the whole season.'),
  // The new plum of Jiashi is picked July to September; which day is the peak is an ESTIMATE.
  from: monthDay.default('07-05').describe('First day of the harvest, month-day.'),
  peak: monthDay.default('08-22').describe('Day with the largest harvest.'),
  to: monthDay.default('09-25').describe('Last day of the harvest.'),
});

const trips = z
  .strictObject({
    perDay: z.number().positive().max(5000).optional().describe('Loads sent off by truck a day, evenly over the day.'),
    first: duration('When the first of them leaves, after the start.').default(3 * UNIT_MS.h),
    list: z.array(trip).min(1).optional().describe('Trips one by one, instead of perDay.'),
    season: season.optional().describe('Loads as the harvest brings them, instead of perDay.'),
    loadKg: z
      .tuple([z.number().positive(), z.number().positive()])
      .default([20_000, 22_000])
      .describe('Least and greatest mass of a load, kg.'),
  })
  .refine((t) => [t.perDay, t.list, t.season].filter((way) => way !== undefined).length <= 1, {
    error: 'takes only one of perDay, list and season',
  });

const train = z.strictObject({
  from: name.describe('Place of the rail terminal.'),
  to: name.describe('Place where it ends; it must have a forward warehouse.'),
  origin: name.optional().describe('Where its boxes are loaded; the first origin unless given.'),
  depart: duration('When it leaves, after the start.'),
  every: duration('Again after each of these, until the run ends.').optional(),
  boxes: z.int().min(1).max(200).describe('Loaded boxes it takes.'),
  drayage: duration('From the cold store to the terminal by road; from the distance unless given.').optional(),
  transfer: duration('How long a box waits at the terminal before the train leaves.').default(3 * UNIT_MS.h),
  powered: z.boolean().default(false).describe('Boxes have power in drayage and at the terminal, too.'),
});

const rail = z.strictObject({
  trains: z.array(train).max(500).default([]),
  drayageTrucks: count(500).min(1).default(15).describe('Boxes brought to a terminal at the same time.'),
});

const flow = z.strictObject({
  preCool: span('Time of a load in a pre-cooling room.').default([12 * UNIT_MS.h, 14 * UNIT_MS.h]),
  pack: duration('Grading and packing after that.').default(30 * UNIT_MS.m),
  storage: span('Time in the cold store before it may leave, and (with trips.season) until it leaves.').default([
    2 * UNIT_MS.h,
    12 * UNIT_MS.h,
  ]),
  toShops: share.default(0.5).describe('Share of loads of which a part goes to shops; the rest is sold wholesale.'),
  shopKg: z
    .tuple([z.number().positive(), z.number().positive()])
    .default([250, 450])
    .describe('Least and greatest mass of a shop’s lot, kg.'),
  soldAfter: span('Time in a display until a shop’s lot is sold.').default([12 * UNIT_MS.h, 36 * UNIT_MS.h]),
});

const fault = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  asset: z.string().describe('Key of the asset, e.g. tarim-carriers/truck-01.'),
  channel: z.string().optional().describe('Of a sensor’s fault: the channel, e.g. pulp-1.'),
  at: duration('When it begins, after the start.'),
  for: duration('How long it lasts.'),
  severity: z.number().describe(FAULT_KINDS.map((kind) => `${kind}: ${FAULTS[kind].doc}.`).join(' ')),
});

const drawnCounts = z
  .strictObject(
    Object.fromEntries(FAULT_KINDS.map((kind) => [kind, count(20_000).optional()])) as Record<
      (typeof FAULT_KINDS)[number],
      z.ZodOptional<z.ZodInt>
    >,
  )
  .describe('How many faults of a kind to draw from the seed, each on a trip of its own.');

/** How well devices and their way to the broker behave. */
const DEVICE_PRESETS = ['clean', 'field', 'tsbs'] as const;

const devices = z.strictObject({
  preset: z
    .enum(DEVICE_PRESETS)
    .default('clean')
    .describe('clean: no loss. field: a little of everything. tsbs: the rates of TSBS’s iot case.'),
  sampleEvery: duration('Between two frames of a device.').default(UNIT_MS.m),
  roomsEvery: duration('The same for what stands still; as sampleEvery unless given.').optional(),
  railEvery: duration('The same for rail boxes.').default(5 * UNIT_MS.m),
  reportEvery: duration('How long frames are gathered for one pack; each is sent at once unless given.').optional(),
  bufferFor: duration('How long a device keeps frames while its link is away.').default(2 * UNIT_MS.d),
  reconnect: z.enum(RECONNECT_ORDERS).default('oldest-first').describe('In which order kept frames are sent.'),
  duplicates: share.optional().describe('Share of packs sent twice; from the preset unless given.'),
  missing: share.optional().describe('Share of frames that never come into being.'),
  late: share.optional().describe('Share of packs held back and so out of order.'),
  clockSkew: duration('Standard deviation of the clocks at the start.').optional(),
  loggers: share.default(0).describe('Share of trucks and boxes with a battery logger besides.'),
  channels: z
    .partialRecord(z.enum(ASSET_KINDS), z.array(z.string()).min(1).max(40))
    .optional()
    .describe('Channels by kind of asset, instead of the usual ones.'),
});

const links = z.strictObject({
  coverage: z.boolean().default(false).describe('Gaps in mobile coverage and tunnels along the way cut the link.'),
  outagesPerDay: z.number().min(0).max(1000).default(0).describe('Outages of a vehicle’s link a day, besides.'),
  meanOutage: duration('Mean length of an outage.').default(20 * UNIT_MS.m),
  brokerOutages: z
    .array(z.strictObject({ at: duration('When, after the start.'), for: duration('How long.') }))
    .default([])
    .describe('Outages of the broker: no device reaches it.'),
});

export const scenarioSchema = z
  .strictObject({
    name,
    description: z.string().min(1).describe('What the scenario shows.'),
    teaches: z.string().min(1).optional().describe('A paragraph on what can be learned from it.'),
    start: z.iso.datetime({ offset: true }).describe('RFC 3339 with offset; events carry this offset.'),
    duration: duration('Length of the run.'),
    seed: z.int().min(0).max(4_294_967_295).default(1).describe('Used unless the command line gives another.'),
    produce: z.enum(produceNames()),
    data: z
      .string()
      .min(1)
      .optional()
      .describe('Folder with places, roads, rails and network of your own, from this file.'),
    origin: name.optional().describe('Place where the fruit grows and every trip begins.'),
    origins: z.array(name).min(1).max(100).optional().describe('Several of them, instead of origin.'),
    fleet,
    trips: trips.prefault({}),
    rail: rail.prefault({}).describe('Trains with reefer boxes.'),
    flow: flow.prefault({}).describe('From the orchard to the shop.'),
    devices: devices.prefault({}),
    links: links.prefault({}),
    faults: z
      .strictObject({ planned: z.array(fault).default([]), draw: drawnCounts.prefault({}) })
      .prefault({})
      .describe('What goes wrong: written one by one, or drawn from the seed.'),
  })
  .meta({ title: 'coldtrail scenario' });

export type ScenarioData = z.infer<typeof scenarioSchema>;
export type TrainData = z.infer<typeof train>;
export type SeasonData = z.infer<typeof season>;
export type DevicesData = z.infer<typeof devices>;

/** The places where fruit comes from, in the order of the file. */
export function originsOf(scenario: Pick<ScenarioData, 'origin' | 'origins'>): readonly string[] {
  return scenario.origins ?? (scenario.origin === undefined ? [] : [scenario.origin]);
}

/** The JSON Schema of scenario files, for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' });
}
