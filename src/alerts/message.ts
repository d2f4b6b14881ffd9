import type { AlertNotice } from '../contract/alert.ts';
import type { SpooledNotice } from '../store/ledger/notices.ts';

/** What goes out over MQTT and webhook: a notice with the key by which a receiver knows a repeat. */
export interface AlertMessage extends AlertNotice {
  readonly key: string;
}

/** The same for every try, and of no other change. */
export function messageOf({ seq, notice }: SpooledNotice): AlertMessage {
  return { key: `${notice.alert.id}:${seq}`, ...notice };
}
