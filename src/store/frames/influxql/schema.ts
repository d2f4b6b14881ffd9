import { SEQ_NAME } from '../../../contract/channel.ts';

/**
 * How frames lie in InfluxDB: one measurement, one tag, one float field per channel and one for the sequence
 * number, time in ms. The tag is the identity alone: assets and batches are interval joins, for a device moves.
 */
export const MEASUREMENT = 'telemetry';
export const DEVICE_TAG = 'device';
export const SEQ_FIELD = SEQ_NAME;

/** Every request reads and writes whole milliseconds. */
export const PRECISION = 'ms';
