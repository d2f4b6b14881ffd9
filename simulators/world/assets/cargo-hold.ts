import {
  AIR_SHARE,
  type CargoBook,
  FREEZING_C,
  RESPIRATION_SHARE,
  SPECIFIC_HEAT_JKGK,
  ZONE_KG,
} from '../cargo-book.ts';
import type { FruitRates } from '../fruit.ts';
import type { AirLoop } from '../physics/air-loop.ts';
import { ZONES } from '../physics/cargo.ts';
import { cargoAirShare } from './air-flow.ts';
import type { AssetRow } from './asset-rows.ts';
import type { BodyKind } from './body.ts';

/** What all holds of a world have in common. */
export interface SharedCargo {
  /** Of all batches, `batchIx × 3 + zone`; shared, since a batch takes its heat along. */
  readonly pulpC: Float64Array;
  readonly cargo: CargoBook;
  readonly rates: FruitRates;
}

const NONE: readonly number[] = [];

/** Walls by zone: front and rear have a bulkhead more. ESTIMATE. */
const WALL_SHARE = [0.35, 0.3, 0.35] as const;

/** What is inside an asset, and how it and the walls exchange heat with the air. */
export class CargoHold {
  /** Batches, in the order in which they came. */
  contents: readonly number[] = NONE;
  readonly #kind: BodyKind;
  readonly #row: AssetRow;
  readonly #loop: AirLoop;
  readonly #shared: SharedCargo;

  constructor(kind: BodyKind, row: AssetRow, loop: AirLoop, shared: SharedCargo) {
    this.#kind = kind;
    this.#row = row;
    this.#loop = loop;
    this.#shared = shared;
  }

  load(batchIx: number): void {
    // Not spread: that leaves room for sixteen more.
    this.#hold(this.contents.concat(batchIx));
  }

  unload(batchIx: number): void {
    const n = this.contents.indexOf(batchIx);
    if (n < 0) throw new RangeError(`batch ${batchIx} is not in this asset`);
    this.#hold(this.contents.toSpliced(n, 1));
  }

  /** Tells the air loop of walls and cargo as they are now. */
  fill(blockedShare: number, fansRun: boolean): void {
    const { wallWK, cargoWKkg } = this.#row;
    const { cargo, rates, pulpC } = this.#shared;
    const { contents } = this;
    const loop = this.#loop;
    const loaded = contents.length > 0;
    for (let zone = 0; zone < ZONES; zone++) {
      const contactWK = loaded ? this.#kind.wallContact[zone]! * wallWK : 0;
      loop.setWall(zone, WALL_SHARE[zone]! * wallWK, contactWK);
    }
    for (let n = 0; n < contents.length; n++) {
      const batchIx = contents[n]!;
      const at = cargo.at(batchIx);
      const book = cargo.rows;
      const zoneKg = book[at + ZONE_KG]!;
      loop.setBatch(n, zoneKg * book[at + SPECIFIC_HEAT_JKGK]!, book[at + FREEZING_C]!);
      for (let zone = 0; zone < ZONES; zone++) {
        const share = cargoAirShare(blockedShare, fansRun, zone) * book[at + AIR_SHARE + zone]!;
        const respirationWkg = book[at + RESPIRATION_SHARE]! * rates.respirationWkg(pulpC[batchIx * ZONES + zone]!);
        loop.setNode(n, zone, cargoWKkg * zoneKg * share, zoneKg * respirationWkg);
      }
    }
  }

  /** What the pulp probe of a zone is in. Without fruit to stick in it hangs in the air. */
  probedC(zone: number): number {
    const { pulpC, cargo } = this.#shared;
    const { contents } = this;
    if (contents.length === 0) return this.#loop.airC(zone);
    if (contents.length === 1 || this.#kind.probes === 'oldest') return pulpC[contents[0]! * ZONES + zone]!;
    let massKg = 0;
    let sum = 0;
    for (const batchIx of contents) {
      const at = cargo.at(batchIx);
      const zoneKg = cargo.rows[at + ZONE_KG]!;
      massKg += zoneKg;
      sum += zoneKg * pulpC[batchIx * ZONES + zone]!;
    }
    return sum / massKg;
  }

  #hold(contents: readonly number[]): void {
    this.contents = contents;
    this.#loop.hold(contents);
  }
}
