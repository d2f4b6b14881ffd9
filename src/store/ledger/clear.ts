import { clearAlerts } from './alert-writes.ts';
import { clearBreaches } from './breaches.ts';
import { clearDetection } from './detect-state.ts';
import type { LedgerDb } from './ledger.ts';
import { setOffset } from './offsets.ts';

/** Forgets all that came from the journal (registry, acknowledgements and notices stay): a rebuild follows. */
export async function clearProjections(trx: LedgerDb, projection: string): Promise<void> {
  for (const table of [
    'event_subject',
    'event',
    'custody',
    'genealogy',
    'unit_content',
    'batch_budget',
    'placement',
    'batch',
    'dead_letter',
    'device_channel',
  ] as const) {
    await trx.deleteFrom(table).execute();
  }
  await clearAlerts(trx);
  await clearBreaches(trx);
  await clearDetection(trx);
  await setOffset(trx, projection, 0);
}
