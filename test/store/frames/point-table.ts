/** The points of a server in memory: device → time → field → value, merged field by field as InfluxDB does. */
export class PointTable {
  readonly telemetry = new Map<string, Map<number, Map<string, number>>>();
  /** Every field of the measurement, as `*::field` names them. */
  readonly fields = new Set<string>();
  /** Lines of other measurements, as they came. */
  readonly others: string[] = [];
  /** Fields that exist as integers here: a float for them is refused. */
  readonly integerFields = new Set<string>();

  /** Takes line protocol in which every line must be one that this project may write. */
  write(text: string): { lines: number; dropped: { line: string; field: string }[] } {
    if (!text.endsWith('\n')) throw new Error('the last line has no end');
    const lines = text.slice(0, -1).split('\n');
    const dropped: { line: string; field: string }[] = [];
    for (const line of lines) {
      const field = line.startsWith('telemetry,') ? this.#frame(line) : this.#other(line);
      if (field !== undefined) dropped.push({ line, field });
    }
    return { lines: lines.length, dropped };
  }

  clear(): void {
    this.telemetry.clear();
    this.fields.clear();
  }

  /** @returns the field that made the whole point be refused */
  #frame(line: string): string | undefined {
    const parts = FRAME_LINE.exec(line);
    if (!parts) throw new Error(`no frame in line protocol: ${line}`);
    const [, device, fieldSet, timeText] = parts;
    const fields = fieldSet!.split(',').map((pair) => pair.split('=') as [string, string]);
    if (new Set(fields.map(([name]) => name)).size < fields.length) throw new Error(`a field comes twice: ${line}`);
    const conflict = fields.find(([name]) => this.integerFields.has(name));
    if (conflict) return conflict[0];
    const ofDevice = this.telemetry.get(device!) ?? new Map<number, Map<string, number>>();
    this.telemetry.set(device!, ofDevice);
    const timeMs = Number(timeText);
    const kept = ofDevice.get(timeMs) ?? new Map<string, number>();
    ofDevice.set(timeMs, kept);
    for (const [name, value] of fields) {
      kept.set(name, Number(value));
      this.fields.add(name);
    }
    return undefined;
  }

  #other(line: string): undefined {
    if (!OTHER_LINE.test(line)) throw new Error(`no point in line protocol: ${line}`);
    this.others.push(line);
  }
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const NAME = '[a-z0-9][a-z0-9._-]{0,62}';
const FRAME_LINE = new RegExp(
  `^telemetry,device=(${NAME}/${NAME}) ([a-z0-9-]+=${NUMBER}(?:,[a-z0-9-]+=${NUMBER})*) (\\d+)$`,
);
const TAG = String.raw`,[a-z_]+=(?:[^\\,= ]|\\[,= ])+`;
const STRING = String.raw`"(?:[^"\\]|\\["\\])*"`;
const FIELD = `[a-zA-Z_]+=(?:${NUMBER}|${STRING})`;
const OTHER_LINE = new RegExp(`^(?:breach|ingest|limits)(?:${TAG})* ${FIELD}(?:,${FIELD})* \\d+$`);
