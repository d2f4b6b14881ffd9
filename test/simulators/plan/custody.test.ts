import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makePlan } from '../../../simulators/plan/plan.ts';
import { type Plan, SLICE_MS } from '../../../simulators/plan/types.ts';
import { loadScenario, type Scenario } from '../../../simulators/scenario/load.ts';
import { epcisEvent } from '../../../src/contract/event.ts';
import { assetFromUri, parseLgtin } from '../../../src/contract/identifiers.ts';
import { rich, scansOf } from './scenarios.ts';

const SCENARIOS: [string, Scenario][] = [
  ['demo', loadScenario('demo')],
  ['tiny', loadScenario('tiny')],
  ['steady', loadScenario('steady')],
  ['rich', rich()],
];

/** Where each batch is after a while: an asset, null before and after it is in one; 'ended' once it became another. */
type Where = number | null | 'ended';

/** Runs moves and blends in the world's order. @param see called for each batch that comes from or to somewhere */
function replay(plan: Plan, see: (batchIx: number, from: Where, to: Where) => void): void {
  const where: Where[] = plan.batches.map(() => null);
  const put = (batchIx: number, from: Where, to: Where) => {
    expect(where[batchIx]).toBe(from);
    where[batchIx] = to;
    see(batchIx, from, to);
  };
  let m = 0;
  const move = () => {
    const { batchIx, fromAssetIx, toAssetIx } = plan.moves[m++]!;
    put(batchIx, fromAssetIx, toAssetIx);
  };
  for (const { timeMs, assetIx, inputs, outputs } of plan.blends) {
    while (m < plan.moves.length && plan.moves[m]!.timeMs < timeMs) move();
    for (const ix of inputs) put(ix, assetIx, 'ended');
    for (const ix of outputs) put(ix, null, assetIx);
  }
  while (m < plan.moves.length) move();
}

