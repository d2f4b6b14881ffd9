import type { DashboardPoint } from '../store.ts';
import { type Commit, writeLines } from './commit.ts';
import { pointLine } from './line-protocol.ts';
import { refusal } from './query.ts';

const POINTS_PER_REQUEST = 5_000;

/** See FrameStore.publish. @throws ColdtrailError STORE_REFUSED when the server takes a point for wrong */
export async function publishPoints(
  commit: Commit,
  points: readonly DashboardPoint[],
  signal?: AbortSignal,
): Promise<void> {
  for (let from = 0; from < points.length; from += POINTS_PER_REQUEST) {
    const lines = points.slice(from, from + POINTS_PER_REQUEST).map(pointLine);
    const outcome = await writeLines(commit, lines.join(''), signal);
    if (outcome.kind !== 'written') throw refusal(commit, outcome.message, 400);
  }
}
