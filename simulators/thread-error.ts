import { ColdtrailError, type ErrorCode } from '../src/lib/errors.ts';

/** An error as a thread reports it: errors themselves lose their class on the way. */
export interface ErrorReport {
  readonly type: 'error';
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly hint: string | null;
  /** Where it came from, in that thread. */
  readonly stack: string | null;
}

export function errorReport(error: unknown): ErrorReport {
  const known = error instanceof ColdtrailError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? null) : null;
  return { type: 'error', code: known?.code ?? null, message, hint: known?.hint ?? null, stack };
}

/** The error a thread has reported. */
export function errorOf({ code, message, hint, stack }: ErrorReport): Error {
  if (code) return new ColdtrailError(code, message, hint === null ? {} : { hint });
  const error = new Error(message);
  if (stack !== null) error.stack = stack;
  return error;
}
