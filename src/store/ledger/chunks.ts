/** Rows or values in one statement: far below SQLite's 32,766 parameters and PostgreSQL's 65,535. */
const CHUNK = 400;

/** Cuts a list into pieces that fit one statement; nothing for an empty list. */
export function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += CHUNK) yield items.slice(at, at + CHUNK);
}
