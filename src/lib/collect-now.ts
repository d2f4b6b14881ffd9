import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage now. What start-up has made lies in the young generation; the first collection under load would have
 * to copy all of it, with both cores busy, for 20 ms and more. And a process that serves for months needs not keep the
 * pages that starting it took.
 */
export function collectNow(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: object) => void;
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
