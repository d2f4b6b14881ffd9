/**
 * The words of the project, as used in code, files, docs and screens.
 *
 * org        a company in the chain: grower, carrier, warehouse, retailer
 * asset      a thing with its own climate: truck, rail box, pre-cooling room, cold store, forward warehouse, display …
 * device     what reports; speaks for the asset it is bound to by a dated placement
 * channel    one measured quantity of a device, with a unit and a resolution
 * frame      all that a device reports for one instant; its identity is (device, time)
 * journal    the local append-only log of accepted input, in arrival order
 * batch      a lot of produce with a code (GTIN + lot)
 * custody    an interval in which an org held a batch in an asset
 * profile    a produce's limits: target, alarm, critical and freezing are four different things
 * breach     an interval in which a rule's condition held
 * alert      what people are told: the breaches of an asset that belong together
 * evidence gap  an interval in a custody without frames: neither good nor bad
 *
 * Times are epoch milliseconds, temperatures °C, durations ms; a name ends in its unit.
 * Intervals are half-open: from ≤ t < to; `null` as an end means still open.
 */

/** `{org}/{device}`: how a device is named everywhere inside; both parts match {@link NAME_PATTERN}. */
export type DeviceKey = string;

/** `{org}/{asset}`: how an asset is named everywhere inside. */
export type AssetKey = string;

export const ASSET_KINDS = [
  'reefer-truck',
  'rail-reefer-box',
  'mobile-cold-room',
  'pre-cooling-room',
  'cold-store',
  'forward-warehouse',
  'retail-display',
] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** Names of orgs, devices and assets: safe in an MQTT topic, in a SenML name (RFC 8428 §4.5.1) and in a file name. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** A half-open interval of event time. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}
