import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { ColdtrailError } from '../lib/errors.ts';

/** One line of a table: what stands in which column, and where it is. */
export interface Row {
  readonly cells: Readonly<Record<string, unknown>>;
  /** `file:line`, or `file, row n` of Parquet. */
  readonly where: string;
}

/** How a Parquet file begins and ends. */
const PARQUET_MAGIC = 'PAR1';

/**
 * Reads a table: CSV with a head line, NDJSON with an object a line, or Parquet, told apart by how the file begins.
 * @throws ColdtrailError RECORDING_INVALID with file and line
 */
export async function readTable(file: string): Promise<Row[]> {
  try {
    if (beginningOf(file) === PARQUET_MAGIC) return await parquetRows(file);
    return textRows(file, readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof ColdtrailError) throw cause;
    throw new ColdtrailError('RECORDING_INVALID', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** What is wrong with a row, and what to do about it. */
export function refused(where: string, what: string, hint?: string): ColdtrailError {
  return new ColdtrailError('RECORDING_INVALID', `${where}: ${what}`, hint === undefined ? {} : { hint });
}

function beginningOf(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(PARQUET_MAGIC.length);
    readSync(handle, bytes, 0, bytes.length, 0);
    return bytes.toString('latin1');
  } finally {
    closeSync(handle);
  }
}

async function parquetRows(file: string): Promise<Row[]> {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  return rows.map((cells, i) => ({ cells, where: `${file}, row ${i + 1}` }));
}

function textRows(file: string, text: string): Row[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ line, where: `${file}:${i + 1}` }));
  const written = lines.filter(({ line }) => line.trim() !== '');
  const [head, ...body] = written;
  if (!head) throw refused(file, 'there is nothing in it');
  if (head.line.startsWith('{')) return written.map(({ line, where }) => ({ cells: objectOf(line, where), where }));
  const names = head.line.split(',').map((name) => name.trim());
  return body.map(({ line, where }) => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length !== names.length) throw refused(where, `${cells.length} cells under ${names.length} columns`);
    return { cells: Object.fromEntries(names.map((name, i) => [name, cells[i] || undefined])), where };
  });
}

function objectOf(line: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, as anything else that is no object.
  }
  throw refused(where, 'this is no JSON object');
}
