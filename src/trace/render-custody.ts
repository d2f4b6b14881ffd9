import { duration } from './duration.ts';
import { inCell } from './hanging.ts';
import { plainTable } from './plain-table.ts';
import type { Summary } from './summary.ts';
import type { BatchTrace } from './trace-types.ts';

/** What three columns leave of a line of 80. */
const WHO_COLUMNS = 22;

/** Who held the batch where and when, and what was measured there: a leg a row. */
export function custodyTable({ legs, breaches }: BatchTrace, time: (timeMs: number) => string): string {
  const table = plainTable(['#', 'Held by\nwhere', 'From\nto\nfor', '°C\nmin / mean / max']);
  for (const [i, leg] of legs.entries()) {
    const ms = leg.evidenceMs.toMs - leg.evidenceMs.fromMs;
    const count = breaches.filter((b) => b.legs.includes(i)).length;
    table.push([
      i + 1,
      [leg.orgName, leg.assetName, leg.assetKind ?? ''].map((text) => inCell(text, WHO_COLUMNS)).join('\n'),
      [
        time(leg.fromMs),
        leg.toMs === null ? 'still there' : time(leg.toMs),
        duration(ms),
        `covered ${Math.floor((leg.coveredMs / ms) * 100)} %`,
        count === 0 ? 'no breach' : count === 1 ? '1 breach' : `${count} breaches`,
      ].join('\n'),
      [...temperatures('pulp', leg.pulp), ...temperatures('air', leg.air)].join('\n'),
    ]);
  }
  return table.toString();
}

function temperatures(of: string, { minC, meanC, maxC, mktC, outOfRangeMs }: Summary): string[] {
  if (meanC === null) return [`${of} –`];
  const lines = [`${of} ${fixed(minC)} / ${fixed(meanC)} / ${fixed(maxC)}`, `  MKT ${fixed(mktC)}`];
  if (outOfRangeMs !== null) lines.push(`  out of range ${duration(outOfRangeMs)}`);
  return lines;
}

function fixed(valueC: number | null): string {
  return valueC === null ? '–' : valueC.toFixed(1).replace('-0.0', '0.0');
}
