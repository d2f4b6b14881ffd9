import type { ThermalProduce } from '../../../src/produce/respiration.ts';
import type { WayPoint } from '../../plan/types.ts';
import type { AmbientSeries } from '../physics/ambient.ts';
import type { CargoBody } from '../physics/cargo.ts';
import type { HeatNetwork } from '../physics/heat-network.ts';
import type { AssetBody } from './body.ts';
import type { Conditions } from './conditions.ts';

/** What an asset needs to run through its plan. */
export interface AssetSetup {
  readonly body: AssetBody;
  readonly track: readonly WayPoint[];
  readonly conditions: readonly Conditions[];
  /** Instants at which cargo enters or leaves, ascending. */
  readonly moveTimesMs: readonly number[];
  readonly ambient: AmbientSeries;
  readonly startMs: number;
  readonly stepMs: number;
  readonly produce: ThermalProduce;
  /** All batches of the world, by batch index. */
  readonly cargo: readonly CargoBody[];
  /** Pulp of all batches, `batchIx × ZONES + zone`; shared, since a batch takes its heat along. */
  readonly pulpC: Float64Array;
  /** Scratch, shared by all assets: they step one after the other. */
  readonly network: HeatNetwork;
}

/** What changes as an asset goes through time; its cargo's pulp is in {@link AssetSetup.pulpC}. */
export interface AssetState {
  airC: number;
  humidityPct: number;
  unitOn: boolean;
  /** Cooling at the end of the last step. */
  coolingW: number;
  /** Batches inside, by index, in the order in which they came. */
  readonly batches: number[];
}
