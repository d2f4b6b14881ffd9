import fc from 'fast-check';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import type { Breach } from '../../src/contract/breach.ts';
import type { AssetKind } from '../../src/contract/words.ts';
import { armingOf } from '../../src/detect/arming.ts';
import { listRules } from '../../src/detect/rules/registry.ts';
import type { Profile } from '../../src/produce/profiles.ts';
import { everyRule } from './every-rule.ts';
import { type Delivery, FakeChain, type Fate } from './fake-chain.ts';
import { atMinute, chunkOf, foldAll, type Row, testProfile } from './frames.ts';
import { breachesByOracle } from './oracle.ts';

/** A second produce that minds warmth less: which of the two is aboard decides what is a breach. */
const hardy: Profile = {
  ...testProfile,
  name: 'hardy',
  alarm: { lowC: -1, highC: 6 },
  rules: testProfile.rules.map((rule) =>
    rule.name === 'pulp-high' ? { ...rule, params: { ...rule.params, limitC: 6 } } : rule,
  ),
};
const profiles = { test: testProfile, hardy, every: everyRule };
const kinds: Record<string, AssetKind> = { 'org/truck': 'reefer-truck', 'org/store': 'cold-store' };
const assetKind = (asset: string) => kinds[asset];
const devices = ['org/dev-1', 'org/dev-2'];

/** Levels about the limits 4/3.5, 8/7, 6, −1/−0.8, so that many stretches are breaches and many just are not. */
const levelC = fc.constantFrom(-1.5, -0.9, 0, 2, 3.5, 3.7, 4, 4.2, 5, 6.5, 7.5, 9);
const stretch = fc.record({
  gapMin: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(1, 3, 5, 10, 14, 15, 16) }, fc.constantFrom(40, 300, 900)),
  frames: fc.integer({ min: 1, max: 12 }),
  pulp1: fc.option(levelC, { freq: 8 }),
  pulp2: fc.option(levelC, { freq: 4 }),
  air: fc.option(levelC, { freq: 4 }),
  supply: fc.option(levelC, { freq: 3 }),
  door: fc.option(fc.constantFrom(0, 0, 1), { freq: 3 }),
  /** How steeply pulp rises or falls along the stretch, °C a frame. */
  steepC: fc.constantFrom(0, 0, 0.05, -0.2, 0.3),
});
const deviceStream = fc.array(stretch, { minLength: 1, maxLength: 14 });

const span = fc.record({
  asset: fc.constantFrom('org/truck', 'org/store'),
  from: fc.integer({ min: -10, max: 60 }).map((n) => n * 20),
  lengthMin: fc.option(fc.integer({ min: 0, max: 60 }).map((n) => n * 20)),
});
const worldOf = (profile: fc.Arbitrary<keyof typeof profiles>) =>
  fc.record({
    streams: fc.tuple(deviceStream, deviceStream),
    placements: fc.tuple(fc.array(span, { maxLength: 3 }), fc.array(span, { maxLength: 3 })),
    custodies: fc.array(fc.record({ span, profile }), {
      minLength: 1,
      maxLength: 6,
    }),
    alwaysPlaced: fc.boolean(),
    schedule: fc.record({
      seed: fc.integer(),
      /** Longest delay of a delivery, minutes: 0 in order, 100,000 a shuffle. */
      delayMin: fc.constantFrom(0, 20, 500, 100_000),
      cycleMax: fc.constantFrom(1, 8, 60),
      /** One in so many, 0 for never. */
      duplicateOneIn: fc.constantFrom(0, 4),
      splitOneIn: fc.constantFrom(0, 3),
      restartOneIn: fc.constantFrom(0, 2, 10),
      crashOneIn: fc.constantFrom(0, 5),
      newRulesOneIn: fc.constantFrom(0, 0, 12),
      idleOneIn: fc.constantFrom(0, 6),
    }),
  });
type World = ReturnType<typeof worldOf> extends fc.Arbitrary<infer W> ? W : never;
type SpanSpec = World['custodies'][number]['span'];

function rowsOf(stretches: World['streams'][number]): Row[] {
  const rows: Row[] = [];
  let minute = 0;
  for (const { gapMin, frames, pulp1, pulp2, air, supply, door, steepC } of stretches) {
    for (let i = 0; i < frames; i++) {
      minute += i === 0 ? 5 : gapMin;
      // A ripple, so that peaks fall inside a stretch.
      const ripple = ((i * 7) % 5) / 10;
      const values: Record<string, number> = { humidity: 85 + ((i * gapMin) % 11), battery: 19 + ((i + gapMin) % 5) };
      if (pulp1 !== null) values['pulp-1'] = pulp1 + ripple + i * steepC;
      if (pulp2 !== null) values['pulp-2'] = pulp2;
      if (air !== null) values['air-return'] = air - ripple;
      if (supply !== null) values['air-supply'] = supply;
      if (door !== null) values['door'] = door;
      if (door !== null) values['defrost'] = i % 4 === 3 ? 1 : door;
      rows.push({ timeMs: atMinute(minute), values });
    }
  }
  return rows;
}

const closed = (s: SpanSpec) => ({
  asset: s.asset,
  fromMs: atMinute(s.from),
  toMs: s.lengthMin === null ? null : atMinute(s.from + s.lengthMin),
});

