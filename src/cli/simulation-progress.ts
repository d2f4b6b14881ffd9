import type { Progress, Summary } from '../../simulators/main.ts';
import { energyOfAll } from '../../simulators/truth/asset-book.ts';
import type { TrueAsset } from '../../simulators/truth/record.ts';

/** One line on how far a run is: `2026-08-21 14:05Z · 37 % · 71,204 frames · 41,200 frames/s · 412,000 readings/s · 12 s left`; `more` goes before the end. */
export function progressText(progress: Progress, more: readonly string[] = []): string {
  const { worldTimeMs, doneShare, runningMs, frames, readings, retried, framesLost } = progress;
  const parts = [
    worldText(worldTimeMs),
    `${Math.floor(doneShare * 100)} %`,
    `${count(frames)} frames`,
    `${rate(frames, runningMs)} frames/s`,
    `${rate(readings, runningMs)} readings/s`,
  ];
  if (framesLost > 0) parts.push(`${count(framesLost)} lost`);
  if (retried > 0) parts.push(`${count(retried)} resent`);
  parts.push(...more);
  parts.push(...leftText(doneShare, runningMs));
  return parts.join(' · ');
}

/** One line on work of which only the share done is known: `drawing · 40 % · 12 s left`. */
export function shareText(what: string, share: number, elapsedMs: number): string {
  return [what, `${Math.floor(share * 100)} %`, ...leftText(share, elapsedMs)].join(' · ');
}

/** The first steps warm up: what they promise is many times too long. */
const ETA_FROM_MS = 2000;

function leftText(share: number, elapsedMs: number): string[] {
  const isKnown = share > 0 && share < 1 && elapsedMs >= ETA_FROM_MS;
  return isKnown ? [`${durationText((elapsedMs * (1 - share)) / share)} left`] : [];
}

/** One line on how a run ended. */
export function summaryText(summary: Summary): string {
  const { frames, packs, events, readings, elapsedMs, framesLost, framesKept, retried } = summary;
  const parts = [
    `${summary.complete ? 'done' : 'stopped'} at ${worldText(summary.worldTimeMs)}`,
    // Nothing is packed where nothing is delivered.
    `${count(frames)} frames${packs > 0 ? ` in ${count(packs)} packs` : ''}, ${count(readings)} readings, ${count(events)} events`,
    `${durationText(elapsedMs)}, ${rate(readings, elapsedMs)} readings/s`,
  ];
  if (framesLost > 0) parts.push(`${count(framesLost)} frames lost in full device memories`);
  if (framesKept > 0) parts.push(`${count(framesKept)} still held by devices off line`);
  if (retried > 0) parts.push(`${count(retried)} publishes sent again`);
  return parts.join(' · ');
}

/** Of one true temperature, NDJSON and Parquet together; as found. */
const TRUTH_ROW_BYTES = 300;
/** Fewer bytes of truth than this are nobody's worry. */
const WORTH_TELLING_BYTES = 1e9;

/** One line on how large the record of true temperatures will be; null where it is not worth one. */
export function truthSizeText(rows: number): string | null {
  const bytes = rows * TRUTH_ROW_BYTES;
  if (bytes < WORTH_TELLING_BYTES) return null;
  return `the truth will be ${count(rows)} true temperatures, some ${(bytes / 1e9).toFixed(1)} GB: a longer --truth-every makes it smaller`;
}

/** One line on what keeping cold took. */
export function energyText(assets: readonly TrueAsset[]): string {
  const { gridKWh, dieselL, co2eKg } = energyOfAll(assets);
  const parts = [`${count(Math.round(dieselL))} L of diesel`, `${count(Math.round(gridKWh))} kWh from the grid`];
  return `keeping cold took ${parts.join(' and ')}: ${(co2eKg / 1000).toFixed(1)} t CO2e`;
}

const worldText = (timeMs: number) => `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')}Z`;
const count = (n: number) => n.toLocaleString('en-US');
const rate = (n: number, elapsedMs: number) => count(Math.round(elapsedMs > 0 ? n / (elapsedMs / 1000) : 0));

function durationText(durationMs: number): string {
  const s = Math.round(durationMs / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
