import type { AssetRun } from './assets/asset-run.ts';
import type { BatchState } from './batch-state.ts';
import {
  type CargoBook,
  CHILLING_SHARE,
  RIPENING_SHARE,
  RIPENING_TEMP_SHARE,
  TRANSPIRATION_SHARE,
} from './cargo-book.ts';
import type { FruitRates } from './fruit.ts';
import { ZONES } from './physics/cargo.ts';

const DAY_MS = 86_400_000;

/** Makes batches a slice older: at the pulp in the middle between the slice's ends, which is exact for steady change. */
export class Ageing {
  readonly #state: BatchState;
  readonly #cargo: CargoBook;
  readonly #rates: FruitRates;
  /** Pulp when the slice began. */
  readonly #beganC: Float64Array;

  constructor(state: BatchState, cargo: CargoBook, rates: FruitRates) {
    this.#state = state;
    this.#cargo = cargo;
    this.#rates = rates;
    this.#beganC = new Float64Array(state.pulpC.length);
  }

  begin(run: AssetRun): void {
    for (const batchIx of run.contents) {
      for (let at = batchIx * ZONES; at < (batchIx + 1) * ZONES; at++) this.#beganC[at] = this.#state.pulpC[at]!;
    }
  }

  end(run: AssetRun, sliceMs: number): void {
    const { pulpC, ripening, chilling, weightLoss } = this.#state;
    const rates = this.#rates;
    const days = sliceMs / DAY_MS;
    for (const batchIx of run.contents) {
      const row = this.#cargo.at(batchIx);
      const book = this.#cargo.rows;
      const ripeningShare = book[row + RIPENING_SHARE]!;
      const ripeningTempShare = book[row + RIPENING_TEMP_SHARE]!;
      const chillingShare = book[row + CHILLING_SHARE]!;
      let lossPerDay = 0;
      for (let zone = 0; zone < ZONES; zone++) {
        const at = batchIx * ZONES + zone;
        const middleC = (this.#beganC[at]! + pulpC[at]!) / 2;
        const ripeningPerDay = rates.ripeningPerDay(middleC * ripeningTempShare);
        ripening[at] = ripening[at]! + days * ripeningShare * ripeningPerDay;
        chilling[at] = chilling[at]! + days * chillingShare * rates.chillingPerDay(middleC);
        lossPerDay += rates.weightLossPerDay(middleC, run.airC(zone), run.humidityPct) / ZONES;
      }
      weightLoss[batchIx] = weightLoss[batchIx]! + days * book[row + TRANSPIRATION_SHARE]! * lossPerDay;
    }
  }
}
