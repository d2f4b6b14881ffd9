import { parseLgtin } from '../contract/identifiers.ts';
import { ColdtrailError } from '../lib/errors.ts';
import { type Batch, matchBatches, newestBatches } from '../store/ledger/batches.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';

/** How many other batches an error names. */
const NEAR_MAX = 5;
/** How many batches a mistyped code is compared with. */
const COMPARED_MAX = 5000;

/**
 * The batch a person means: by its LGTIN URI, its lot, or how either ends.
 * @throws BATCH_UNKNOWN with the nearest lots, BATCH_AMBIGUOUS with the batches that fit
 */
export async function findBatch(db: LedgerDb, code: string): Promise<Batch> {
  if (parseLgtin(code)) {
    const [batch] = await matchBatches(db, { by: 'id', text: code }, 1);
    return batch ?? (await unknown(db, code, parseLgtin(code)!.lot));
  }
  for (const by of ['lot', 'suffix'] as const) {
    const fits = await matchBatches(db, { by, text: code }, NEAR_MAX + 1);
    if (fits.length > 1) throw ambiguous(code, fits);
    if (fits[0]) return fits[0];
  }
  return unknown(db, code, code);
}

function ambiguous(code: string, fits: readonly Batch[]): ColdtrailError {
  const named = fits.slice(0, NEAR_MAX).map((b) => b.id);
  if (fits.length > NEAR_MAX) named.push('…');
  return new ColdtrailError('BATCH_AMBIGUOUS', `"${code}" fits more than one batch: ${named.join(', ')}`, {
    hint: 'Give more of the code, or the whole LGTIN URI.',
  });
}

async function unknown(db: LedgerDb, code: string, lot: string): Promise<never> {
  const wanted = lot.toLowerCase();
  const near = (await newestBatches(db, COMPARED_MAX))
    .map((b) => ({ lot: b.lot, edits: editDistance(wanted, b.lot.toLowerCase()) }))
    .filter((n) => n.edits <= Math.max(2, wanted.length / 3) || n.lot.toLowerCase().includes(wanted))
    .sort((a, b) => a.edits - b.edits || (a.lot < b.lot ? -1 : 1))
    .slice(0, NEAR_MAX)
    .map((n) => n.lot);
  throw new ColdtrailError('BATCH_UNKNOWN', `no batch has the code "${code}"`, {
    hint: near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'Codes are lots (AI 10) or LGTIN URIs.',
  });
}

/** Levenshtein: insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
