import { IngestServer } from './server-process.ts';

/**
 * 10⁷ frames through one server: does its memory stay flat, is its event loop ever held up? Memory is compared once
 * the caches are warm, after the first 10⁶.
 */
const FRAMES = 10_000_000;
const SECONDS = 15;
const server = await IngestServer.start('fsync');
const samples: { frames: number; rssMiB: number; stallMs: number }[] = [];
for (let turn = 0; ; turn++) {
  const load = server.load({ clients: 50, window: 20, seconds: SECONDS, startMs: 1_500_000_000_000 + turn * 3.6e9 });
  // In the middle of the load, not after it.
  await new Promise((resolve) => setTimeout(resolve, (SECONDS * 1000 * 2) / 3));
  const { frames, rssMiB, stallMs } = await server.ask('now');
  samples.push({ frames, rssMiB, stallMs });
  console.log(
    `${String(frames).padStart(9)} frames   ${rssMiB.toFixed(0).padStart(4)} MiB   longest stall ${stallMs.toFixed(1)} ms`,
  );
  await load;
  const settled = await server.ask('settle');
  if (settled.frames !== settled.projected) throw new Error(`${settled.projected} of ${settled.frames} frames stored`);
  if (settled.frames >= FRAMES) break;
}
const warm = samples.filter((s) => s.frames >= FRAMES / 10).map((s) => s.rssMiB);
const middle = (Math.min(...warm) + Math.max(...warm)) / 2;
const swing = ((Math.max(...warm) - middle) / middle) * 100;
console.log(`resident memory ${middle.toFixed(0)} MiB ± ${swing.toFixed(0)} %   bound ± 10 %`);
const stallsMs = samples.map((s) => s.stallMs);
console.log(`longest stall ${Math.max(...stallsMs).toFixed(1)} ms   bound 50 ms`);
console.log(`in the first seconds, while clients connect and code is compiled: ${stallsMs[0]!.toFixed(1)} ms`);
await server.stop();
