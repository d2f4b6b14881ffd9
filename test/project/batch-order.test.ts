import fc from 'fast-check';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import type { BreachChange } from '../../src/contract/breach.ts';
import type { EpcisEvent } from '../../src/contract/event.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { frame } from '../conformance/frames.ts';
import { commission, place, scan, transform } from '../store/ledger/event-builders.ts';
import { breachOn } from '../trace/chain.ts';
import { BatchChain, type Delivery } from './batch-chain.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 7, 1);
const at = (hours: number) => T0 + Math.round(hours * 60) * 60_000;

/** Levels about the limits, so that budgets are used up now and then, and pre-cooling is late. */
const levelC = fc.constantFrom(-1, 0, 2.9, 3.9, 4.1, 7, 30, 40);
const stretch = fc.record({
  hours: fc.constantFrom(0.4, 2, 9, 26),
  everyMin: fc.constantFrom(10, 14, 40),
  pulp: fc.option(levelC, { freq: 6 }),
  air: fc.option(levelC),
  silentH: fc.constantFrom(0, 0, 0.3, 7),
});
const stream = fc.array(stretch, { minLength: 1, maxLength: 5 });
const hour = fc.integer({ min: -4, max: 300 }).map((n) => n / 4);
const asset = fc.constantFrom('grower/room', 'carrier/truck', 'store/cold');
const lots = ['A', 'B', 'C', 'D'];
const world = fc.record({
  streams: fc.tuple(stream, stream, stream),
  moves: fc.array(fc.record({ hour, asset, lot: fc.constantFrom(...lots) }), { maxLength: 8 }),
  sales: fc.array(fc.record({ hour, lot: fc.constantFrom(...lots) }), { maxLength: 2 }),
  made: fc.array(
    fc.record({
      hour,
      from: fc.subarray(['A', 'B', 'C'], { minLength: 1 }),
      to: fc.subarray(['D', 'E', 'F'], { minLength: 1 }),
    }),
    { maxLength: 3 },
  ),
  swaps: fc.array(fc.record({ hour, asset, device: fc.constantFrom('d/1', 'd/2', 'd/3') }), { maxLength: 3 }),
  sick: fc.option(fc.record({ fromH: hour, hours: fc.constantFrom(1, 20), withdrawn: fc.boolean() })),
  schedule: fc.record({
    seed: fc.integer(),
    delayH: fc.constantFrom(0, 0.5, 10, 1000),
    cycleMax: fc.constantFrom(10, 60, 300),
    restartOneIn: fc.constantFrom(0, 3),
    repeatOneIn: fc.constantFrom(0, 3),
  }),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

interface Fact {
  readonly timeMs: number;
  readonly delivery: Delivery;
}

function framesOf(device: string, stretches: World['streams'][number]): Frame[] {
  const frames: Frame[] = [];
  let timeMs = at(0);
  for (const { hours, everyMin, pulp, air, silentH } of stretches) {
    for (const untilMs = timeMs + hours * HOUR; timeMs < untilMs; timeMs += everyMin * 60_000) {
      const channels: Record<string, number> = { humidity: 90 };
      if (pulp !== null) channels['pulp-1'] = pulp;
      if (air !== null) channels['air-return'] = air;
      frames.push(frame(device, timeMs, channels));
    }
    timeMs += silentH * HOUR;
  }
  return frames;
}

function eventsOf(w: World): EpcisEvent[] {
  return [
    place(at(-5), 'grower/room', ['d/1']),
    place(at(-5), 'carrier/truck', ['d/2']),
    place(at(-5), 'store/cold', ['d/3']),
    ...w.swaps.map((s) => place(at(s.hour), s.asset, [s.device])),
    ...lots.slice(0, 3).map((lot) => commission(at(0), { lots: [lot], asset: 'grower/room', produce: 'prune' })),
    ...w.moves.map((m) => scan(at(m.hour), { lots: [m.lot], asset: m.asset, party: m.asset.split('/')[0]! })),
    ...w.sales.map((s) => scan(at(s.hour), { lots: [s.lot], action: 'DELETE' as const })),
    ...w.made.map((m) =>
      transform(at(m.hour), { inputs: even(m.from), outputs: even(m.to), asset: 'store/cold', party: 'store' }),
    ),
  ];
}

const even = (some: readonly string[]) => Object.fromEntries(some.map((lot) => [lot, 100]));

function factsOf(w: World): Fact[] {
  const facts: Fact[] = eventsOf(w).map((event) => ({
    timeMs: Date.parse(event.eventTime),
    delivery: { events: [event] },
  }));
  w.streams.forEach((stretches, d) => {
    for (const f of framesOf(`d/${d + 1}`, stretches)) facts.push({ timeMs: f.timeMs, delivery: { frames: [f] } });
  });
  return facts.sort((a, b) => a.timeMs - b.timeMs);
}

/** What device rules find comes as they find it, in this order: raised, ended, perhaps taken back. */
function sickness({ sick, swaps }: World): BreachChange[] {
  // They would end it where the device is moved.
  if (!sick || swaps.some(({ device }) => device === 'd/2')) return [];
  const startMs = at(sick.fromH);
  const raised = breachOn({
    id: 'sick',
    device: 'd/2',
    asset: 'carrier/truck',
    rule: 'sensor-range',
    about: 'sensor',
    startMs,
    endMs: null,
  });
  const ended = { ...raised, endMs: startMs + sick.hours * HOUR };
  const changes: BreachChange[] = [
    { change: 'raised', breach: raised },
    { change: 'cleared', breach: ended },
  ];
  return sick.withdrawn ? [...changes, { change: 'withdrawn', breach: ended }] : changes;
}

function joined(deliveries: readonly Delivery[]): Delivery {
  const frames = new Map(deliveries.flatMap((d) => d.frames ?? []).map((f) => [`${f.device} ${f.timeMs}`, f]));
  return {
    frames: [...frames.values()],
    events: deliveries.flatMap((d) => d.events ?? []),
    breachChanges: deliveries.flatMap((d) => d.breachChanges ?? []),
  };
}

async function inOneGo(w: World) {
  const chain = await BatchChain.open();
  const all = factsOf(w).map(({ delivery }) => delivery);
  await chain.deliver({ ...joined(all), breachChanges: sickness(w).slice(-1) });
  const content = await chain.content();
  await chain.close();
  return content;
}

async function asItComes(w: World) {
  const { seed, delayH, cycleMax, restartOneIn, repeatOneIn } = w.schedule;
  const random = xoroshiro128plus(seed);
  const below = (n: number) => uniformInt(random, 0, n - 1);
  const arriving = factsOf(w).map((fact) => ({ ...fact, arrivesMs: fact.timeMs + below(delayH * HOUR + 1) }));
  const queue = arriving.sort((a, b) => a.arrivesMs - b.arrivesMs).map(({ delivery }) => delivery);
  // Somewhere in between, in their own order.
  const places = sickness(w).map(() => below(queue.length + 1));
  places
    .sort((a, b) => b - a)
    .forEach((place, i, { length }) => {
      queue.splice(place, 0, { breachChanges: [sickness(w)[length - 1 - i]!] });
    });
  const chain = await BatchChain.open();
  const before: Delivery[] = [];
  for (let from = 0; from < queue.length; ) {
    const to = from + 1 + below(cycleMax);
    const cycle = queue.slice(from, to);
    if (repeatOneIn > 0 && below(repeatOneIn) === 0 && before.length > 0) {
      const { frames = [], events = [] } = before[below(before.length)]!;
      cycle.push({ frames, events });
    }
    const delivery = joined(cycle);
    await chain.deliver({ ...delivery, more: below(2) === 0 });
    before.push(delivery);
    if (restartOneIn > 0 && below(restartOneIn) === 0) await chain.restart();
    from = to;
  }
  await chain.deliver({});
  const content = await chain.content();
  await chain.close();
  return content;
}

test('whatever comes late, twice or out of order: the same as of everything at once', {
  timeout: 240_000,
}, async () => {
  let usedUp = 0;
  await fc.assert(
    fc.asyncProperty(world, async (w) => {
      const content = await asItComes(w);
      const expected = await inOneGo(w);
      expect(content.breaches).toEqual(expected.breaches);
      expect(content.rows).toEqual(expected.rows);
      usedUp += content.breaches.length;
    }),
    { numRuns: 25 },
  );
  // Or it would have told nothing.
  expect(usedUp).toBeGreaterThan(20);
});
