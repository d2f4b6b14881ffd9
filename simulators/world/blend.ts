import type { Blend, Plan } from '../plan/types.ts';
import type { BatchState } from './batch-state.ts';
import type { CargoBook } from './cargo-book.ts';
import { ZONES } from './physics/cargo.ts';
import { enthalpyOfFruitJkg, pulpAtEnthalpyC } from './physics/freezing.ts';

/**
 * Mixes what went in by mass and gives each output its share: heat, age and loss are those of the mean kilogram, in
 * every zone, since what stood in the rear of one load may be at the front of the next.
 */
export function blendBatches(plan: Plan, blend: Blend, state: BatchState, cargo: CargoBook): void {
  let massKg = 0;
  let heldJ = 0;
  let ripening = 0;
  let chilling = 0;
  let weightLoss = 0;
  for (const input of blend.inputs) {
    const fruit = cargo.of(input);
    for (let at = input * ZONES; at < (input + 1) * ZONES; at++) {
      heldJ += fruit.zoneKg * enthalpyOfFruitJkg(fruit, state.pulpC[at]!);
      ripening += fruit.zoneKg * state.ripening[at]!;
      chilling += fruit.zoneKg * state.chilling[at]!;
    }
    weightLoss += plan.batches[input]!.massKg * state.weightLoss[input]!;
    massKg += plan.batches[input]!.massKg;
  }
  for (const output of blend.outputs) {
    const [from, to] = [output * ZONES, (output + 1) * ZONES];
    state.pulpC.fill(pulpAtEnthalpyC(cargo.of(output), heldJ / massKg) + blend.warmerK, from, to);
    state.ripening.fill(ripening / massKg, from, to);
    state.chilling.fill(chilling / massKg, from, to);
    state.weightLoss[output] = weightLoss / massKg;
  }
}
