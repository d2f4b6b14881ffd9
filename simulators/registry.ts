import { createHash } from 'node:crypto';
import type { Registry } from '../src/contract/registry.ts';
import { CLOCK_TOPIC, TOPIC_PREFIX } from '../src/contract/topics.ts';
import { hashSecret } from '../src/lib/secret.ts';
import { isVehicle } from './plan/devices.ts';
import { COMPANY_PREFIX, ITEM_REF } from './plan/lots.ts';
import type { Plan, PlannedAsset } from './plan/types.ts';

/** The MQTT user that publishes scans and the simulation clock. */
export const SIMULATOR_USER = 'simulator';

/** scrypt's cost: low, because the secrets are 128 random bits, which no dictionary holds. */
const SCRYPT_N = 1024;

/** The password of {@link SIMULATOR_USER}. Anyone who knows the seed can make it: it guards a simulation, nothing else. */
export function simulatorSecret(seed: number): string {
  return digest('simulator secret', seed, '').toString('base64url');
}

/** The registry a processor needs for a plan: who takes part, and what each may publish. */
export function registryOf(plan: Plan): Registry {
  return {
    orgs: plan.orgs.map(({ id, name, role }) => ({ id, name, role })),
    assets: plan.assets.map((asset) => ({
      key: asset.key,
      kind: asset.kind,
      name: asset.name,
      ...placeOf(asset),
    })),
    devices: plan.devices.map(({ key, secret }) => ({ key, secretHash: hashOf(secret, plan.seed, key) })),
    clients: [
      {
        name: SIMULATOR_USER,
        secretHash: hashOf(simulatorSecret(plan.seed), plan.seed, SIMULATOR_USER),
        publish: [`${TOPIC_PREFIX}/+/events`, CLOCK_TOPIC],
        subscribe: [],
      },
    ],
    products: [{ companyPrefix: COMPANY_PREFIX, itemRef: ITEM_REF, produce: plan.produce }],
  };
}

/** Where an asset stands that does not move: its one duty's route is a single point. */
function placeOf(asset: PlannedAsset): { lat: number; lon: number } | undefined {
  const route = asset.duties[0]?.track.route;
  return isVehicle(asset.kind) || !route ? undefined : { lat: route.latDeg[0]!, lon: route.lonDeg[0]! };
}

/** The salt comes from the seed, so that the same scenario writes the same registry. */
function hashOf(secret: string, seed: number, user: string): string {
  return hashSecret(secret, { salt: digest('salt', seed, user), N: SCRYPT_N });
}

function digest(purpose: string, seed: number, name: string): Buffer {
  return createHash('sha256').update(`coldtrail ${purpose}\0${seed}\0${name}`).digest().subarray(0, 16);
}
