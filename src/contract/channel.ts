/**
 * The channels a device may report: unit (RFC 8428 §12.1) and resolution by kind.
 * A channel is named `{kind}` or `{kind}-{n}`, n from 1 to 99: `air-return`, `pulp-1`.
 */

export interface ChannelKind {
  readonly kind: string;
  /** SenML unit the value must come in. */
  readonly unit: string;
  /** Decimal places kept; values are rounded to this at decode so that every codec and store agrees. */
  readonly decimals: number;
  /** True where the value is a temperature that rules and summaries may use. */
  readonly temperature: boolean;
  readonly doc: string;
}

const kind = (name: string, unit: string, decimals: number, doc: string, temperature = false): ChannelKind => ({
  kind: name,
  unit,
  decimals,
  temperature,
  doc,
});

export const CHANNEL_KINDS: readonly ChannelKind[] = [
  kind('air', 'Cel', 3, 'air temperature, place not told apart', true),
  kind('air-supply', 'Cel', 3, 'air leaving the refrigeration unit', true),
  kind('air-return', 'Cel', 3, 'air coming back to the refrigeration unit', true),
  kind('pulp', 'Cel', 3, 'temperature inside the fruit', true),
  kind('ambient', 'Cel', 3, 'outside air', true),
  kind('set-point', 'Cel', 3, 'set-point of the refrigeration unit', true),
  kind('humidity', '%RH', 3, 'relative humidity'),
  kind('door', '/', 0, '1 open, 0 closed'),
  kind('unit-on', '/', 0, '1 refrigeration runs, 0 it does not'),
  kind('defrost', '/', 0, '1 the unit thaws its coil, 0 it does not'),
  kind('power', 'W', 0, 'electric power drawn'),
  kind('lat', 'lat', 6, 'WGS 84 latitude, degrees'),
  kind('lon', 'lon', 6, 'WGS 84 longitude, degrees'),
  kind('speed', 'm/s', 3, 'speed over ground'),
  kind('battery', '%EL', 3, 'battery charge'),
];

const byName = new Map<string, ChannelKind>();
for (const k of CHANNEL_KINDS) {
  byName.set(k.kind, k);
  for (let n = 1; n <= 99; n++) byName.set(`${k.kind}-${n}`, k);
}

/** The kind of a channel name, or undefined for a name no device may use. */
export function channelKind(channel: string): ChannelKind | undefined {
  return byName.get(channel);
}

/** The reserved SenML name that carries a frame's sequence number (unit `count`); not a channel. */
export const SEQ_NAME = 'seq';

/**
 * Rounds to a channel's decimal places: the nearest double to that decimal, never −0.
 * JSON, CBOR and every store then hold the same bits.
 */
export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const rounded = Math.round(value * scale) / scale;
  return rounded === 0 ? 0 : rounded;
}
