import type { Reason } from '../../src/contract/reason.ts';
import type { ErrorCode } from '../../src/lib/errors.ts';

/** What to do about each error code. */
export const ERROR_ADVICE: Readonly<Record<ErrorCode, string>> = {
  CONFIG_INVALID:
    'Every problem is listed with file, line and column, or with its flag or variable: correct them. ' +
    '`coldtrail config print` shows every setting.',
  CONFIG_UNREADABLE: 'Check the path and the rights of the file. Paths are relative to the working directory.',
  RULES_INVALID:
    'Every problem is listed with file, line and column. `coldtrail rules explain NAME` tells the parameters of a rule; ' +
    '`src/produce/pack.schema.json` describes every key of a pack.',
  SCENARIO_INVALID:
    'Every problem is listed with file, line and column. `simulators/scenario.schema.json` describes every key.',
  SCENARIO_UNREADABLE: 'Give the path of a YAML file, or a name from `coldtrail ls scenarios`.',
  PORT_TAKEN: 'Choose another port with `--port` or `broker.port`, or end the program that has it.',
  LISTEN_FAILED: 'Give `broker.host` an address of this machine, and a port that this user may listen on.',
  ANONYMOUS_NOT_LOOPBACK: 'Bind to 127.0.0.1, or turn `broker.anonymous` off and give the devices credentials.',
  BROKER_UNREACHABLE: 'Check the URL and that the broker runs. `coldtrail serve` starts one.',
  BROKER_REFUSED:
    'Check user name, password and access list. The processor must be let to read `coldtrail/v1/#` at QoS 1.',
  DATA_DIR_IN_USE:
    'Stop the process that is named, or give this one a directory of its own with `--data`. ' +
    'The demo also refuses a directory that it did not make.',
  DATA_DIR_NEWER: 'Use the version that wrote it, or a newer one; or another directory.',
  JOURNAL_CORRUPT: 'The disk or a copy is damaged. Restore the directory; nothing behind the damage is read.',
  JOURNAL_TRIMMED:
    'A rebuild is no longer possible, and nothing was changed. Raise `journal.keepBytes` and `journal.keepMs` for ' +
    'the future.',
  STORE_UNREACHABLE: 'Check `store.url` and that the server runs. What comes in meanwhile waits in the journal.',
  STORE_REFUSED: 'Check token, user, password and that the bucket is there. The message holds the server’s words.',
  BATCH_UNKNOWN: 'Take one of the near codes that are named, or give the whole LGTIN URI.',
  BATCH_AMBIGUOUS: 'Give more of the code, or the whole LGTIN URI.',
  NO_DATA: 'Name the directory with `--data`, or fill one first: `coldtrail demo` or `coldtrail serve`.',
  RECORDING_INVALID:
    'The message names file and line. A recording has `time`, `device` and a column for each channel; labels have ' +
    '`device`, `from` and `to`: see docs/lab.md.',
  ALERT_UNKNOWN: 'Take an id from `coldtrail alerts list`. After a rebuild an alert may have another one.',
  LEDGER_BUSY: 'Nothing was written: try again. A frame store that is away makes the ledger’s owner wait for it.',
  UNKNOWN_NAME: 'Take one of the names that are listed.',
};

/** What to do about each reason code. */
export const REASON_ADVICE: Readonly<Record<Reason, string>> = {
  'payload-too-large': 'Send smaller packs, or raise `ingest.maxPayloadBytes`.',
  'payload-empty': 'Send a pack with at least one value.',
  'not-utf8': 'Encode JSON as UTF-8 (RFC 8428 §5).',
  'json-syntax': 'Correct the JSON. A message that was cut off shows this too.',
  'cbor-syntax': 'Correct the CBOR. A message that was cut off shows this too.',
  'too-deep': 'A record’s fields are numbers, texts and truth values: leave nested values out.',
  'duplicate-key': 'Give each field of a record once.',
  'not-a-pack': 'Send an array of records, also for a single one.',
  'empty-pack': 'Send at least one channel for every instant; `seq` alone is no frame.',
  'too-many-records': 'Send smaller packs, or raise `ingest.maxRecords`.',
  'bad-version': 'Leave `bver` out, or send 10.',
  'unknown-field': 'Leave the field out. SenML says that a field ending in `_` must be understood.',
  'bad-field': 'Texts for `n`, `u`, `bn`, `bu`; numbers for `v`, `t`, `bt`, `bv`; no sums (`s`, `bs`).',
  'bad-name': 'Use A–Z a–z 0–9 - : . / _ and begin with a letter or digit.',
  'name-mismatch': 'The base name must be the device of the topic: `{org}/{device}/`, or be left out.',
  'unknown-channel': 'Use a channel of the table in the README, with or without `-1` … `-99`.',
  'no-value': 'Give each record one of `v` and `vb`.',
  'not-a-number': 'Channels are numbers (`v`); `vb` is for those with the unit `/` only.',
  'value-out-of-range': 'Check the sensor: no physical quantity here is as large.',
  'wrong-unit': 'Convert in the device: the unit is part of the contract.',
  'duplicate-channel': 'Give each channel once for one instant.',
  'bad-time': 'Check the device’s clock. Times are seconds since 1970; below 2^28 they are relative to now.',
  'far-future':
    'Check the device’s clock, and `clock`: a simulation’s frames need `clock: simulation` and its clock messages.',
  'bad-seq': 'Count up from 0 in whole numbers, with the unit `count`.',
  'bad-topic': 'Use `coldtrail/v1/{org}/{device}/frames` and the other topics of the README.',
  'not-authorised': 'A device publishes below its own prefix only. Check user name and topic.',
  'bad-event': 'The detail names the field. Taken are Object-, Transformation-, Aggregation- and AssociationEvents.',
  'bad-clock': 'Send `{"time": RFC 3339}`, and as `speed` a number or `"max"` where you send one.',
  'identity-conflict':
    'The value that came first stays. Check for two devices with one name, or a clock that was set back.',
  'store-refused': 'The detail holds the server’s words. Drop the field with the wrong type from the measurement.',
};
