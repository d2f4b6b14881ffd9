import Table from 'cli-table3';

/** A table without colours of its own, so that it reads the same in a file as on a terminal. */
export function plainTable(head: string[]): InstanceType<typeof Table> {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}
