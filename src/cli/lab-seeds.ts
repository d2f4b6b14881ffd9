import { runSeeds } from '../lab/seed-pool.ts';
import type { SeedTally } from '../lab/seed-tally.ts';
import type { SeedRequest } from '../lab/seed-worker.ts';
import { monotonicMs } from '../lib/clock.ts';
import { shareText } from './simulation-progress.ts';
import { StatusLine } from './status-line.ts';
import { stopSignal } from './stop-signal.ts';

/** Runs seeds with progress on stderr. Ctrl-C ends it with the seeds that were done. */
export async function runSeedsShown(
  request: SeedRequest,
  seeds: readonly number[],
  workers: number,
  onSeed?: (tally: SeedTally) => void,
): Promise<SeedTally[]> {
  const stop = stopSignal();
  const status = new StatusLine(process.stderr);
  const beganMs = monotonicMs();
  const what = `${request.scenario}, ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
  try {
    // Threads take a while to start: what is left is judged from their first word on.
    let heardMs: number | undefined;
    const onProgress = (share: number) => {
      heardMs ??= monotonicMs();
      status.show(shareText(what, share, monotonicMs() - heardMs));
    };
    const tallies = await runSeeds(request, seeds, { workers, signal: stop.signal, onProgress, onSeed });
    status.end();
    if (stop.signal.aborted) process.stderr.write(`stopped: ${tallies.length} of ${seeds.length} seeds were done\n`);
    const readings = tallies.reduce((sum, tally) => sum + tally.readings, 0);
    const seconds = (monotonicMs() - beganMs) / 1000;
    const rate = Math.round(readings / seconds).toLocaleString('en-US');
    process.stderr.write(
      `${readings.toLocaleString('en-US')} readings in ${seconds.toFixed(1)} s, ${rate} readings/s\n`,
    );
    return tallies;
  } finally {
    status.end();
    stop.release();
  }
}
