import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { ScenarioData } from '../scenario/schema.ts';
import type { Grid } from './grid.ts';
import { IdlePool } from './idle-pool.ts';
import type { Load } from './logistics.ts';
import { numbersByPlace, type Site } from './sites.ts';

/** What becomes of a load at its forward warehouse: parts of it go to shops, what is left is sold wholesale. */
export interface Delivery {
  /** Re-packed into shop lots; on the slice grid, as all these. */
  readonly repackMs: number;
  /** Into the displays. */
  readonly deliverMs: number;
  readonly parts: readonly ShopPart[];
}

export interface ShopPart {
  /** Which display of all. */
  readonly display: number;
  readonly massKg: number;
  readonly soldMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** From a load's arrival to its re-packing, and on to the displays. ESTIMATES. */
const REPACKED_AFTER_H = [2, 6] as const;
const DELIVERED_AFTER_MIN = [60, 150] as const;

/** A display stands empty this long between two lots. ESTIMATE. */
const RESTOCKED_AFTER_MS = 30 * MINUTE_MS;

/** For which loads shops take a part, and how much: each display holds one lot at a time. @param shops of all displays */
export function planDeliveries(
  scenario: ScenarioData,
  shops: readonly Site[],
  loads: readonly Load[],
  seed: number,
  grid: Grid,
): Map<Load, Delivery> {
  const deliveries = new Map<Load, Delivery>();
  if (scenario.flow.toShops === 0) return deliveries;
  const displays = new Map(
    [...numbersByPlace(shops)].map(([place, numbers]) => {
      return [place, { count: numbers.length, idle: new IdlePool(numbers) }];
    }),
  );
  const arriving = loads
    .filter((load) => load.haul !== null && displays.has(load.haul.to))
    .sort((a, b) => a.haul!.unloadMs - b.haul!.unloadMs || (a.name < b.name ? -1 : 1));
  for (const load of arriving) {
    const delivery = deliveryOf(load, displays.get(load.haul!.to)!, scenario, seed, grid);
    if (delivery) deliveries.set(load, delivery);
  }
  return deliveries;
}

function deliveryOf(
  load: Load,
  displays: { readonly count: number; readonly idle: IdlePool },
  { flow, trips }: ScenarioData,
  seed: number,
  grid: Grid,
): Delivery | undefined {
  const stream = randomStream(seed, 'delivery', load.name);
  if (drawBetween(stream, 0, 1) >= flow.toShops) return undefined;
  const repackMs = grid.after(load.haul!.unloadMs + drawBetween(stream, ...REPACKED_AFTER_H) * HOUR_MS);
  const deliverMs = grid.after(repackMs + drawBetween(stream, ...DELIVERED_AFTER_MIN) * MINUTE_MS);
  const parts: ShopPart[] = [];
  let leftKg = trips.loadKg[0];
  for (let shop = 0; shop < displays.count; shop++) {
    const massKg = Math.round(drawBetween(stream, ...flow.shopKg));
    const soldMs = grid.after(deliverMs + drawBetween(stream, ...flow.soldAfter));
    const display = massKg < leftKg ? displays.idle.take(deliverMs) : undefined;
    if (display === undefined) break;
    leftKg -= massKg;
    displays.idle.giveBack(display, soldMs + RESTOCKED_AFTER_MS);
    parts.push({ display, massKg, soldMs });
  }
  return parts.length > 0 ? { repackMs, deliverMs, parts } : undefined;
}
