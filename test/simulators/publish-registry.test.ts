import { describe, expect, it } from 'vitest';
import { registryOf, SIMULATOR_USER, simulatorSecret } from '../../simulators/registry.ts';
import { registrySchema } from '../../src/contract/registry.ts';
import { verifySecret } from '../../src/lib/secret.ts';
import { toyPlan } from './toy-plan.ts';

describe('registryOf', () => {
  const plan = toyPlan();
  const registry = registryOf(plan);

  it('fits the schema of a registry file', () => {
    expect(registrySchema.parse(JSON.parse(JSON.stringify(registry)))).toEqual(registry);
  });

  it('names every org, asset and device of the plan, and where fixed assets stand', () => {
    expect(registry.orgs.map((org) => org.id)).toEqual(['grower', 'carrier']);
    expect(registry.assets).toEqual([
      { key: 'grower/store-1', kind: 'cold-store', name: 'Store 1', lat: 39.5, lon: 76.7 },
      { key: 'carrier/truck-1', kind: 'reefer-truck', name: 'Truck 1' },
    ]);
    expect(registry.devices.map((device) => device.key)).toEqual(plan.devices.map((device) => device.key));
  });

  it('holds hashes that the secrets of the plan, and no others, fit', async () => {
    for (const [i, { secretHash }] of registry.devices.entries()) {
      expect(await verifySecret(plan.devices[i]!.secret, secretHash!)).toBe(true);
      expect(await verifySecret(plan.devices[(i + 1) % 3]!.secret, secretHash!)).toBe(false);
    }
    const text = JSON.stringify(registry);
    for (const { secret } of plan.devices) expect(text).not.toContain(secret);
  });

  it('lets the simulator publish events and the clock, and nothing else', async () => {
    expect(registry.clients).toHaveLength(1);
    const [simulator] = registry.clients;
    expect(simulator).toMatchObject({
      name: SIMULATOR_USER,
      publish: ['coldtrail/v1/+/events', 'coldtrail/v1/clock'],
      subscribe: [],
    });
    expect(await verifySecret(simulatorSecret(plan.seed), simulator!.secretHash)).toBe(true);
    expect(await verifySecret(simulatorSecret(plan.seed + 1), simulator!.secretHash)).toBe(false);
  });

  it('is the same for the same plan; each hash has a salt of its own', () => {
    expect(registryOf(plan)).toEqual(registry);
    const salts = [...registry.devices, ...registry.clients].map((user) => user.secretHash!.split('$')[4]);
    expect(new Set(salts).size).toBe(4);
    expect(registryOf(toyPlan({ seed: 8 })).devices[0]!.secretHash).not.toBe(registry.devices[0]!.secretHash);
  });
});
