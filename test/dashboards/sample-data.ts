/** Two hours of a small fleet, as line protocol: what the store and the projector write. */

export const FROM_MS = Date.UTC(2026, 7, 21, 4);
export const TO_MS = FROM_MS + 2 * 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A dot and a slash in a name: both mean something in a regular expression. */
export const WARM_TRUCK = 'jiashi-growers/truck.1';
export const COLD_TRUCK = 'tarim-carriers/truck-2';
export const ROOM = 'jiashi-growers/room-1';
/** Matches the pattern `truck.1` if its dot is not escaped. */
export const LOOKALIKE = 'jiashi-growers/truckx1';

export function sampleLines(): string[] {
  return [...telemetry(), ...limits(), ...breaches(), ...ingest()];
}

/** Frames every minute, the last one a minute before the end. Return air and pulp of the warm truck rise. */
function telemetry(): string[] {
  const lines: string[] = [];
  for (let i = 0; i < 120; i++) {
    const timeMs = FROM_MS + i * MINUTE_MS;
    const frame = (device: string, fields: string) =>
      lines.push(`telemetry,device=${device} ${fields},seq=${i} ${timeMs}`);
    frame(
      WARM_TRUCK,
      `air-return=${2 + i / 20},air-supply=-1,pulp-1=${1 + i / 40},pulp-2=${i / 40},pulp-3=0.5,humidity=90`,
    );
    frame(COLD_TRUCK, 'air-return=-1,air-supply=-2,pulp-1=-1.25,pulp-2=-0.5,pulp-3=0,humidity=88,set-point=-0.5');
    frame(ROOM, 'air-return=8,air-supply=1,pulp-1=20,humidity=95');
    frame(LOOKALIKE, 'pulp=0.25');
  }
  return lines;
}

/** Written a day before the range; the warm truck's was another then. A pre-cooling room has no high limit. */
function limits(): string[] {
  const limit = (device: string, rule: string, limitC: number, timeMs: number) =>
    `limits,device=${device},rule=${rule} limitC=${limitC},severity="alarm" ${timeMs}`;
  return [
    limit(WARM_TRUCK, 'pulp-high', 9, FROM_MS - 2 * DAY_MS),
    limit(WARM_TRUCK, 'pulp-high', 4, FROM_MS - DAY_MS),
    limit(WARM_TRUCK, 'air-return-high', 6, FROM_MS - DAY_MS),
    limit(WARM_TRUCK, 'pulp-freezing', -1.5, FROM_MS - DAY_MS),
    limit(COLD_TRUCK, 'pulp-high', 5, FROM_MS - DAY_MS),
    limit(COLD_TRUCK, 'pulp-freezing', -1.5, FROM_MS - DAY_MS),
    limit(ROOM, 'pulp-freezing', -1.5, FROM_MS - DAY_MS),
    limit(LOOKALIKE, 'pulp-high', 1, FROM_MS - DAY_MS),
  ];
}

/** One breach open since before the range, one that closed in it on another probe, one that opens after its end. */
function breaches(): string[] {
  const breach = (device: string, rule: string, channel: string, open: 0 | 1, peakC: number, timeMs: number) =>
    `breach,device=${device},asset=${device},rule=${rule},severity=alarm,channel=${channel} ` +
    `open=${open},peakC=${peakC},limitC=4,startMs=${FROM_MS - DAY_MS} ${timeMs}`;
  return [
    breach(WARM_TRUCK, 'pulp-high', 'pulp-1', 1, 4.5, FROM_MS - DAY_MS),
    breach(WARM_TRUCK, 'pulp-high', 'pulp-1', 1, 5.5, FROM_MS + MINUTE_MS),
    breach(WARM_TRUCK, 'pulp-high', 'pulp-2', 1, 4.25, FROM_MS - DAY_MS),
    breach(WARM_TRUCK, 'pulp-high', 'pulp-2', 0, 4.25, FROM_MS + 5 * MINUTE_MS),
    breach(COLD_TRUCK, 'pulp-high', 'pulp-1', 1, 7, TO_MS + MINUTE_MS),
  ];
}

/** A cycle every 10 s: 20 frames of 10 channels, a repeat each minute and one refusal. */
function ingest(): string[] {
  const lines: string[] = [];
  for (let timeMs = FROM_MS; timeMs < TO_MS; timeMs += 10_000) {
    const onTheMinute = timeMs % MINUTE_MS === 0 ? 1 : 0;
    const refused = timeMs === FROM_MS + 600_000 ? 1 : 0;
    lines.push(
      `ingest frames=20,readings=200,refused=${refused},duplicates=${onTheMinute},lagMs=${100 + onTheMinute},openBreaches=1 ${timeMs}`,
    );
  }
  return lines;
}
