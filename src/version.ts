import { readFileSync } from 'node:fs';

/** The package's version; package.json stands one level up from the source and two from the build. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const levels = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json';
  return (JSON.parse(readFileSync(new URL(levels, import.meta.url), 'utf8')) as { version: string }).version;
}
