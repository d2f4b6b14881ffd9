/** An entry of an EPCIS quantity list. */
interface Quantity {
  readonly epcClass: string;
  readonly quantity?: number | undefined;
  readonly uom?: string | undefined;
}

/** How much of a batch the list holds, kg; null where it does not say so in kilograms (UN/ECE Rec 20: KGM). */
export function kilograms(list: readonly Quantity[], batch: string): number | null {
  let sumKg: number | null = null;
  for (const { epcClass, quantity, uom } of list) {
    if (epcClass === batch && uom === 'KGM' && quantity !== undefined) sumKg = (sumKg ?? 0) + quantity;
  }
  return sumKg;
}
