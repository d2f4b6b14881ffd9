import { createHash } from 'node:crypto';
import type { Plan } from '../../../simulators/plan/types.ts';
import { parseScenario, type Scenario } from '../../../simulators/scenario/load.ts';

export const HOUR_MS = 3_600_000;

/** A small chain with a bit of everything: two origins, mobile rooms, a train, shops, loggers, every kind of fault. */
const RICH_TEXT = `name: rich
description: a bit of everything
start: 2026-08-20T00:00:00+08:00
duration: 6d
seed: 5
produce: prune
origins: [jiashi, shache]
fleet:
  trucks: 30
  railBoxes: 6
  mobileColdRooms: 2
  preCoolingRooms: 8
  coldStores: 3
  forwardWarehouses: [xian, korla, urumqi]
  shopsPerCity: 2
trips:
  perDay: 14
rail:
  drayageTrucks: 4
  trains:
    - { from: kashgar, to: xian, depart: 40h, boxes: 6 }
flow:
  toShops: 0.8
devices: { preset: field, loggers: 0.5, reportEvery: 5m }
links:
  coverage: true
  outagesPerDay: 2
  brokerOutages:
    - { at: 30h, for: 1h }
faults:
  planned:
    - { kind: skipped-pre-cooling, asset: jiashi-growers/pre-cooling-1, at: 1h, for: 2h, severity: 1 }
    - { kind: hurried-pre-cooling, asset: shache-growers/pre-cooling-2, at: 2h, for: 2h, severity: 0.8 }
    - { kind: sensor-drift, asset: tarim-carriers/truck-01, channel: pulp-2, at: 5h, for: 10h, severity: 3 }
    - { kind: power-loss, asset: jiashi-growers/cold-store-1, at: 50h, for: 6h, severity: 1 }
  draw: { EVERY: 1 }
`;

const KINDS = [
  ...['unit-failure', 'unit-fading', 'wrong-set-point', 'unit-off', 'door-left-open', 'blocked-airflow'],
  ...['warm-loading', 'skipped-pre-cooling', 'hurried-pre-cooling', 'power-loss', 'defrost-stuck', 'sensor-stuck'],
  ...['sensor-spikes', 'sensor-drift', 'sensor-dropout', 'sensor-noise', 'sensor-misplaced', 'device-dead'],
  ...['link-outage', 'clock-wrong'],
];

export const rich = (): Scenario =>
  parseScenario(RICH_TEXT.replace('EVERY: 1', KINDS.map((kind) => `${kind}: 1`).join(', ')), 'rich.yaml');

/** A digest of everything a plan says, the scans written out. */
export function digestOf(plan: Plan): string {
  const hash = createHash('sha256');
  const plain = (_: string, value: unknown) => (value instanceof Float64Array ? [...value] : value);
  const { scans, ...rest } = plan;
  hash.update(JSON.stringify(rest, plain));
  for (let i = 0; i < scans.size; i++) hash.update(JSON.stringify(scans.at(i)));
  return hash.digest('hex');
}

/** All scans of a plan. */
export function* scansOf(plan: Plan) {
  for (let i = 0; i < plan.scans.size; i++) yield plan.scans.at(i);
}

export const lotOf = (plan: Plan, batchIx: number): string => plan.batches[batchIx]!.id.split('.').at(-1)!;
