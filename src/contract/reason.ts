/**
 * Why input was refused: the stable codes that dead letters, metrics and docs use.
 * docs/reason-codes.md is checked against this table by a test.
 */
export const REASONS = {
  'payload-too-large': 'the payload is longer than ingest.maxPayloadBytes',
  'payload-empty': 'the payload has no bytes',
  'not-utf8': 'a JSON payload is not valid UTF-8',
  'json-syntax': 'the payload is not well-formed JSON',
  'cbor-syntax': 'the payload is not well-formed CBOR, or ends too early',
  'too-deep': 'the payload nests deeper than a SenML pack can',
  'duplicate-key': 'an object names the same key twice',
  'not-a-pack': 'the payload is not a SenML array of records (RFC 8428 §4)',
  'empty-pack': 'the pack holds no measured value',
  'too-many-records': 'the pack holds more records than ingest allows',
  'bad-version': 'the base version is not one this decoder knows (RFC 8428 §4.4)',
  'unknown-field': 'a record has a field that must be understood, or one that is not SenML (RFC 8428 §4.4)',
  'bad-field': 'a SenML field has the wrong type',
  'bad-name': 'a resolved name is missing or has characters outside RFC 8428 §4.5.1',
  'name-mismatch': 'a resolved name belongs to another device than the topic',
  'unknown-channel': 'the channel is none of the known ones',
  'no-value': 'a record carries no value, or more than one',
  'not-a-number': 'a value is NaN or infinite, or not a number',
  'value-out-of-range': 'a value is too large to keep at its resolution',
  'wrong-unit': "the unit is not the channel's unit",
  'duplicate-channel': 'a pack gives one channel twice for one instant',
  'bad-time': 'a time is not finite or lies before the year 2000',
  'far-future': 'a time lies further ahead of the clock in force than ingest.futureToleranceMs',
  'bad-seq': 'the sequence number is not a whole number from 0 to 2^53 − 1',
  'bad-topic': 'the topic is none of coldtrail/v1/…',
  'not-authorised': 'the publisher may not write to this topic',
  'bad-event': 'an event does not fit the EPCIS 2.0 shapes this version takes',
  'bad-clock': 'a clock message has no valid time',
  'identity-conflict': 'another value is already kept for this channel at this (device, time)',
  'store-refused': 'the time-series store refused the point (type conflict)',
} as const;

export type Reason = keyof typeof REASONS;
