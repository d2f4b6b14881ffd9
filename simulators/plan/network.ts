import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where the chain is: places with their climate, and the roads between them. Read from simulators/data. */
export interface Network {
  readonly places: ReadonlyMap<string, Place>;
  readonly roads: readonly Road[];
}

const placeSchema = z.strictObject({
  title: z.string(),
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  altitudeM: z.number(),
  climate: z.strictObject({
    januaryC: z.number(),
    julyC: z.number(),
    dailyRangeC: z.number().nonnegative(),
    dewJanuaryC: z.number(),
    dewJulyC: z.number(),
  }),
});

const roadSchema = z.strictObject({
  between: z.tuple([z.string(), z.string()]),
  km: z.number().positive(),
  kmh: z.number().positive(),
  check: z.number().positive().optional(),
});

export type Place = z.infer<typeof placeSchema> & { readonly name: string };
type Road = z.infer<typeof roadSchema>;

/** One road of a route, in the direction of travel. */
export interface Leg {
  readonly from: Place;
  readonly to: Place;
  readonly km: number;
  readonly kmh: number;
  /** Minutes at a road check on arrival; 0 where there is none. */
  readonly checkMin: number;
}

let shipped: Network | undefined;

/** The network that comes with the program; read once. */
export function loadNetwork(): Network {
  shipped ??= readNetwork();
  return shipped;
}

function readNetwork(): Network {
  const read = (file: string): unknown => parse(readFileSync(new URL(`../data/${file}`, import.meta.url), 'utf8'));
  const { places } = z.strictObject({ places: z.record(z.string(), placeSchema) }).parse(read('places.yaml'));
  const { roads } = z.strictObject({ roads: z.array(roadSchema) }).parse(read('roads.yaml'));
  return { places: new Map(Object.entries(places).map(([name, place]) => [name, { ...place, name }])), roads };
}

/** The quickest route by road, or undefined where there is none (Dijkstra over a few dozen places). */
export function routeBetween(network: Network, from: string, to: string): readonly Leg[] | undefined {
  const hours = new Map<string, number>([[from, 0]]);
  const via = new Map<string, Leg>();
  const done = new Set<string>();
  for (;;) {
    let here: string | undefined;
    for (const [place, h] of hours) {
      if (!done.has(place) && (here === undefined || h < hours.get(here)!)) here = place;
    }
    if (here === undefined) return undefined;
    if (here === to) return legsTo(via, from, to);
    done.add(here);
    for (const leg of legsFrom(network, here)) {
      const arrival = hours.get(here)! + leg.km / leg.kmh;
      if (arrival < (hours.get(leg.to.name) ?? Number.POSITIVE_INFINITY)) {
        hours.set(leg.to.name, arrival);
        via.set(leg.to.name, leg);
      }
    }
  }
}

function legsFrom(network: Network, here: string): Leg[] {
  const legs: Leg[] = [];
  for (const road of network.roads) {
    if (!road.between.includes(here)) continue;
    const there = road.between[0] === here ? road.between[1] : road.between[0];
    const [from, to] = [network.places.get(here), network.places.get(there)];
    if (from && to) legs.push({ from, to, km: road.km, kmh: road.kmh, checkMin: road.check ?? 0 });
  }
  return legs;
}

function legsTo(via: ReadonlyMap<string, Leg>, from: string, to: string): Leg[] {
  const legs: Leg[] = [];
  for (let place = to; place !== from; place = legs[0]!.from.name) legs.unshift(via.get(place)!);
  return legs;
}
