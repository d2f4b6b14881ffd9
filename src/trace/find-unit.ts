import { parseLgtin, ssccDigits } from '../contract/identifiers.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { contentOfUnits, type UnitContent } from '../store/ledger/unit-content.ts';

/**
 * The batches in a unit and in the units within it, by id: those in it now, or where it is empty all that were.
 * @param code an SSCC: its URI, or its 18 digits with or without `(00)` before them
 * @returns undefined where the code is no SSCC, or that of a unit nobody packed
 */
export async function batchesInUnit(db: LedgerDb, code: string): Promise<string[] | undefined> {
  const digits = ssccDigits(code);
  if (digits === undefined) return undefined;
  const batches = new Set<string>();
  const seen = new Set([digits]);
  for (let units = [digits]; units.length > 0; ) {
    const children = inItLast(await contentOfUnits(db, units));
    for (const child of children) if (parseLgtin(child)) batches.add(child);
    units = children.filter((child) => !parseLgtin(child) && !seen.has(child));
    for (const unit of units) seen.add(unit);
  }
  return batches.size > 0 ? [...batches].sort() : undefined;
}

function inItLast(content: readonly UnitContent[]): string[] {
  const full = new Set(content.filter((c) => c.toMs === null).map((c) => c.unit));
  return [...new Set(content.filter((c) => c.toMs === null || !full.has(c.unit)).map((c) => c.child))];
}
