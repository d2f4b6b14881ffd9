import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Leg, loadNetwork, railRoute, roadRoute } from '../../../simulators/plan/network.ts';

const SHIPPED = fileURLToPath(new URL('../../../simulators/data/', import.meta.url));

const network = loadNetwork();
const places = (legs: readonly Leg[]) => [legs[0]!.from.name, ...legs.map((leg) => leg.to.name)];
const hours = (legs: readonly Leg[]) => legs.reduce((sum, leg) => sum + leg.km / leg.kmh, 0);

describe('the shipped network', () => {
  test('has the places of the prune chain, read once', () => {
    expect(network.places.size).toBeGreaterThanOrEqual(24);
    const named = [
      'kashgar',
      'jiashi',
      'shache',
      'korla',
      'turpan',
      'xian',
      'chengdu',
      'nantong',
      'guangzhou',
      'beijing',
    ];
    for (const name of named) expect(network.places.has(name), name).toBe(true);
    expect(loadNetwork()).toBe(network);
  });

  test('every place but Liuyuan, a railway town, is reached by road, and so is every node', () => {
    for (const to of network.places.keys()) {
      if (to === 'liuyuan' || to === 'jiashi') continue;
      expect(roadRoute(network, 'jiashi', to), to).toBeDefined();
    }
    for (const { place } of network.nodes) {
      if (place !== 'jiashi') expect(roadRoute(network, 'jiashi', place), place).toBeDefined();
    }
  });

  test('three tiers, with forward warehouses in the partner cities', () => {
    const tier = (place: string) => network.nodes.find((node) => node.place === place)?.tier;
    expect(['kashgar', 'urumqi', 'korla', 'turpan'].map(tier)).toEqual(Array(4).fill('backbone'));
    expect(['jiashi', 'shache'].map(tier)).toEqual(['centre', 'centre']);
    for (const place of ['xian', 'chengdu', 'nantong']) {
      const node = network.nodes.find((n) => n.place === place)!;
      expect(node.assets['forward-warehouse']).toBeGreaterThan(0);
      expect(node.shops).toBeGreaterThan(0);
    }
  });
});

describe('routes', () => {
  test('by road to Xi’an along the Hexi corridor, about 3,800 km and two days', () => {
    const legs = roadRoute(network, 'jiashi', 'xian')!;
    expect(places(legs)).toEqual(expect.arrayContaining(['turpan', 'hami', 'jiayuguan', 'lanzhou']));
    expect(legs.reduce((sum, leg) => sum + leg.km, 0)).toBeGreaterThan(3600);
    expect(hours(legs)).toBeGreaterThan(44);
    expect(hours(legs)).toBeLessThan(53);
  });

  test('by rail from Kashgar to Xi’an within the 48 h that the regional plan states, stops left to come', () => {
    expect(hours(railRoute(network, 'kashgar', 'xian')!)).toBeGreaterThan(42);
    expect(hours(railRoute(network, 'kashgar', 'xian')!)).toBeLessThan(47);
    for (const to of ['chengdu', 'chongqing', 'guangzhou', 'shanghai', 'zhengzhou', 'nantong', 'beijing']) {
      expect(railRoute(network, 'kashgar', to), to).toBeDefined();
    }
  });

  test('are undefined where none leads, empty to the place itself, and the same array when asked again', () => {
    expect(railRoute(network, 'kashgar', 'xingxingxia')).toBeUndefined();
    expect(roadRoute(network, 'atlantis', 'xian')).toBeUndefined();
    expect(roadRoute({ ...network, roads: network.roads.slice(0, 4) }, 'jiashi', 'xian')).toBeUndefined();
    expect(roadRoute(network, 'xian', 'xian')).toEqual([]);
    expect(roadRoute(network, 'jiashi', 'xian')).toBe(roadRoute(network, 'jiashi', 'xian'));
  });

  test('backwards every leg is turned about, its gaps and tunnels mirrored', () => {
    const there = roadRoute(network, 'korla', 'toksun')!;
    const back = roadRoute(network, 'toksun', 'korla')!;
    expect(places(back)).toEqual(places(there).reverse());
    const [leg, turned] = [there[0]!, back[0]!];
    expect(leg.tunnels.length).toBeGreaterThan(1);
    expect(turned.gaps).toEqual(leg.gaps.map(([from, to]) => [leg.km - to, leg.km - from]).reverse());
    expect(turned.tunnels).toEqual(leg.tunnels.map(([at, length]) => [leg.km - at - length, length]).reverse());
  });

  test('a road check counts as time', () => {
    const [a, b] = [network.places.get('kashgar')!, network.places.get('jiashi')!];
    const c = network.places.get('bachu')!;
    const way = (from: string, to: string, km: number, check?: number) => {
      return { between: [from, to] as [string, string], km, kmh: 60, check, gaps: [], tunnels: [] };
    };
    const ways = (check?: number) => [
      way('kashgar', 'bachu', 100, check),
      way('kashgar', 'jiashi', 60),
      way('jiashi', 'bachu', 60),
    ];
    const all = new Map([a, b, c].map((place) => [place.name, place]));
    const route = (check?: number) =>
      places(roadRoute({ places: all, roads: ways(check), rails: [], nodes: [] }, 'kashgar', 'bachu')!);
    expect(route()).toEqual(['kashgar', 'bachu']);
    expect(route(30)).toEqual(['kashgar', 'jiashi', 'bachu']);
  });
});

