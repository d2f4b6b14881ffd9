import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { connectAsync } from 'mqtt';
import { configSchema } from '../../src/config.ts';
import { createLog } from '../../src/lib/log.ts';
import { startPipeline } from '../../src/pipeline.ts';
import { EMPTY_REGISTRY } from '../../src/registry-file.ts';
import { smallChain } from '../harness/chain.ts';
import { sendEvents } from '../harness/sending.ts';
import { BENCH_TRUCKS } from './server-process.ts';

/**
 * The processor under load, a process of its own. Tells its port, then answers each line on stdin with its figures.
 * Arguments: fsync or no-fsync; of what there is a load in each of the small chain's trucks, none where left out.
 */
const dir = mkdtempSync(join(tmpdir(), 'coldtrail-bench-'));
const produce = process.argv[3];
const config = configSchema.parse({
  // The trucks' frames are of another time than this machine's, and silence is not what is measured.
  clock: produce === undefined ? 'wall' : 'simulation',
  dataDir: dir,
  broker: { mode: 'embedded', port: 0, anonymous: true },
  ingest: { futureToleranceMs: 1e15 },
  journal: { fsync: process.argv[2] !== 'no-fsync', keepBytes: 256 * 1024 * 1024 },
});
let projected = 0;
const chain = smallChain(BENCH_TRUCKS, produce);
const registry = produce === undefined ? EMPTY_REGISTRY : chain.registry;
const pipeline = await startPipeline(config, registry, createLog('warn'), {
  onCycle: (report) => {
    projected += report.frames;
  },
  onFatal: (error) => {
    throw error;
  },
});
// A figure of it contains one interval: 1 ms of each is the timer's own.
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
if (produce !== undefined) {
  const client = await connectAsync(pipeline.brokerUrl);
  await sendEvents(client, chain);
  await client.endAsync();
}
const tell = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`);
tell({ port: new URL(pipeline.brokerUrl).port });
for await (const chunk of process.stdin) {
  const command = String(chunk).trim();
  if (command === 'settle') await pipeline.settled();
  const { user, system } = process.cpuUsage();
  tell({
    frames: pipeline.counters.frames,
    projected,
    rssMiB: process.memoryUsage().rss / 1024 / 1024,
    stallMs: delay.max / 1e6,
    stallP99Ms: delay.percentile(99) / 1e6,
    cpuMs: (user + system) / 1000,
  });
  delay.reset();
  if (command === 'stop') break;
}
await pipeline.stop();
rmSync(dir, { recursive: true });
process.exit(0);
