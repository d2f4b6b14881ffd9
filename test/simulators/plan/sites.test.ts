import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { loadNetwork } from '../../../simulators/plan/network.ts';
import { makePlan } from '../../../simulators/plan/plan.ts';
import { sitesOf } from '../../../simulators/plan/sites.ts';
import type { Plan } from '../../../simulators/plan/types.ts';
import { parseScenario } from '../../../simulators/scenario/load.ts';
import { ColdtrailError } from '../../../src/lib/errors.ts';

/** A chain whose places come from the network. Line numbers count from its first line. */
const TEXT = `name: three-tier
description: what stands where, from the network
start: 2026-08-20T00:00:00+08:00
duration: 4d
produce: prune
origins: [jiashi, shache]
fleet:
  trucks: auto
  preCoolingRooms: network
  mobileColdRooms: network
  coldStores: network
  forwardWarehouses: network
  shopsPerCity: network
  shopsPerCityMax: 3
trips:
  season: { loads: 40, from: 08-20, peak: 08-20, to: 08-20 }
`;

/** The nodes of a user’s own folder: two at one origin, both kinds of tiers. */
const NODES = `nodes:
  - { name: big-shed, title: Big shed, titleZh: 大, tier: centre, place: jiashi, assets: { cold-store: 2, pre-cooling-room: 3 } }
  - { name: small-shed, title: Small shed, titleZh: 小, tier: end, place: jiashi, assets: { cold-store: 1 } }
  - { name: market, title: Korla market, titleZh: 库, tier: end, place: korla, assets: { forward-warehouse: 2 }, shops: 2 }
`;

const folder = mkdtempSync(join(tmpdir(), 'coldtrail-sites-'));
cpSync(join(dirname(fileURLToPath(import.meta.url)), '../../../simulators/data'), folder, { recursive: true });
writeFileSync(join(folder, 'network.yaml'), NODES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = TEXT.replace('origins: [jiashi, shache]', `origin: jiashi\ndata: ${folder}`);
const countsOf = (plan: Plan): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { org, kind } of plan.assets) counts[`${org} ${kind}`] = (counts[`${org} ${kind}`] ?? 0) + 1;
  return counts;
};

describe('a fleet from the network', () => {
  const plan = makePlan(parseScenario(TEXT, 's.yaml'));

  test('has what the nodes at the origins and in the cities have, run by orgs of their names', () => {
    const counts = countsOf(plan);
    const { nodes } = loadNetwork();
    for (const { name, title, place, assets } of nodes) {
      const origin = place === 'jiashi' || place === 'shache';
      for (const [kind, count] of Object.entries(assets)) {
        if (origin || kind === 'forward-warehouse') expect(counts[`${name} ${kind}`]).toBe(count);
        else expect(counts[`${name} ${kind}`]).toBeUndefined();
      }
      if (origin) expect(plan.orgs).toContainEqual({ id: name, name: `${title} (simulated)`, role: 'warehouse' });
    }
    expect(new Set(plan.orgs.map((org) => org.id)).size).toBe(plan.orgs.length);
    expect(new Set(plan.assets.map((asset) => asset.key)).size).toBe(plan.assets.length);
    const orgs = new Set(plan.orgs.map((org) => org.id));
    for (const { org } of plan.assets) expect(orgs).toContain(org);
  });

  test('has the shops that the nodes serve, no more than the scenario wants', () => {
    const shops = (max: number) => {
      const scenario = parseScenario(TEXT.replace('Max: 3', `Max: ${max}`), 's.yaml');
      return sitesOf(scenario, loadNetwork().nodes).displays.filter((site) => site.place === 'xian').length;
    };
    expect([shops(0), shops(3), shops(1000)]).toEqual([0, 3, 40]);
  });

  test('uses every warehouse of a city, and each store of an origin for its own fruit', () => {
    const used = new Map<string, Set<string>>();
    for (const { toAssetIx, batchIx } of plan.moves) {
      if (toAssetIx === null) continue;
      const { key } = plan.assets[toAssetIx]!;
      const origin = /\.(JS|SH)/.exec(plan.batches[batchIx]!.id)![1]!;
      used.set(key, (used.get(key) ?? new Set()).add(origin));
    }
    for (const n of [1, 2, 3]) expect(used.has(`xian-centre/forward-xian-${n}`)).toBe(true);
    for (const [key, origins] of used) {
      if (key.startsWith('jiashi-centre/')) expect([...origins]).toEqual(['JS']);
      if (key.startsWith('shache-centre/')) expect([...origins]).toEqual(['SH']);
    }
  });

  test('comes from the folder of one’s own', () => {
    const counts = countsOf(makePlan(parseScenario(own.replace('  mobileColdRooms: network\n', ''), 's.yaml')));
    delete counts['tarim-carriers reefer-truck'];
    delete counts['oasis-carriers reefer-truck'];
    expect(counts).toEqual({
      'big-shed cold-store': 2,
      'big-shed pre-cooling-room': 3,
      'small-shed cold-store': 1,
      'market forward-warehouse': 2,
      'korla-retail retail-display': 2,
    });
  });

  test('gives way to what the scenario says itself', () => {
    const text = TEXT.replace('coldStores: network', 'coldStores: 4')
      .replace('forwardWarehouses: network', 'forwardWarehouses: [korla]')
      .replace('shopsPerCity: network', 'shopsPerCity: 1');
    const counts = countsOf(makePlan(parseScenario(text, 's.yaml')));
    expect(counts).toMatchObject({
      'jiashi-growers cold-store': 2,
      'shache-growers cold-store': 2,
      'jiashi-centre pre-cooling-room': 16,
      'korla-warehouse forward-warehouse': 1,
      'korla-retail retail-display': 1,
    });
  });

  test.each([
    [
      'an origin without a node',
      TEXT.replace('[jiashi, shache]', '[jiashi, hotan]'),
      [
        "s.yaml:9:20 fleet.preCoolingRooms: the network has no node at the origin 'hotan'",
        "s.yaml:10:20 fleet.mobileColdRooms: the network has no node at the origin 'hotan'",
        "s.yaml:11:15 fleet.coldStores: the network has no node at the origin 'hotan'",
      ],
    ],
    [
      'an origin whose node lacks something',
      TEXT.replace('[jiashi, shache]', '[jiashi, zhengzhou]'),
      [
        "s.yaml:9:20 fleet.preCoolingRooms: no node of the network at the origin 'zhengzhou' has a pre-cooling-room",
        "s.yaml:11:15 fleet.coldStores: no node of the network at the origin 'zhengzhou' has a cold-store",
      ],
    ],
    [
      'a network without forward warehouses away from the origin',
      own
        .replace('origin: jiashi', 'origin: korla')
        .replace('preCoolingRooms: network', 'preCoolingRooms: 1')
        .replace('coldStores: network', 'coldStores: 1'),
      ['s.yaml:13:22 fleet.forwardWarehouses: no node of the network has a forward-warehouse, away from the origins'],
    ],
    [
      'another word',
      TEXT.replace('coldStores: network', 'coldStores: netwrok'),
      ['s.yaml:11:15 fleet.coldStores: must be a whole number from 1 to 500, or network'],
    ],
  ])('refuses %s', (_, text, problems) => {
    try {
      parseScenario(text, 's.yaml');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ColdtrailError);
      expect((error as Error).message.split('\n').slice(1)).toEqual(problems);
    }
  });
});
