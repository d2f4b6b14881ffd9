/**
 * Every failure a user can meet, by stable code. docs/errors.md is checked against this table by a test.
 * The text says what happened in general; the thrown error adds to what, where, and what to do.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: 'the configuration does not fit its schema',
  CONFIG_UNREADABLE: 'a configuration or registry file cannot be read',
  RULES_INVALID: 'a file with rules does not fit its schema, contradicts itself, or looks back on more than is kept',
  SCENARIO_INVALID: 'a scenario does not fit its schema or contradicts itself',
  SCENARIO_UNREADABLE: 'a scenario file cannot be read',
  PORT_TAKEN: 'another program listens on the port',
  LISTEN_FAILED: 'the broker cannot listen on its address',
  ANONYMOUS_NOT_LOOPBACK: 'anonymous clients were allowed on an address that is not loopback',
  BROKER_UNREACHABLE: 'the MQTT broker did not answer',
  BROKER_REFUSED: 'the MQTT broker refused the connection or a publish',
  DATA_DIR_IN_USE: 'another coldtrail process writes to this data directory',
  DATA_DIR_NEWER: 'the data directory was written by a newer version',
  JOURNAL_CORRUPT: 'a journal record fails its checksum',
  JOURNAL_TRIMMED: 'the journal no longer reaches back to the first record',
  STORE_UNREACHABLE: 'the time-series store did not answer',
  STORE_REFUSED: 'the time-series store refused a request',
  BATCH_UNKNOWN: 'no batch has this code',
  BATCH_AMBIGUOUS: 'more than one batch ends in this code',
  NO_DATA: 'the data directory holds no ledger yet',
  RECORDING_INVALID: 'recorded data or its labels cannot be read',
  ALERT_UNKNOWN: 'no alert has this id',
  LEDGER_BUSY: 'the process that owns the ledger did not let another write',
  UNKNOWN_NAME: 'a name is none of the known ones',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error meant for a person: what happened, to what, and what to do about it. */
export class ColdtrailError extends Error {
  override readonly name = 'ColdtrailError';
  readonly code: ErrorCode;
  /** What the reader can do; printed on a line of its own. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
