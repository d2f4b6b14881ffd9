import type { Line, Panel, Span } from './panel.ts';
import { type Axis, temperatureAxis, timeAxis, timeLabel } from './scale.ts';

const WIDTH = 1200;
const CHART_H = 340;
const MARGIN = { left: 60, right: 20, top: 40, bottom: 34 };
const STRIP_H = 16;
const LEGEND_ROW_H = 18;
const PLOT_W = WIDTH - MARGIN.left - MARGIN.right;

/**
 * Colours by class, so that light and dark each have their own. Lines: Okabe and Ito's palette, which colour-blind
 * readers can tell apart; dashes tell the rest.
 */
const STYLE = `
svg{background:#fff;color:#222;font:12px system-ui,sans-serif}
text{fill:currentColor}.title{font-size:15px;font-weight:600}.unit{opacity:.75}
.grid{stroke:currentColor;stroke-opacity:.14}.frame{stroke:currentColor;stroke-opacity:.5;fill:none}
.line{fill:none;stroke-width:1.5;stroke-linejoin:round}
.supply{stroke:#56b4e9}.return{stroke:#0072b2}.pulp-front{stroke:#009e73}.pulp-middle{stroke:#e69f00}.pulp-rear{stroke:#d55e00}
.ambient{stroke:#888;stroke-dasharray:2 3}.set-point{stroke:currentColor;stroke-dasharray:8 4;stroke-opacity:.7}
.twin{stroke:#cc79a7;stroke-dasharray:6 3}
.target{fill:#009e73;fill-opacity:.16}.alarm{fill:#e69f00;fill-opacity:.12}.critical{fill:#d55e00;fill-opacity:.16}
.fault{fill:url(#fault-hatch);stroke:currentColor;stroke-opacity:.55}.hatch{stroke:currentColor;stroke-opacity:.4}
.named{paint-order:stroke;stroke:#fff;stroke-width:3px}
.door{fill:#0072b2}.defrost{fill:#56b4e9}
.stay{fill:currentColor;fill-opacity:.08;stroke:currentColor;stroke-opacity:.35}
@media (prefers-color-scheme:dark){svg{background:#14171c;color:#e6e6e6}.named{stroke:#14171c}.return{stroke:#2f7de1}.twin{stroke:#e39cc5}}
`.trim();

/** Faults are hatched and not coloured: colours of areas are the bands', and no reader needs to tell hues for this. */
const HATCH = `<defs><pattern id="fault-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<path class="hatch" d="M0 0V7"/></pattern></defs>`;

