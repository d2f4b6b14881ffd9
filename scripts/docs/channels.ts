import { CHANNEL_KINDS } from '../../src/contract/channel.ts';
import { code, table } from './markdown.ts';

/** The channels a device may report. */
export function channelsTable(): string {
  return table(
    ['Channel', 'Unit', 'Decimals kept', 'Meaning'],
    CHANNEL_KINDS.map(({ kind, unit, decimals, doc }) => [code(kind), code(unit), String(decimals), doc]),
  );
}
