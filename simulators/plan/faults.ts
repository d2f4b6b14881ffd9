import type { Finding } from '../../src/lib/data-file.ts';
import { ColdtrailError } from '../../src/lib/errors.ts';
import { nearest } from '../../src/lib/nearest.ts';
import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { ScenarioData } from '../scenario/schema.ts';
import { type DrawnFor, drawFault, STRUCK_CHANNELS } from './fault-draw.ts';
import type { FaultSetting, FaultTargets } from './fault-targets.ts';
import { overlap } from './intervals.ts';
import { FAULT_KINDS, FAULTS, type FaultKind, type PlannedFault } from './types.ts';

/** What goes wrong: the scenario's own faults, and those drawn from the seed. */

const HOUR_MS = 3_600_000;

/** A drawn fault needs a trip that still has at least this long to go, or nothing of it would show. */
const SHOWS_WITHIN_MS = 8 * HOUR_MS;

/**
 * All faults, ascending in time.
 * @throws ColdtrailError SCENARIO_INVALID where a fault finds nothing to happen to
 */
export function planFaults(scenario: ScenarioData, setting: FaultSetting, targets: FaultTargets): PlannedFault[] {
  const findings = [...checkPlannedFaults(scenario, setting, targets)];
  if (findings.length > 0) {
    const list = findings.map(({ path, message }) => `faults.planned[${String(path[2])}]: ${message}`);
    throw new ColdtrailError('SCENARIO_INVALID', list.join('\n'), {
      hint: 'trips differ by seed: another time may fit all of them',
    });
  }
  const written = scenario.faults.planned.map((fault): PlannedFault => {
    const assetIx = targets.assetIx(fault.asset)!;
    const fromMs = setting.run.fromMs + fault.at;
    const interval = { fromMs, toMs: Math.min(fromMs + fault.for, setting.run.toMs) };
    return targets.struck({ kind: fault.kind, assetIx, ...interval, severity: fault.severity }, fault.channel ?? null);
  });
  return [...written, ...drawFaults(scenario, setting, targets, written)].sort(
    (a, b) => a.fromMs - b.fromMs || a.assetIx - b.assetIx || FAULT_KINDS.indexOf(a.kind) - FAULT_KINDS.indexOf(b.kind),
  );
}

/** Faults that would happen to nothing: which trips there are is known only once the plan is made. */
export function* checkPlannedFaults(
  scenario: ScenarioData,
  setting: FaultSetting,
  targets: FaultTargets,
): Generator<Finding> {
  for (const [i, fault] of scenario.faults.planned.entries()) {
    const path = ['faults', 'planned', i];
    const assetIx = targets.assetIx(fault.asset);
    if (assetIx === undefined) {
      const known = setting.fleet.assets.map((asset) => asset.key);
      yield { path: [...path, 'asset'], message: `unknown asset '${fault.asset}'${nearest(fault.asset, known)}` };
      continue;
    }
    const fromMs = setting.run.fromMs + fault.at;
    const interval = { fromMs, toMs: fromMs + fault.for };
    const { target } = FAULTS[fault.kind];
    if (target === 'loading') {
      if (targets.loadsStruck({ kind: fault.kind, assetIx, ...interval }).length > 0) continue;
      const message = `'${fault.asset}' is not loaded while the fault lasts${targets.loadingHours(assetIx)}`;
      yield { path: [...path, 'at'], message };
    } else if (!targets.duties(assetIx).some((duty) => overlap(duty, interval))) {
      const message = `'${fault.asset}' is not on duty while the fault lasts${targets.dutyHours(assetIx)}`;
      yield { path: [...path, 'at'], message };
    }
  }
}

/** Each on a trip of its own, on which nothing else goes wrong. */
function drawFaults(
  scenario: ScenarioData,
  setting: FaultSetting,
  targets: FaultTargets,
  written: readonly PlannedFault[],
): PlannedFault[] {
  const { seed, run } = setting;
  const struck = new Set(written.flatMap((fault) => targets.loadsTouched(fault)));
  const free = setting.loads.flatMap(({ load, packed }, i): DrawnFor[] => {
    const haul = load.haul;
    if (!haul || packed === undefined || struck.has(i)) return [];
    if (haul.loadMs + SHOWS_WITHIN_MS >= Math.min(haul.unloadMs, run.toMs)) return [];
    const channels = targets.channels(setting.fleet.first[haul.kind] + haul.number);
    const sensors = STRUCK_CHANNELS.filter((channel) => channels.has(channel));
    return [{ load: { ...load, haul }, sensors, endMs: run.toMs }];
  });
  const faults: PlannedFault[] = [];
  for (const kind of FAULT_KINDS) {
    for (let n = 0; n < (scenario.faults.draw[kind] ?? 0); n++) {
      const stream = randomStream(seed, 'fault', kind, String(n));
      const fits = free.filter((candidate) => canStrike(kind, candidate));
      const chosen = fits[Math.floor(drawBetween(stream, 0, fits.length))];
      if (!chosen) throw tooMany(kind);
      free.splice(free.indexOf(chosen), 1);
      const { load } = chosen;
      const drawn = drawFault(kind, chosen, (low, high) => drawBetween(stream, low, high));
      const room = load.harvest?.room;
      const at = kind.endsWith('pre-cooling') && room ? room : load.haul;
      const assetIx = setting.fleet.first[at.kind] + at.number;
      const interval = { fromMs: Math.max(run.fromMs, drawn.fromMs), toMs: Math.min(run.toMs, drawn.toMs) };
      faults.push(targets.struck({ kind, assetIx, ...interval, severity: drawn.severity }, drawn.channel));
    }
  }
  return faults;
}

function canStrike(kind: FaultKind, { load, sensors }: DrawnFor): boolean {
  if (kind.endsWith('pre-cooling')) return load.harvest !== null;
  return FAULTS[kind].target !== 'sensor' || sensors.length > 0;
}

function tooMany(kind: FaultKind): ColdtrailError {
  const measuring = FAULTS[kind].target === 'sensor' ? ' and have a sensor of pulp or return air on board' : '';
  const message = `faults.draw.${kind}: more faults than trips that last 8 h or longer${measuring}`;
  const hint = 'each drawn fault needs a trip of its own: draw fewer, or plan more trips';
  return new ColdtrailError('SCENARIO_INVALID', message, { hint });
}
