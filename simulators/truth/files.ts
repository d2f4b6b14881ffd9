import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TrueTemperature, TruthRecord } from './record.ts';
import { ndjsonSink, parquetSink, type TableSink } from './table-sink.ts';
import { ASSETS_TABLE, BATCHES_TABLE, FAULTS_TABLE, type Table, TEMPERATURES } from './tables.ts';

/**
 * Writes the truth record into a directory: `truth-temperatures`, `truth-faults`, `truth-batches` and `truth-assets`,
 * each as NDJSON and as Parquet. Temperatures are written as they come, the rest at the end.
 */
export class TruthFiles {
  readonly #dir: string;
  readonly #temperatures: TableSink<TrueTemperature>;

  /** @param dir made where it is not there; files of these names in it are replaced. @throws what the file system throws */
  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#dir = dir;
    this.#temperatures = this.#open(TEMPERATURES);
  }

  add(row: TrueTemperature): void {
    this.#temperatures.add(row);
  }

  close({ faults, batches, assets }: Pick<TruthRecord, 'faults' | 'batches' | 'assets'>): void {
    this.#temperatures.close();
    const faultRows = faults.map((fault, ix) => ({ ...fault, ix }));
    this.#write(FAULTS_TABLE, faultRows);
    this.#write(BATCHES_TABLE, batches);
    this.#write(ASSETS_TABLE, assets);
  }

  #write<Row>(table: Table<Row>, rows: readonly Row[]): void {
    const sink = this.#open(table);
    for (const row of rows) sink.add(row);
    sink.close();
  }

  #open<Row>(table: Table<Row>): TableSink<Row> {
    const path = join(this.#dir, table.name);
    const sinks = [ndjsonSink(`${path}.ndjson`, table), parquetSink(`${path}.parquet`, table)];
    return {
      add: (row) => {
        for (const sink of sinks) sink.add(row);
      },
      close: () => {
        for (const sink of sinks) sink.close();
      },
    };
  }
}
