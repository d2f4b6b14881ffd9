import type { DeviceKey, Interval } from '../../contract/words.ts';
import { chunks } from './chunks.ts';
import type { LedgerDb } from './ledger.ts';

/** A device's rule states after its frames up to an instant; the state is plain JSON (no NaN, no infinity). */
export interface DetectState {
  readonly device: DeviceKey;
  readonly timeMs: number;
  readonly state: unknown;
}

/** Replaces the devices' newest states. */
export async function saveStates(trx: LedgerDb, states: readonly DetectState[]): Promise<void> {
  for (const some of chunks(states)) {
    await trx
      .insertInto('detect_state')
      .values(some.map(toRow))
      .onConflict((c) =>
        c.column('device').doUpdateSet((eb) => ({
          time_ms: eb.ref('excluded.time_ms'),
          state: eb.ref('excluded.state'),
        })),
      )
      .execute();
  }
}

export async function loadState(db: LedgerDb, device: DeviceKey): Promise<DetectState | undefined> {
  const row = await db.selectFrom('detect_state').selectAll().where('device', '=', device).executeTakeFirst();
  return row && fromRow(row);
}

/** Every device that has a state. */
export async function listStateDevices(db: LedgerDb): Promise<DeviceKey[]> {
  const rows = await db.selectFrom('detect_state').select('device').orderBy('device').execute();
  return rows.map(({ device }) => device);
}

/** Adds checkpoints; one for the same (device, time) is replaced. */
export async function saveCheckpoints(trx: LedgerDb, checkpoints: readonly DetectState[]): Promise<void> {
  for (const some of chunks(checkpoints)) {
    await trx
      .insertInto('detect_checkpoint')
      .values(some.map(toRow))
      .onConflict((c) => c.columns(['device', 'time_ms']).doUpdateSet((eb) => ({ state: eb.ref('excluded.state') })))
      .execute();
  }
}

/** The device's newest checkpoint with a time before the instant. */
export async function latestCheckpointBefore(
  db: LedgerDb,
  device: DeviceKey,
  timeMs: number,
): Promise<DetectState | undefined> {
  const row = await db
    .selectFrom('detect_checkpoint')
    .selectAll()
    .where('device', '=', device)
    .where('time_ms', '<', timeMs)
    .orderBy('time_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The device's oldest checkpoint with a time of the instant or later. */
export async function earliestCheckpointFrom(
  db: LedgerDb,
  device: DeviceKey,
  timeMs: number,
): Promise<DetectState | undefined> {
  const row = await db
    .selectFrom('detect_checkpoint')
    .selectAll()
    .where('device', '=', device)
    .where('time_ms', '>=', timeMs)
    .orderBy('time_ms')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Drops the device's checkpoints in an interval that may end at Infinity: they stood on frames that changed since. */
export async function dropCheckpoints(trx: LedgerDb, device: DeviceKey, { fromMs, toMs }: Interval): Promise<void> {
  let dropping = trx.deleteFrom('detect_checkpoint').where('device', '=', device).where('time_ms', '>=', fromMs);
  if (Number.isFinite(toMs)) dropping = dropping.where('time_ms', '<', toMs);
  await dropping.execute();
}

/** Drops checkpoints before the instant, but each device's newest of them: late data may still need that one. */
export async function pruneCheckpoints(trx: LedgerDb, beforeMs: number): Promise<void> {
  await trx
    .deleteFrom('detect_checkpoint')
    .where('time_ms', '<', beforeMs)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('detect_checkpoint as newer')
          .select('newer.time_ms')
          .whereRef('newer.device', '=', 'detect_checkpoint.device')
          .whereRef('newer.time_ms', '>', 'detect_checkpoint.time_ms')
          .where('newer.time_ms', '<', beforeMs),
      ),
    )
    .execute();
}

/** Forgets all states and checkpoints: the first step of a rebuild. */
export async function clearDetection(trx: LedgerDb): Promise<void> {
  await trx.deleteFrom('detect_state').execute();
  await trx.deleteFrom('detect_checkpoint').execute();
}

function toRow(state: DetectState) {
  return { device: state.device, time_ms: state.timeMs, state: JSON.stringify(state.state) };
}

function fromRow(row: { device: string; time_ms: number; state: string }): DetectState {
  return { device: row.device, timeMs: row.time_ms, state: JSON.parse(row.state) };
}
