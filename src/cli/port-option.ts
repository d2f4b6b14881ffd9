import { InvalidArgumentError } from '@commander-js/extra-typings';

/** The value of a `--port` option. */
export function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('It must be a port number from 0 to 65535.');
  return port;
}
