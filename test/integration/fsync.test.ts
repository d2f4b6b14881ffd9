import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import { expect, onTestFinished, test } from 'vitest';
import { smallChain } from '../harness/chain.ts';
import { freePort } from '../harness/free-port.ts';
import { chainFrames, sendOneByOne } from '../harness/sending.ts';
import { type Serve, startServe } from '../harness/serve.ts';
import { hasEnded, type SystemCall, straceCommand, tracedCalls } from '../harness/strace.ts';
import { tempDir } from '../harness/temp-dir.ts';

/** A kill cannot show a missing fsync: the kernel keeps what was written. So the system calls are looked at. */

const ONE_BY_ONE = 50;
const IN_GROUPS = 300;
const IN_FLIGHT = 10;
const frames = chainFrames(smallChain(1), ONE_BY_ONE + IN_GROUPS);

/** Runs `coldtrail serve` under strace while a client publishes, and returns its calls on client sockets and journal. */
async function tracedServe(settings: Readonly<Record<string, string>>): Promise<SystemCall[]> {
  const dir = tempDir('fsync');
  onTestFinished(() => dir.remove());
  const traceFile = join(dir.path, 'trace');
  const port = await freePort();
  const serve = await startTraced(traceFile, {
    COLDTRAIL_DATA_DIR: join(dir.path, 'data'),
    COLDTRAIL_BROKER_PORT: String(port),
    COLDTRAIL_BROKER_ANONYMOUS: 'true',
    ...settings,
  });
  const client = await connectAsync(serve.url, { protocolVersion: 4, reconnectPeriod: 0 });
  await sendOneByOne(client, frames.slice(0, ONE_BY_ONE), 1);
  await sendOneByOne(client, frames.slice(ONE_BY_ONE), IN_FLIGHT);
  await client.endAsync();
  expect(await serve.stop()).toBe(0);
  await expect.poll(() => hasEnded(traceFile, serve.pid), { timeout: 20_000 }).toBe(true);
  return tracedCalls(traceFile, (target) => isClient(target, port) || isJournal(target));
}

async function startTraced(traceFile: string, env: Record<string, string>): Promise<Serve> {
  try {
    return await startServe(env, straceCommand(traceFile));
  } catch (cause) {
    throw new Error(
      'strace could not run serve. It needs ptrace: in a container the capability SYS_PTRACE, elsewhere root or ' +
        `kernel.yama.ptrace_scope of at most 1. ${(cause as Error).message}`,
      { cause },
    );
  }
}

const isClient = (target: string, port: number) => target.startsWith(`TCP:[127.0.0.1:${port}->`);
const isJournal = (target: string) => target.endsWith('/journal.db-wal');

interface Packet {
  readonly messageId: number;
  readonly startLine: number;
  readonly endLine: number;
}

/** The packets of one kind in what the calls carried, each with the lines of the call that carried its end. */
function packetsIn(calls: readonly SystemCall[], cmd: 'publish' | 'puback'): Packet[] {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  let carrier: SystemCall;
  parser.on('packet', (packet) => {
    const { startLine, endLine } = carrier;
    if (packet.cmd === cmd) packets.push({ messageId: packet.messageId!, startLine, endLine });
  });
  for (const call of calls) {
    carrier = call;
    if (call.result > 0) parser.parse(call.bytes.subarray(0, call.result));
  }
  return packets;
}

/**
 * The acknowledgements that left before the journal was safe. Safe means: after the publish was read, the journal's
 * write-ahead log was written; after that an fsync of it began; and it had succeeded before the PUBACK was written.
 */
function examine(calls: readonly SystemCall[]) {
  const [journal, client] = [
    calls.filter(({ target }) => isJournal(target)),
    calls.filter(({ target }) => !isJournal(target)),
  ];
  const writes = journal.filter(({ name }) => name.startsWith('pwrite'));
  const syncs = journal.filter(({ name, result }) => (name === 'fsync' || name === 'fdatasync') && result === 0);
  const publishes = packetsIn(
    client.filter(({ name }) => /^(read|recv)/.test(name)),
    'publish',
  );
  const pubacks = packetsIn(
    client.filter(({ name }) => /^(write|send)/.test(name)),
    'puback',
  );
  const unsafe = pubacks.filter((puback) => {
    const publish = publishes.findLast((p) => p.messageId === puback.messageId && p.endLine < puback.startLine);
    if (!publish) return true;
    const write = writes.find(({ startLine }) => startLine > publish.endLine);
    return !write || !syncs.some((s) => s.startLine > write.endLine && s.endLine < puback.startLine);
  });
  return { publishes: publishes.length, pubacks: pubacks.length, syncs: syncs.length, unsafe: unsafe.length };
}

test('every acknowledgement is written after an fsync of the journal that began after its frame was written there', async () => {
  const found = examine(await tracedServe({}));
  console.log(`system calls: ${JSON.stringify(found)}`);
  expect(found).toMatchObject({ publishes: frames.length, pubacks: frames.length, unsafe: 0 });
  // One by one there is no group to share an fsync with; with several in flight there is.
  expect(found.syncs).toBeGreaterThanOrEqual(ONE_BY_ONE);
  expect(found.syncs).toBeLessThan(frames.length);
}, 90_000);

test('the same look finds every acknowledgement unsafe where the journal does not fsync', async () => {
  const found = examine(await tracedServe({ COLDTRAIL_JOURNAL_FSYNC: 'false' }));
  expect(found).toMatchObject({ publishes: frames.length, pubacks: frames.length, unsafe: frames.length });
}, 90_000);
