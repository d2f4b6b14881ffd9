import { braille, DotCanvas } from './dot-canvas.ts';
import type { Line, LineRole, Panel, Span } from './panel.ts';
import { type Axis, temperatureAxis, timeAxis, timeLabel } from './scale.ts';

export interface TerminalStyle {
  readonly columns: number;
  /** Braille and blocks; else plain ASCII, each line with a letter of its own. */
  readonly unicode: boolean;
  readonly colour: boolean;
}

const ROWS = 18;
const LABEL_W = 7;
const COLUMNS_MIN = 40;
const COLUMNS_MAX = 200;

const LETTERS: Record<LineRole, string> = {
  supply: 's',
  return: 'r',
  'pulp-front': 'f',
  'pulp-middle': 'm',
  'pulp-rear': 'd',
  ambient: 'a',
  'set-point': '-',
  twin: 't',
};
/** Codes of the 16 colours, which every theme keeps readable. */
const COLOURS: Record<LineRole, number> = {
  supply: 36,
  return: 34,
  'pulp-front': 32,
  'pulp-middle': 33,
  'pulp-rear': 31,
  ambient: 90,
  'set-point': 37,
  twin: 35,
};
const LIMIT_COLOUR = 91;

/** Draws a panel as text, lines ended by newlines. Braille without colour would not tell lines apart: then letters. */
export function terminalChart(panel: Panel, style: TerminalStyle): string {
  const columns = Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, style.columns)) - LABEL_W - 2;
  const dotted = style.unicode && style.colour;
  const y = temperatureAxis(panel, ROWS / 2);
  const x = timeAxis(panel, columns / 14);
  const canvas = new DotCanvas(columns, ROWS);
  for (const [owner, line] of panel.lines.entries()) draw(canvas, line, owner, x, y);
  const paint = (text: string, code: number) => (style.colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const bar = style.unicode ? '│' : '|';
  const unit = style.unicode ? '°C' : 'C';
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const limit = isLimitRow(panel, y, row);
    const cells = Array.from({ length: columns }, (_, column) => {
      const { dots, owner } = canvas.cell(column, row);
      if (dots === 0) return limit ? paint(style.unicode ? '·' : '.', LIMIT_COLOUR) : ' ';
      const { role } = panel.lines[owner]!;
      return paint(dotted ? braille(dots) : LETTERS[role], COLOURS[role]);
    });
    return `${yLabel(y, row, unit)}${bar}${cells.join('')}`;
  });
  const marks = (['fault', 'door', 'defrost', 'stay'] as const).flatMap((kind) => {
    const spans = panel.spans.filter((span) => span.kind === kind);
    return spans.length === 0 ? [] : [markRow(kind, spans, x, columns, style)];
  });
  return `${[`${panel.title} (times at UTC${panel.zone})`, ...rows, ...timeRows(x, columns, panel.zone, style), ...marks, legend(panel, paint, dotted, unit)].join('\n')}\n`;
}

function draw(canvas: DotCanvas, { timeMs, valueC }: Line, owner: number, x: Axis, y: Axis): void {
  const xOf = (at: number) => ((at - x.min) / (x.max - x.min)) * (canvas.width - 1);
  const yOf = (value: number) => ((y.max - value) / (y.max - y.min)) * (canvas.height - 1);
  for (let i = 1; i < timeMs.length; i++) {
    const [from, to] = [valueC[i - 1]!, valueC[i]!];
    if (Number.isNaN(from) || Number.isNaN(to)) continue;
    canvas.line(xOf(timeMs[i - 1]!), yOf(from), xOf(timeMs[i]!), yOf(to), owner);
  }
}

/** Row in which a temperature lies. */
const rowOf = (y: Axis, valueC: number) => Math.round(((y.max - valueC) / (y.max - y.min)) * (ROWS - 1));

const isLimitRow = ({ bands }: Panel, y: Axis, row: number) => bands?.alarmC.some((limit) => rowOf(y, limit) === row);

function yLabel(y: Axis, row: number, unit: string): string {
  const tick = y.ticks.find((value) => rowOf(y, value) === row);
  return (tick === undefined ? '' : `${tick} ${unit} `).padStart(LABEL_W);
}

function timeRows(x: Axis, columns: number, zone: string, { unicode }: TerminalStyle): string[] {
  const axis: string[] = Array.from({ length: columns }, () => (unicode ? '─' : '-'));
  let labels = '';
  for (const tick of x.ticks) {
    const column = columnOf(x, tick, columns);
    const label = timeLabel(tick, zone);
    if (column < labels.length || column + label.length > columns) continue;
    axis[column] = unicode ? '┬' : '+';
    labels = labels.padEnd(column) + label + ' ';
  }
  const margin = ' '.repeat(LABEL_W);
  return [`${margin}${unicode ? '└' : '+'}${axis.join('')}`, `${margin} ${labels.trimEnd()}`];
}

const columnOf = (x: Axis, timeMs: number, columns: number) =>
  Math.min(columns - 1, Math.max(0, Math.round(((timeMs - x.min) / (x.max - x.min)) * (columns - 1))));

/** A row of bars under the chart: when it lasted, with its name where there is room. */
function markRow(kind: Span['kind'], spans: readonly Span[], x: Axis, columns: number, style: TerminalStyle): string {
  const cells = Array.from({ length: columns }, () => ' ');
  for (const [i, { fromMs, toMs, label }] of spans.entries()) {
    const [from, to] = [columnOf(x, fromMs, columns), columnOf(x, toMs, columns)];
    const fill = kind === 'stay' ? STAY_FILL[i % 2]! : style.unicode ? '█' : '#';
    for (let column = from; column <= to; column++) cells[column] = style.unicode || kind !== 'stay' ? fill : '=';
    const named = kind === 'stay' || kind === 'fault' ? ` ${label} ` : '';
    // A fault too short for its name is followed by it.
    const at = named.length < to - from ? from + 1 : kind === 'fault' ? to + 1 : columns;
    for (const [offset, letter] of [...named].entries()) if (at + offset < columns) cells[at + offset] = letter;
  }
  return `${`${kind === 'stay' ? 'where' : kind} `.padStart(LABEL_W + 1)}${cells.join('').trimEnd()}`;
}

const STAY_FILL = ['░', '▒'];

function legend(
  { lines, bands }: Panel,
  paint: (text: string, code: number) => string,
  dotted: boolean,
  unit: string,
): string {
  const entries = lines.map(({ role, name }) => paint(`${dotted ? '──' : LETTERS[role]} ${name}`, COLOURS[role]));
  if (bands)
    entries.push(paint(`${dotted ? '··' : '.'} alarm limits ${bands.alarmC.join(' and ')} ${unit}`, LIMIT_COLOUR));
  return `${' '.repeat(LABEL_W)} ${entries.join('  ')}`;
}
