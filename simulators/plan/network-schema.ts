import { z } from 'zod';
import { ASSET_KINDS, NAME_PATTERN } from '../../src/contract/words.ts';
import type { Finding } from '../../src/lib/data-file.ts';
import { nearest } from '../../src/lib/nearest.ts';

/** What the data files of a network say: places.yaml, roads.yaml, rails.yaml, network.yaml. */

const byMonth = (value: z.ZodNumber) => z.array(value).length(12, { error: 'must have 12 values, January first' });
const km = z.number().nonnegative();

const placeSchema = z.strictObject({
  title: z.string().min(1),
  titleZh: z.string().min(1),
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  altitudeM: z.number().min(-450).max(6000),
  climate: z.strictObject({
    meanC: byMonth(z.number().min(-60).max(45)).describe('Mean air temperature by month.'),
    rangeC: byMonth(z.number().min(0).max(30)).describe(
      'Mean difference between a day’s highest and lowest, by month.',
    ),
    humidityPct: byMonth(z.number().min(1).max(100)).describe('Mean relative humidity by month.'),
    sunshine: z.number().min(0).max(1).describe('Share of the possible hours of sunshine, over the year.'),
  }),
});

const waySchema = z.strictObject({
  between: z.tuple([z.string(), z.string()]),
  km: z.number().positive(),
  kmh: z.number().positive().max(350),
  check: z.number().positive().optional().describe('Minutes at a road check.'),
  gaps: z
    .array(z.tuple([km, km]))
    .default([])
    .describe('[from km, to km] without a mobile network.'),
  tunnels: z
    .array(z.tuple([km, km]))
    .default([])
    .describe('[at km, length km].'),
});

const nodeSchema = z.strictObject({
  name: z.string().regex(NAME_PATTERN),
  title: z.string().min(1),
  titleZh: z.string().min(1),
  tier: z.enum(['backbone', 'centre', 'end']),
  place: z.string(),
  assets: z.partialRecord(z.enum(ASSET_KINDS), z.int().positive()).default({}),
  shops: z.int().nonnegative().default(0),
});

export const placesSchema = z.strictObject({ places: z.record(z.string().regex(NAME_PATTERN), placeSchema) });
export const roadsSchema = z.strictObject({ roads: z.array(waySchema) });
export const railsSchema = z.strictObject({ rails: z.array(waySchema) });
export const nodesSchema = z.strictObject({ nodes: z.array(nodeSchema) });

export type Place = z.infer<typeof placeSchema> & { readonly name: string };
/** A road or a railway between two places, passable both ways; its kilometres count from the first of them. */
export type Way = z.infer<typeof waySchema>;
/** A node of the three-tier network: a backbone base, a collection-and-distribution centre, an end facility. */
export type NetworkNode = z.infer<typeof nodeSchema>;

const EARTH_RADIUS_KM = 6371;
/** Positions are good to about a kilometre at either end. */
const POSITION_SLACK_KM = 2;

/** What is wrong with roads or railways that their schema cannot see. @param list `roads` or `rails` */
export function* checkWays(list: string, ways: readonly Way[], places: ReadonlyMap<string, Place>): Generator<Finding> {
  const seen = new Map<string, number>();
  for (const [i, way] of ways.entries()) {
    const path = [list, i];
    for (const [end, name] of way.between.entries()) {
      if (!places.has(name)) yield { path: [...path, 'between', end], message: unknownPlace(name, places) };
    }
    const key = [...way.between].sort().join(' ');
    if (way.between[0] === way.between[1])
      yield { path: [...path, 'between'], message: 'leads from a place to itself' };
    else if (seen.has(key))
      yield { path: [...path, 'between'], message: `is the same way as ${list}[${seen.get(key)}]` };
    seen.set(key, i);
    const [from, to] = way.between.map((name) => places.get(name));
    const straightKm = from && to ? distanceKm(from, to) : 0;
    if (way.km < straightKm - POSITION_SLACK_KM) {
      yield { path: [...path, 'km'], message: `is shorter than the straight line, ${Math.round(straightKm)} km` };
    }
    yield* checkStretches([...path, 'gaps'], way.gaps, way.km);
    const tunnels = way.tunnels.map(([atKm, lengthKm]) => [atKm, atKm + lengthKm] as const);
    yield* checkStretches([...path, 'tunnels'], tunnels, way.km);
  }
}

/** What is wrong with the nodes that their schema cannot see. */
export function* checkNodes(nodes: readonly NetworkNode[], places: ReadonlyMap<string, Place>): Generator<Finding> {
  const seen = new Set<string>();
  for (const [i, { name, place }] of nodes.entries()) {
    if (!places.has(place)) yield { path: ['nodes', i, 'place'], message: unknownPlace(place, places) };
    if (seen.has(name)) yield { path: ['nodes', i, 'name'], message: `'${name}' is listed twice` };
    seen.add(name);
  }
}

function* checkStretches(
  path: readonly (string | number)[],
  stretches: readonly (readonly [number, number])[],
  lengthKm: number,
): Generator<Finding> {
  for (const [i, [fromKm, toKm]] of stretches.entries()) {
    if (toKm <= fromKm) yield { path: [...path, i], message: 'ends where it begins, or before' };
    if (toKm > lengthKm) yield { path: [...path, i], message: `ends beyond the ${lengthKm} km of the way` };
  }
}

function unknownPlace(name: string, places: ReadonlyMap<string, Place>): string {
  return `unknown place '${name}'${nearest(name, [...places.keys()])}`;
}

/** Along the great circle (haversine formula). */
function distanceKm(a: Place, b: Place): number {
  const rad = Math.PI / 180;
  const half =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(half));
}
