import { join } from 'node:path';
import type { Breach } from '../../src/contract/breach.ts';
import type { EpcisEvent } from '../../src/contract/event.ts';
import { registrySchema } from '../../src/contract/registry.ts';
import { deriveAlerts } from '../../src/project/alerts.ts';
import { openSqliteFrames } from '../../src/store/frames/sqlite/store.ts';
import type { FrameStore } from '../../src/store/frames/store.ts';
import { writeBreachChanges } from '../../src/store/ledger/breaches.ts';
import { applyEvents } from '../../src/store/ledger/events.ts';
import { type Ledger, openLedger } from '../../src/store/ledger/ledger.ts';
import { importRegistry } from '../../src/store/ledger/registry.ts';
import { batchOf, frame } from '../conformance/frames.ts';
import { tempDir } from '../harness/temp-dir.ts';
import { journaled } from '../store/ledger/event-builders.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** 08:00 in Kashgar's official time. */
const T0 = Date.UTC(2026, 7, 1);
export const at = (hours: number) => T0 + hours * HOUR;

/** A chain of three orgs on real stores in a folder of its own. */
export interface Chain {
  readonly dir: string;
  readonly ledger: Ledger;
  readonly frames: FrameStore;
  events(...events: EpcisEvent[]): Promise<void>;
  /** A frame every `everyMin` minutes, from ≤ t < to, with the channels of the minute since `from`. */
  send(
    device: string,
    fromMs: number,
    toMs: number,
    everyMin: number,
    channels: (minute: number) => Record<string, number>,
  ): Promise<void>;
  raise(...breaches: Breach[]): Promise<void>;
  close(): Promise<void>;
}

export async function openChain(): Promise<Chain> {
  const dir = tempDir('trace');
  const ledger = await openLedger(join(dir.path, 'ledger.db'));
  const frames = await openSqliteFrames(join(dir.path, 'frames.db'));
  await ledger.transact((trx) =>
    importRegistry(
      trx,
      registrySchema.parse({
        orgs: [
          { id: 'grower', name: 'Jiashi growers (simulated)' },
          { id: 'carrier', name: 'Carrier one (simulated)' },
        ],
        assets: [
          { key: 'grower/room-1', kind: 'pre-cooling-room', name: 'Pre-cooling room 1' },
          { key: 'carrier/truck-1', kind: 'reefer-truck', name: 'Truck 1' },
          { key: 'store/cold-1', kind: 'cold-store', name: 'Cold store 1' },
        ],
        products: [{ companyPrefix: '9521141', itemRef: '012345', produce: 'prune' }],
      }),
    ),
  );
  let offset = 1;
  return {
    dir: dir.path,
    ledger,
    frames,
    events: async (...events) => {
      await ledger.transact((trx) => applyEvents(trx, journaled(events, offset)));
      offset += events.length;
    },
    send: async (device, fromMs, toMs, everyMin, channels) => {
      const sent = [];
      for (let ms = fromMs; ms < toMs; ms += everyMin * MINUTE) {
        sent.push(frame(device, ms, channels((ms - fromMs) / MINUTE)));
      }
      await frames.append(batchOf(sent));
    },
    raise: async (...breaches) => {
      const changes = breaches.map((breach) => ({ change: 'raised' as const, breach }));
      await ledger.transact(async (trx) => {
        const touched = await writeBreachChanges(trx, changes, T0);
        await deriveAlerts(trx, touched, GROUPING, { asOfMs: T0, notify: false });
      });
    },
    close: async () => {
      await frames.close();
      await ledger.close();
      dir.remove();
    },
  };
}

const GROUPING = { groupGapMs: 30 * MINUTE, escalateAfterMs: 60 * MINUTE, outOfCoverageMs: 240 * MINUTE };

export function breachOn(truck: Partial<Breach>): Breach {
  return {
    id: 'carrier/tu-1:pulp-1:pulp-high:0',
    device: 'carrier/tu-1',
    channel: 'pulp-1',
    asset: 'carrier/truck-1',
    rule: 'pulp-high',
    fold: 'high',
    profile: 'prune',
    severity: 'alarm',
    about: 'cargo',
    limit: 4,
    unit: 'Cel',
    startMs: at(7),
    raisedMs: at(8),
    endMs: at(9),
    endedBy: 'recovered',
    cause: null,
    peak: 6,
    peakMs: at(7.5),
    ...truck,
  };
}
