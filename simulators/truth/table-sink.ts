import { closeSync, openSync, writeSync } from 'node:fs';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Column, Table } from './tables.ts';

/** Takes the rows of one table, in order, into one file. Memory is bounded, however many they are. */
export interface TableSink<Row> {
  add(row: Row): void;
  close(): void;
}

const NDJSON_BUFFER_CHARS = 1 << 18;

/** One JSON object a line. @throws what the file system throws */
export function ndjsonSink<Row>(file: string, table: Table<Row>): TableSink<Row> {
  const fd = openSync(file, 'w');
  let text = '';
  const flush = () => {
    writeSync(fd, text);
    text = '';
  };
  return {
    add: (row) => {
      text += `${JSON.stringify(Object.fromEntries(table.columns.map((column) => [column.name, jsonOf(column, row)])))}\n`;
      if (text.length > NDJSON_BUFFER_CHARS) flush();
    },
    close: () => {
      flush();
      closeSync(fd);
    },
  };
}

function jsonOf<Row>({ type, of }: Column<Row>, row: Row): unknown {
  const value = of(row);
  return type === 'TIMESTAMP' && value !== null ? new Date(value as number).toISOString() : value;
}

/** Rows that are gathered before they are written as one group. */
const ROW_GROUP = 50_000;

/** Parquet, written in row groups. @throws what the file system throws */
export function parquetSink<Row>(file: string, table: Table<Row>): TableSink<Row> {
  const columnData = () => table.columns.map(({ name, type }) => ({ name, type, data: [] as unknown[] }));
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: schemaFromColumnData({ columnData: columnData() }),
    createdBy: 'coldtrail',
  });
  let columns = columnData();
  let rows = 0;
  const flush = () => {
    // Sinks that are files are synchronous: nothing comes back to wait for.
    if (rows > 0) void writer.write({ columnData: columns, rowGroupSize: rows });
    columns = columnData();
    rows = 0;
  };
  return {
    add: (row) => {
      for (const [i, column] of table.columns.entries()) columns[i]!.data.push(parquetOf(column, row));
      if (++rows === ROW_GROUP) flush();
    },
    close: () => {
      flush();
      void writer.finish();
    },
  };
}

function parquetOf<Row>({ type, of }: Column<Row>, row: Row): unknown {
  const value = of(row);
  return type === 'TIMESTAMP' && value !== null ? new Date(value as number) : value;
}
