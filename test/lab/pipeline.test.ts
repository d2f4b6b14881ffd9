import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registryOf } from '../../simulators/registry.ts';
import { runSimulation } from '../../simulators/run.ts';
import { planOf } from '../../simulators/source.ts';
import { createWorld } from '../../simulators/world/world.ts';
import { storeRecording } from '../../src/cli/store-recording.ts';
import { alertOptions, configSchema } from '../../src/config.ts';
import type { Breach } from '../../src/contract/breach.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { armingOf } from '../../src/detect/arming.ts';
import { JournalLog, JournalReader } from '../../src/journal/log.ts';
import { encodeRecord, type JournalDocument } from '../../src/journal/record.ts';
import type { RuleSet } from '../../src/lab/engine.ts';
import { historiesOf } from '../../src/lab/histories.ts';
import { replay } from '../../src/lab/replay.ts';
import { runSeed } from '../../src/lab/seed-run.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { shippedBook } from '../../src/produce/rule-book.ts';
import { loadArming } from '../../src/project/arming.ts';
import { Projector } from '../../src/project/projector.ts';
import { openSqliteFrames } from '../../src/store/frames/sqlite/store.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { openLedger } from '../../src/store/ledger/ledger.ts';
import { importRegistry } from '../../src/store/ledger/registry.ts';
import type { ReadStores } from '../../src/stores.ts';
import { tempDir } from '../harness/temp-dir.ts';

const prune: RuleSet = { name: 'prune', profile: profileFor('prune')! };

/** A simulation as it comes in, slice by slice in order of arrival, through journal and projections. */
async function project(scenario: string, dir: string): Promise<ReadStores> {
  const plan = planOf({ scenario });
  const log = new JournalLog(join(dir, 'journal.db'), false);
  for (const slice of runSimulation(plan, createWorld(plan))) {
    const builder = new FrameBatchBuilder();
    for (const pack of slice.packs) {
      for (const { device, timeMs, seq, layout, values } of pack.frames) {
        builder.add(device, timeMs, seq ?? Number.NaN, layout, values);
      }
    }
    const events = slice.scans.map(({ org, event }): JournalDocument => ({ kind: 'event', org, event }));
    const frames = slice.packs.reduce((sum, pack) => sum + pack.frames.length, 0);
    log.append({ arrivedMs: slice.toMs, clockMs: slice.toMs, frames }, encodeRecord(builder.take(), events));
  }
  const reader = new JournalReader(join(dir, 'journal.db'));
  const ledger = await openLedger(join(dir, 'ledger.db'));
  const frames = await openSqliteFrames(join(dir, 'frames.db'));
  await ledger.transact((trx) => importRegistry(trx, registryOf(plan)));
  const clock = { nowMs: () => plan.endMs };
  const projector = await Projector.open(reader, frames, ledger, clock, alertOptions(configSchema.parse({})));
  while (await projector.cycle());
  log.close();
  reader.close();
  return {
    ledger,
    frames,
    close: async () => {
      await ledger.close();
      await frames.close();
    },
  };
}

/** What a breach says, without what only the lab or only the ledger knows. */
const said = (breaches: readonly Breach[]) =>
  breaches
    .map(({ id, asset, rule, startMs, raisedMs, endMs, peak }) => ({ id, asset, rule, startMs, raisedMs, endMs, peak }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

describe.each(['tiny', 'coverage-gaps'])('%s through the real pipeline', { timeout: 60_000 }, (scenario) => {
  const dir = tempDir(`lab-${scenario}`);
  let stores: ReadStores;
  beforeAll(async () => {
    stores = await project(scenario, dir.path);
  });
  afterAll(async () => {
    await stores.close();
    dir.remove();
  });

  test('the lab arms devices as the ledger does', async () => {
    const histories = historiesOf(planOf({ scenario }));
    const armed = histories.map(({ placements, custodies, assetKind }) =>
      armingOf(
        placements,
        custodies.map((custody) => ({ ...custody, profile: prune.profile })),
        assetKind,
      ),
    );
    const known = await Promise.all(histories.map(({ device }) => loadArming(stores.ledger.db, device, shippedBook())));
    expect(armed).toEqual(known);
    expect(armed.flat().length).toBeGreaterThan(0);
  });

  test('the lab says of the scenario what the ledger says, and so does a replay of the stores', async () => {
    const inLedger = said(await listBreaches(stores.ledger.db));
    expect(inLedger.length).toBeGreaterThan(0);
    const [replayed] = await replay(storeRecording(stores), [prune]);
    expect(said(replayed!.breaches)).toEqual(inLedger);
    const run = runSeed(scenario, planOf({ scenario }).seed, [prune]);
    let step = run.next();
    while (!step.done) step = run.next();
    expect(said(step.value.judged[0]!.breaches)).toEqual(inLedger);
  });
});
