import type { JournalReader } from '../journal/log.ts';
import { ColdtrailError } from '../lib/errors.ts';
import type { Ledger } from '../store/ledger/ledger.ts';
import { getOffset } from '../store/ledger/offsets.ts';

/** The name under which the ledger keeps how far the projections have come. */
export const PROJECTION = 'projections';

/** The name under which it keeps up to when silence was judged, epoch ms. */
export const AS_OF = 'detected-as-of';

/**
 * Up to where the ledger has taken the journal in.
 * @throws ColdtrailError JOURNAL_CORRUPT where the journal ends before that: new input would get offsets that count as
 * taken in already, and be acknowledged without ever being seen
 */
export async function standingOffset(journal: JournalReader, ledger: Ledger): Promise<number> {
  const offset = (await getOffset(ledger.db, PROJECTION)) ?? 0;
  const { headOffset } = journal.state();
  if (offset <= headOffset) return offset;
  throw new ColdtrailError(
    'JOURNAL_CORRUPT',
    `the journal ends at record ${headOffset}, but ${offset} records were taken from it: it was removed or replaced`,
    { hint: 'Put journal.db back, or begin anew in another data directory: `coldtrail trace` still reads this one.' },
  );
}
