import { canonicalJson } from '../store/ledger/canonical-json.ts';
import type { Trace } from './trace-types.ts';

/** A trace as canonical JSON and a line feed: equal traces, equal bytes. Times are epoch ms, temperatures °C. */
export function renderJson(trace: Trace): string {
  return `${canonicalJson(trace)}\n`;
}