describe.each(SCENARIOS)('custody in %s', (_, scenario) => {
  const everySeed = (check: (p: Plan) => void) =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => check(makePlan(scenario, { seed }))),
      { numRuns: 5 },
    );

  test('moves and blends lie on the slice grid within the run, ascending', () => {
    everySeed((p) => {
      for (const list of [p.moves, p.blends]) {
        for (const [i, { timeMs }] of list.entries()) {
          expect((timeMs - p.startMs) % SLICE_MS).toBe(0);
          expect(timeMs).toBeGreaterThanOrEqual(i === 0 ? p.startMs : list[i - 1]!.timeMs);
          expect(timeMs).toBeLessThan(p.endMs);
        }
      }
    });
  });

  test('a batch is in one place at a time; vehicles, displays and pre-coolers hold one load', () => {
    everySeed((p) => {
      // The lots of a load are called alike but for what comes after the day's number: JS0821-03A, JS0821-03-1.
      const loads = p.batches.map((b) => /^[A-Z0-9]+-\d+/.exec(b.id.split('.').at(-1)!)![0]);
      const single = p.assets.map((a) => !/store|warehouse/.test(a.kind));
      const held = p.assets.map(() => new Set<number>());
      replay(p, (batchIx, from, to) => {
        if (typeof from === 'number') held[from]!.delete(batchIx);
        if (typeof to !== 'number' || !single[to]) return;
        held[to]!.add(batchIx);
        for (const other of held[to]!) expect(loads[other]).toBe(loads[batchIx]);
      });
    });
  });

  test('mass is conserved: a blend makes no more than goes in, a split exactly as much', () => {
    everySeed((p) => {
      const massOf = (list: readonly number[]) => list.reduce((kg, ix) => kg + p.batches[ix]!.massKg, 0);
      for (const { inputs, outputs } of p.blends) {
        expect(massOf(outputs)).toBeLessThanOrEqual(massOf(inputs));
        if (inputs.length === 1) expect(massOf(outputs)).toBe(massOf(inputs));
        // Grading sorts out a few per cent, not half.
        else expect(massOf(outputs)).toBeGreaterThan(0.9 * massOf(inputs));
      }
      for (const { massKg } of p.batches) expect(massKg).toBeGreaterThan(0);
    });
  });

  test('cargo is only in vehicles that are on duty', () => {
    everySeed((p) => {
      for (const { timeMs, fromAssetIx, toAssetIx } of p.moves) {
        for (const ix of [fromAssetIx, toAssetIx]) {
          if (ix === null) continue;
          const { duties } = p.assets[ix]!;
          expect(duties.some((d) => d.fromMs <= timeMs && timeMs <= d.toMs)).toBe(true);
        }
      }
    });
  });

  test('scans are valid EPCIS events of ours, ascending, in the scenario’s zone', () => {
    everySeed((p) => {
      const orgs = new Set(p.orgs.map((o) => o.id));
      let i = 0;
      let lastMs = p.startMs;
      const wrong: string[] = [];
      for (const { event, timeMs, org } of scansOf(p)) {
        // There are thousands: `expect` only sees what is wrong.
        const parsed = epcisEvent.safeParse(event);
        if (!parsed.success) wrong.push(`${i} is no event of ours: ${parsed.error.message}`);
        if (Date.parse(event.eventTime) !== timeMs || event.eventTimeZoneOffset !== '+08:00') wrong.push(`${i} time`);
        if (p.scans.timeMs(i) !== timeMs || timeMs < lastMs) wrong.push(`${i} out of order`);
        if (!orgs.has(org)) wrong.push(`${i} by unknown ${org}`);
        i++;
        lastMs = timeMs;
      }
      expect(wrong).toEqual([]);
      expect(i).toBe(p.scans.size);
    });
  });

  test('scans mirror moves and blends: each has one, and the other way round', () => {
    everySeed((p) => {
      const scanned: string[] = [];
      for (const { event, timeMs } of scansOf(p)) {
        const at =
          event.type !== 'AssociationEvent' && event.bizLocation ? assetFromUri(event.bizLocation.id) : undefined;
        if (event.type === 'TransformationEvent') {
          const lots = [event.inputQuantityList, event.outputQuantityList].map((l) => l.map((q) => q.epcClass).join());
          scanned.push(`${timeMs} ${at} ${lots.join(' > ')}`);
        }
        if (event.type !== 'ObjectEvent' || (!at && event.action !== 'DELETE')) continue;
        scanned.push(`${timeMs} ${at ?? 'sold'} ${event.quantityList[0]!.epcClass}`);
      }
      const idsOf = (list: readonly number[]) => list.map((ix) => p.batches[ix]!.id).join();
      const happened = [
        ...p.moves.map((m) => {
          return `${m.timeMs} ${m.toAssetIx === null ? 'sold' : p.assets[m.toAssetIx]!.key} ${p.batches[m.batchIx]!.id}`;
        }),
        ...p.blends.map((b) => `${b.timeMs} ${p.assets[b.assetIx]!.key} ${idsOf(b.inputs)} > ${idsOf(b.outputs)}`),
      ];
      expect(scanned.sort()).toEqual(happened.sort());
    });
  });

  test('a batch is named by a scan before anything else happens to it, and units are packed before they are unpacked', () => {
    everySeed((p) => {
      const known = new Set<string>();
      const units = new Set<string>();
      for (const { event } of scansOf(p)) {
        if (event.type === 'ObjectEvent') {
          const [lot] = event.quantityList;
          if (event.action === 'ADD') known.add(lot!.epcClass);
          expect(known).toContain(lot!.epcClass);
        }
        if (event.type === 'TransformationEvent') {
          for (const { epcClass } of event.inputQuantityList) expect(known).toContain(epcClass);
          for (const { epcClass } of event.outputQuantityList) known.add(epcClass);
        }
        if (event.type !== 'AggregationEvent') continue;
        for (const { epcClass } of event.childQuantityList ?? []) expect(known).toContain(epcClass);
        expect((event.childEPCs ?? []).every((unit) => units.has(unit))).toBe(true);
        expect(units.has(event.parentID)).toBe(event.action === 'DELETE');
        if (event.action === 'ADD') units.add(event.parentID);
        else units.delete(event.parentID);
      }
    });
  });

  test('a load is packed on some twenty pallets that carry all of it, and both are dissolved where it arrives', () => {
    everySeed((p) => {
      const pallets = new Map<string, { lot: string; kg: number; crates: number }>();
      const loadOf = new Map<string, string>();
      const loads = new Set<string>();
      const massOf = new Map(p.batches.map((b) => [b.id, b.massKg]));
      const tooEarly: string[] = [];
      for (const { event } of scansOf(p)) {
        if (event.type !== 'AggregationEvent') continue;
        const { parentID, childEPCs = [], childQuantityList: [lot] = [] } = event;
        if (event.action === 'DELETE') {
          // The load first, then its pallets.
          if (loads.has(loadOf.get(parentID) ?? '')) tooEarly.push(parentID);
          loads.delete(parentID);
          pallets.delete(parentID);
        } else if (lot) {
          pallets.set(parentID, { lot: lot.epcClass, kg: lot.quantity!, crates: event['coldtrail:crates'] as number });
        } else {
          loads.add(parentID);
          for (const unit of childEPCs) loadOf.set(unit, parentID);
          const packed = childEPCs.map((unit) => pallets.get(unit)!);
          expect(packed.length).toBeGreaterThanOrEqual(19);
          expect(packed.length).toBeLessThanOrEqual(21);
          expect(new Set(packed.map((pallet) => pallet.lot)).size).toBe(1);
          expect(packed.reduce((kg, pallet) => kg + pallet.kg, 0)).toBe(massOf.get(packed[0]!.lot));
          expect(packed.every(({ kg, crates }) => crates * 10 >= kg)).toBe(true);
        }
      }
      expect(tooEarly).toEqual([]);
      const isVehicle = (ix: number | null) => ix !== null && /truck|box/.test(p.assets[ix]!.kind);
      const loaded = p.moves.filter((m) => isVehicle(m.toAssetIx));
      const arrived = p.moves.filter((m) => isVehicle(m.fromAssetIx));
      expect(loads.size).toBe(loaded.length - arrived.length);
      const inUnits = new Set([...pallets.values()].map((pallet) => pallet.lot));
      for (const { batchIx } of arrived) expect(inUnits).not.toContain(p.batches[batchIx]!.id);
    });
  });

  test('lots have codes of their own that the contract takes', () => {
    everySeed((p) => {
      expect(new Set(p.batches.map((b) => b.id)).size).toBe(p.batches.length);
      for (const { id } of p.batches)
        expect(parseLgtin(id)).toMatchObject({ companyPrefix: '9521141', itemRef: '012345' });
    });
  });
});
