import { destination, type Logger, pino } from 'pino';

export type { Logger };

/** Logs go to stderr as JSON lines, one object an event; data goes to stdout. */
export function createLog(level: string): Logger {
  return pino({ level, base: null }, destination(2));
}