describe('a folder of one’s own', () => {
  const made: string[] = [];
  afterEach(() => {
    for (const dir of made.splice(0)) rmSync(dir, { recursive: true });
  });

  /** A copy of the shipped data, changed file by file. */
  function folder(changes: Record<string, (text: string) => string>): string {
    const dir = mkdtempSync(join(tmpdir(), 'coldtrail-data-'));
    made.push(dir);
    cpSync(SHIPPED, dir, { recursive: true });
    for (const [file, change] of Object.entries(changes)) {
      const text = readFileSync(join(dir, file), 'utf8');
      expect(change(text)).not.toBe(text);
      writeFileSync(join(dir, file), change(text));
    }
    return dir;
  }

  /** Line and column, from 1, of the first occurrence of something in a file. */
  function lineOf(dir: string, file: string, what: string): string {
    const before = readFileSync(join(dir, file), 'utf8').split(what)[0]!.split('\n');
    return `${join(dir, file)}:${before.length}:${before.at(-1)!.length + 1}`;
  }

  const problems = (dir: string): string => {
    try {
      loadNetwork(dir);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  test('is read in place of the shipped one', () => {
    const dir = folder({
      'roads.yaml': (text) => text.replace('[kashgar, jiashi], km: 65', '[kashgar, jiashi], km: 70'),
    });
    expect(roadRoute(loadNetwork(dir), 'kashgar', 'jiashi')![0]!.km).toBe(70);
    expect(roadRoute(network, 'kashgar', 'jiashi')![0]!.km).toBe(65);
  });

  test('all problems of all files come at once, with line and column', () => {
    const dir = folder({
      'roads.yaml': (text) =>
        text
          .replace('[kashgar, shache], km: 195', '[kashgar, shachee], km: 195')
          .replace('[aksu, aral], km: 125', '[aksu, aral], km: 12')
          .replace(
            '[jiashi, bachu], km: 190, kmh: 80, gaps: [[118, 131]]',
            '[jiashi, bachu], km: 190, kmh: 80, gaps: [[118, 231]]',
          ),
      'rails.yaml': (text) => text.replace('[kashgar, jiashi], km: 72, kmh', '[kashgar, jiashi], km: 72, kph'),
      'network.yaml': (text) => text.replace('place: korla', 'place: kurla').replace('tier: end', 'tier: edge'),
    });
    const message = problems(dir);
    expect(message).toContain(
      `${lineOf(dir, 'roads.yaml', 'shachee')} roads[1].between[1]: unknown place 'shachee': did you mean 'shache'?`,
    );
    expect(message).toMatch(/roads\[\d+\]\.km: is shorter than the straight line, 1\d\d km/);
    expect(message).toMatch(/roads\[\d+\]\.gaps\[0\]: ends beyond the 190 km of the way/);
    expect(message).toContain(`${lineOf(dir, 'rails.yaml', 'kph')} rails[0].kph: unknown key: did you mean 'kmh'?`);
    expect(message).toMatch(/nodes\[\d+\]\.tier: /);
    // What fits the schema is checked though something beside it does not.
    expect(message).toContain("unknown place 'kurla': did you mean 'korla'?");
    expect(message).toMatch(/^7 problems/);
  });

  test('a place without twelve months, a way written twice, a file that is not there', () => {
    const dir = folder({
      'places.yaml': (text) => text.replace('meanC: [-5, 0.5, ', 'meanC: [0.5, '),
      'roads.yaml': (text) => text + '  - { between: [jiashi, kashgar], km: 66, kmh: 70 }\n',
    });
    rmSync(join(dir, 'network.yaml'));
    expect(problems(dir)).toContain('places.kashgar.climate.meanC: must have 12 values, January first');
    expect(problems(dir)).toContain('network.yaml: cannot be read (ENOENT)');
    // Without places the roads cannot be judged.
    expect(problems(dir)).not.toContain('roads');
    const twice = folder({ 'roads.yaml': (text) => text + '  - { between: [jiashi, kashgar], km: 66, kmh: 70 }\n' });
    expect(problems(twice)).toMatch(/roads\[\d+\]\.between: is the same way as roads\[0\]/);
  });
});