/** Everything that will be told, each with the event time it is about. */
function factsOf(w: World): { timeMs: number; delivery: Delivery }[] {
  const facts: { timeMs: number; delivery: Delivery }[] = [];
  const tell = (s: SpanSpec, make: (span: ReturnType<typeof closed>) => Delivery) => {
    const whole = closed(s);
    facts.push({ timeMs: whole.fromMs, delivery: make({ ...whole, toMs: null }) });
    if (whole.toMs !== null) facts.push({ timeMs: whole.toMs, delivery: make(whole) });
  };
  devices.forEach((device, d) => {
    const always: SpanSpec = { asset: 'org/truck', from: -200, lengthMin: null };
    [...w.placements[d]!, ...(w.alwaysPlaced ? [always] : [])].forEach((s, i) => {
      tell(s, (placed) => ({ kind: 'placement', device, fact: `p${i}`, span: placed }));
    });
  });
  w.custodies.forEach(({ span: s, profile }, i) => {
    tell(s, (held) => ({ kind: 'custody', fact: `c${i}`, span: { ...held, profile: profiles[profile] } }));
  });
  return facts;
}

/** The deliveries in the order in which they come, cut into cycles, each with its fate. */
function deliveriesOf(w: World): { cycle: Delivery[]; fate: Fate; idleMin: number }[] {
  const random = xoroshiro128plus(w.schedule.seed);
  const draw = (max: number) => uniformInt(random, 0, max);
  const oneIn = (n: number) => n > 0 && draw(n - 1) === 0;
  const queue: { atMs: number; delivery: Delivery }[] = [];
  const send = (timeMs: number, delivery: Delivery) =>
    queue.push({ atMs: timeMs + draw(w.schedule.delayMin) * 60_000, delivery });
  for (const { timeMs, delivery } of factsOf(w)) send(timeMs, delivery);
  devices.forEach((device, d) => {
    for (const row of rowsOf(w.streams[d]!)) {
      const entries = Object.entries(row.values);
      const packs = oneIn(w.schedule.splitOneIn) ? [entries.slice(0, 1), entries.slice(1)] : [entries];
      for (const pack of packs.filter((p) => p.length > 0)) {
        const delivery: Delivery = { kind: 'frame', device, row: { ...row, values: Object.fromEntries(pack) } };
        send(row.timeMs, delivery);
        if (oneIn(w.schedule.duplicateOneIn)) send(row.timeMs, delivery);
      }
    }
  });
  queue.sort((a, b) => a.atMs - b.atMs);
  const cycles: { cycle: Delivery[]; fate: Fate; idleMin: number }[] = [];
  for (let i = 0; i < queue.length; ) {
    const size = 1 + draw(w.schedule.cycleMax - 1);
    const { crashOneIn, restartOneIn, newRulesOneIn } = w.schedule;
    const fate = oneIn(crashOneIn)
      ? 'lost'
      : oneIn(restartOneIn)
        ? 'kept-then-restart'
        : oneIn(newRulesOneIn)
          ? 'kept-then-new-rules'
          : 'kept';
    const idleMin = oneIn(w.schedule.idleOneIn) ? draw(40) : 0;
    cycles.push({ cycle: queue.slice(i, i + size).map((q) => q.delivery), fate, idleMin });
    i += size;
  }
  return cycles;
}

/** What the chain found in the end, held against the fold over sorted complete data; the breaches that there were. */
async function foldedAnyhow(w: World, oracle: boolean): Promise<Breach[]> {
  const chain = new FakeChain(devices, assetKind);
  for (const { cycle, fate, idleMin } of deliveriesOf(w)) {
    await chain.cycle(cycle, fate);
    if (idleMin > 0) await chain.idle(idleMin * 60_000);
  }
  await chain.settle();
  return devices.flatMap((device, d) => {
    const rows = rowsOf(w.streams[d]!);
    expect(chain.rows(device)).toEqual(rows);
    const { placements, custodies } = chain.facts(device);
    const arming = armingOf(placements, custodies, assetKind);
    const whole = foldAll(device, [chunkOf(device, rows)], arming, chain.asOfMs);
    expect(chain.breaches(device)).toBe(JSON.stringify(whole.breaches));
    expect(chain.checkpoints(device)).toEqual(whole.checkpoints.map((state) => ({ ruleSet: chain.ruleSet, ...state })));
    if (oracle) expect(whole.breaches).toEqual(breachesByOracle(device, rows, placements, custodies, assetKind));
    return whole.breaches;
  });
}

test('breaches depend on what happened, never on how it arrived', async () => {
  let seen = 0;
  const world = worldOf(fc.constantFrom('test' as const, 'hardy' as const));
  await fc.assert(
    fc.asyncProperty(world, async (w) => {
      seen += (await foldedAnyhow(w, true)).length;
    }),
    { numRuns: 400 },
  );
  // The property is worth nothing over quiet streams.
  expect(seen).toBeGreaterThan(200);
}, 120_000);

test('that holds for every rule', async () => {
  const seen = new Map<string, number>(everyRule.rules.map((rule) => [rule.name, 0]));
  await fc.assert(
    fc.asyncProperty(worldOf(fc.constant('every' as const)), async (w) => {
      for (const { rule } of await foldedAnyhow(w, false)) seen.set(rule, seen.get(rule)! + 1);
    }),
    { numRuns: 400 },
  );
  // It explains, and raises nothing.
  seen.delete('a-defrost-shape');
  expect([...seen].filter(([, times]) => times < 10)).toEqual([]);
  expect(everyRule.rules.map((rule) => rule.rule).sort()).toEqual(
    listRules()
      .map((rule) => rule.name)
      .sort(),
  );
}, 120_000);
