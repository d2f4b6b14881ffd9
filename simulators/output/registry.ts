import { csv } from './csv.ts';
import type { OutputFormat } from './format.ts';
import { influx } from './influx.ts';
import { ndjson } from './ndjson.ts';
import { none } from './none.ts';
import { senml } from './senml.ts';

/** Every text format a simulation can be written in, in the order in which help lists them. */
export const OUTPUT_FORMATS: readonly OutputFormat[] = [ndjson, senml, influx, csv, none];

export function outputFormat(name: string): OutputFormat | undefined {
  return OUTPUT_FORMATS.find((format) => format.name === name);
}
