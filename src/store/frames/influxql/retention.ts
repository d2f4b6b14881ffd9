import type { Retention } from '../store.ts';
import type { QueryInfluxql } from './query.ts';
import { retentionStatement } from './statements.ts';

/**
 * How long the server keeps what is written to a database: by its default retention policy, which all our points go to.
 * @returns null where it keeps everything, or does not tell
 */
export async function retentionOf(query: QueryInfluxql, database: string): Promise<Retention | null> {
  const [policies] = await query([retentionStatement(database)]);
  for (const { columns, values } of policies ?? []) {
    const [name, duration, isDefault] = ['name', 'duration', 'default'].map((column) => columns.indexOf(column));
    const row = values.find((policy) => policy[isDefault!] === true);
    const ms = durationMs(String(row?.[duration!] ?? ''));
    if (ms > 0) return { ms, by: `the retention policy "${row![name!]}" of the database "${database}"` };
  }
  return null;
}

const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1000 } as const;

/** `168h0m0s`, as Go writes a duration; `0s` is for ever. */
function durationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS], 0);
}
