import { channelKind } from './channel.ts';
import type { Layout } from './frame.ts';

/** Channel kinds that tell of the fruit itself. */
export const PULP_KINDS: ReadonlySet<string> = new Set(['pulp']);
/** What surrounds it. Supply air is what the unit blows, not what surrounds the fruit. */
export const AIR_KINDS: ReadonlySet<string> = new Set(['air', 'air-return']);

/** Whether a channel tells of the fruit or of what surrounds it. */
export function isCargoChannel(channel: string): boolean {
  const kind = channelKind(channel)?.kind;
  return kind !== undefined && (PULP_KINDS.has(kind) || AIR_KINDS.has(kind));
}

/** Where in a layout channels of these kinds are. */
export function columnsOf(layout: Layout, kinds: ReadonlySet<string>): number[] {
  const columns: number[] = [];
  layout.channels.forEach((channel, c) => {
    const kind = channelKind(channel)?.kind;
    if (kind !== undefined && kinds.has(kind)) columns.push(c);
  });
  return columns;
}