/** Draws panels below each other as one SVG document. No script, no font to load, light and dark. */
export function svgChart(panels: readonly Panel[]): string {
  let top = 0;
  const parts = panels.map((panel) => {
    const drawn = drawPanel(panel, top);
    top += drawn.height;
    return drawn.svg;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img">`,
    `<title>${escaped(panels.map((panel) => panel.title).join('; '))}</title>`,
    `<style>${STYLE}</style>`,
    HATCH,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function drawPanel(panel: Panel, top: number): { svg: string; height: number } {
  const y = temperatureAxis(panel, 10);
  const x = timeAxis(panel, 9);
  const xOf = (timeMs: number) => clamp(((timeMs - x.min) / (x.max - x.min)) * PLOT_W, 0, PLOT_W);
  const yOf = (valueC: number) => clamp(((y.max - valueC) / (y.max - y.min)) * CHART_H, 0, CHART_H);
  const strips = (['door', 'defrost', 'stay'] as const).filter((kind) => panel.spans.some((s) => s.kind === kind));
  const below = CHART_H + MARGIN.bottom;
  const keys = legend(panel, below + strips.length * STRIP_H);
  const svg = [
    `<g transform="translate(${MARGIN.left} ${top + MARGIN.top})">`,
    `<text class="title" y="-16">${escaped(panel.title)}</text>`,
    ...bandRects(panel, yOf),
    ...gridLines(x, y, panel.zone, xOf, yOf),
    ...faultRects(panel.spans, xOf),
    ...panel.lines.map((line) => `<path class="line ${line.role}" d="${pathOf(line, xOf, yOf)}"/>`),
    `<rect class="frame" width="${PLOT_W}" height="${CHART_H}"/>`,
    ...strips.flatMap((kind, i) => strip(panel.spans, kind, below + i * STRIP_H, xOf)),
    ...keys.svg,
    '</g>',
  ];
  return { svg: svg.join('\n'), height: MARGIN.top + below + strips.length * STRIP_H + keys.height + 14 };
}

type Scale = (value: number) => number;

/** The profile's limits as bands: target, beyond alarm, beyond critical. */
function bandRects({ bands }: Panel, yOf: Scale): string[] {
  if (!bands) return [];
  const rect = (name: string, fromC: number, toC: number) => {
    const [y, height] = [yOf(toC), yOf(fromC) - yOf(toC)];
    return height > 0 ? `<rect class="${name}" y="${n(y)}" width="${PLOT_W}" height="${n(height)}"/>` : '';
  };
  const { targetC, alarmC, criticalC } = bands;
  return [
    rect('target', ...targetC),
    rect('alarm', alarmC[1], criticalC[1]),
    rect('alarm', criticalC[0], alarmC[0]),
    rect('critical', criticalC[1], 1000),
    rect('critical', -1000, criticalC[0]),
  ].filter((text) => text !== '');
}

function gridLines(x: Axis, y: Axis, zone: string, xOf: Scale, yOf: Scale): string[] {
  const rows = y.ticks.map((tick) => {
    const at = n(yOf(tick));
    return `<path class="grid" d="M0 ${at}H${PLOT_W}"/><text x="-8" y="${at}" dy=".35em" text-anchor="end">${tick}</text>`;
  });
  const columns = x.ticks.map((tick) => {
    const at = n(xOf(tick));
    const label = `<text x="${at}" y="${CHART_H + 16}" text-anchor="middle">${timeLabel(tick, zone)}</text>`;
    return `<path class="grid" d="M${at} 0V${CHART_H}"/>${label}`;
  });
  const units = [
    '<text class="unit" x="-8" y="-12" text-anchor="end">°C</text>',
    `<text class="unit" x="${PLOT_W}" y="-6" text-anchor="end">times at UTC${escaped(zone)}</text>`,
  ];
  return [...rows, ...columns, ...units];
}

function faultRects(spans: readonly Span[], xOf: Scale): string[] {
  const faults = spans.filter((span) => span.kind === 'fault');
  return faults.map(({ fromMs, toMs, label }, i) => {
    const at = xOf(fromMs);
    const width = Math.max(2, xOf(toMs) - at);
    // Labels of faults that overlap stand below each other.
    const text = `<text class="named" x="${n(Math.min(at + 4, PLOT_W - 120))}" y="${14 + 14 * (i % 5)}">${escaped(label)}</text>`;
    return `<rect class="fault" x="${n(at)}" width="${n(width)}" height="${CHART_H}"/>${text}`;
  });
}

/** A strip below the axis: when the door was open, when the unit defrosted, where the batch was. */
function strip(spans: readonly Span[], kind: Span['kind'], y: number, xOf: Scale): string[] {
  const bars = spans
    .filter((span) => span.kind === kind)
    .map(({ fromMs, toMs, label }) => {
      const [at, width] = [xOf(fromMs), Math.max(1, xOf(toMs) - xOf(fromMs))];
      const fits = kind === 'stay' && width > 7 * label.length;
      const name = fits ? `<text x="${n(at + 4)}" y="${y + 11}" font-size="11">${escaped(label)}</text>` : '';
      const bar = `x="${n(at)}" y="${y}" width="${n(width)}" height="${STRIP_H - 3}"`;
      return `<rect class="${kind}" ${bar}><title>${escaped(label)}</title></rect>${name}`;
    });
  return [`<text x="-8" y="${y + 11}" text-anchor="end">${kind === 'stay' ? 'where' : kind}</text>`, ...bars];
}

/** Keys to lines and bands, in as many rows as it takes. */
function legend({ lines, bands, spans }: Panel, top: number): { svg: string[]; height: number } {
  const keys = lines.map(({ role, name }) => ({ name, mark: `<path class="line ${role}" d="M0 -4h22"/>` }));
  const patch = (style: string, name: string) => {
    keys.push({ name, mark: `<rect class="${style}" y="-10" width="22" height="12"/>` });
  };
  if (bands) {
    patch('target', `target ${bands.targetC.join(' to ')} °C`);
    patch('alarm', 'beyond alarm');
    patch('critical', 'beyond critical');
  }
  if (spans.some((span) => span.kind === 'fault')) patch('fault', 'fault');
  let [x, row] = [0, 1];
  const svg = keys.map(({ name, mark }) => {
    const width = 40 + 6.6 * name.length;
    if (x + width > PLOT_W) [x, row] = [0, row + 1];
    const at = `${n(x)} ${top + row * LEGEND_ROW_H}`;
    x += width;
    return `<g transform="translate(${at})">${mark}<text x="27">${escaped(name)}</text></g>`;
  });
  return { svg, height: row * LEGEND_ROW_H };
}

function pathOf({ timeMs, valueC }: Line, xOf: Scale, yOf: Scale): string {
  let path = '';
  let isDown = false;
  for (let i = 0; i < timeMs.length; i++) {
    const value = valueC[i]!;
    if (Number.isNaN(value)) {
      isDown = false;
      continue;
    }
    path += `${isDown ? 'L' : 'M'}${n(xOf(timeMs[i]!))} ${n(yOf(value))}`;
    isDown = true;
  }
  return path;
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
/** Tenths of a pixel are enough. */
const n = (value: number) => Math.round(value * 10) / 10;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]!);
