import type { AssetKind } from '../../src/contract/words.ts';
import type { Finding } from '../../src/lib/data-file.ts';
import { nearest } from '../../src/lib/nearest.ts';
import { LOGGER_CHANNELS, USUAL_CHANNELS } from '../plan/channels.ts';
import { isVehicle } from '../plan/devices.ts';
import { draftPlan } from '../plan/draft.ts';
import { FaultTargets } from '../plan/fault-targets.ts';
import { checkPlannedFaults } from '../plan/faults.ts';
import { fleetOf, writtenSize } from '../plan/fleet.ts';
import type { Sites } from '../plan/sites.ts';
import { FAULTS } from '../plan/types.ts';
import { channelProblem } from './check-devices.ts';
import { originsOf, type ScenarioData } from './schema.ts';

type Fault = ScenarioData['faults']['planned'][number];

/** What is wrong with the written faults by themselves. @param sites undefined where the network cannot be read */
export function* checkFaults(s: ScenarioData, sites: Sites | undefined): Generator<Finding> {
  const kinds = sites && assetKinds(s, sites);
  const planned = s.faults.planned;
  for (const [i, fault] of planned.entries()) {
    const path = ['faults', 'planned', i];
    const kind = kinds?.get(fault.asset);
    if (kinds && !kind) {
      const message = `unknown asset '${fault.asset}'${nearest(fault.asset, [...kinds.keys()])}`;
      yield { path: [...path, 'asset'], message };
    }
    if (kind) yield* checkTarget(s, fault, kind, path);
    if (fault.at >= s.duration) yield { path: [...path, 'at'], message: 'begins after the end of the run' };
    if (fault.for <= 0) yield { path: [...path, 'for'], message: 'must last longer than nothing' };
    const { min, max, doc } = FAULTS[fault.kind];
    if (fault.severity < min || fault.severity > max || fault.severity === 0) {
      const message = `${fault.kind}: must be ${doc}, from ${min} to ${max} and not 0`;
      yield { path: [...path, 'severity'], message };
    }
    const same = planned.slice(0, i).findIndex((o) => {
      const isSame = o.kind === fault.kind && o.asset === fault.asset && o.channel === fault.channel;
      return isSame && o.at < fault.at + fault.for && fault.at < o.at + o.for;
    });
    if (same >= 0)
      yield { path: [...path, 'at'], message: `overlaps faults.planned[${same}], the same fault of the same asset` };
  }
}

function* checkTarget(
  s: ScenarioData,
  fault: Fault,
  kind: AssetKind,
  path: readonly (string | number)[],
): Generator<Finding> {
  const { target } = FAULTS[fault.kind];
  if (fault.kind === 'warm-loading' && !isVehicle(kind)) {
    yield { path: [...path, 'asset'], message: 'only a truck or a rail box can be loaded warm' };
  }
  if (fault.kind.endsWith('pre-cooling') && kind !== 'pre-cooling-room' && kind !== 'mobile-cold-room') {
    yield { path: [...path, 'asset'], message: 'only a pre-cooling room or a mobile cold room pre-cools' };
  }
  if (target !== 'sensor') {
    if (fault.channel !== undefined) {
      yield { path: [...path, 'channel'], message: `${fault.kind} strikes no single channel` };
    }
    return;
  }
  if (fault.channel === undefined) {
    yield { path, message: `${fault.kind} needs a channel` };
    return;
  }
  const channels = [
    ...(s.devices.channels?.[kind] ?? USUAL_CHANNELS[kind]),
    ...(isVehicle(kind) && s.devices.loggers === 1 ? LOGGER_CHANNELS : []),
  ];
  if (channels.includes(fault.channel)) return;
  const message =
    channelProblem(fault.channel) ?? `no device of '${fault.asset}' reports it${nearest(fault.channel, channels)}`;
  yield { path: [...path, 'channel'], message };
}

/** What the assets of a scenario are, by key; undefined where the plan decides how many there are. */
function assetKinds(s: ScenarioData, sites: Sites): Map<string, AssetKind> | undefined {
  const size = writtenSize(s, sites);
  if (!size || originsOf(s).length === 0) return undefined;
  return new Map(fleetOf(s, sites, size).assets.map((asset) => [asset.key, asset.kind]));
}

/** Written faults that would strike nothing: a truck that is not on its way, a room that is not filled. */
export function* checkFaultEffects(s: ScenarioData): Generator<Finding> {
  if (s.faults.planned.length === 0) return;
  const { fleet, devices, lots, run } = draftPlan(s, s.seed, Date.parse(s.start));
  const setting = { fleet, devices, loads: lots.ofLoads, seed: s.seed, run };
  yield* checkPlannedFaults(s, setting, new FaultTargets(setting));
}
