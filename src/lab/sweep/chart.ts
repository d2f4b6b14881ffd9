import type { Against, PointScore } from './front.ts';

const WIDTH = 720;
const HEIGHT = 480;
const LEFT = 70;
const BOTTOM = 50;
const TOP = 30;
const RIGHT = 20;

/** Every point of a sweep as SVG: false alarms to the right, the other cost upwards, the front as a line. */
export function sweepChart(scores: readonly PointScore[], against: Against): string {
  const drawn = scores.flatMap((score) => {
    const x = score.falseAlarmsPer100DeviceDays;
    const y = against === 'delay' ? score.delayMedianMin : score.missedHarmTonneDays;
    return x === null || y === null ? [] : [{ x, y, score }];
  });
  const xMax = niceMax(drawn.map(({ x }) => x));
  const yMax = niceMax(drawn.map(({ y }) => y));
  const px = (x: number) => (LEFT + (x / xMax) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const py = (y: number) => (HEIGHT - BOTTOM - (y / yMax) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const dots = drawn.map(({ x, y, score }) => {
    const params = Object.entries(score.params).map(([path, value]) => `${path} ${value}`);
    const title = `${params.join(', ')}: recall ${score.recall?.toFixed(3) ?? '–'}`;
    const style = score.onFront ? 'r="4" fill="#c0392b"' : 'r="2.5" fill="#7f8c8d"';
    return `<circle cx="${px(x)}" cy="${py(y)}" ${style}><title>${escaped(title)}</title></circle>`;
  });
  const front = drawn.filter(({ score }) => score.onFront).sort((a, b) => a.x - b.x || b.y - a.y);
  const line = front.map(({ x, y }) => `${px(x)},${py(y)}`).join(' ');
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    text(px(share * xMax), String(HEIGHT - BOTTOM + 18), 'middle', tickText(share * xMax)),
    text(String(LEFT - 8), py(share * yMax), 'end', tickText(share * yMax)),
  ]);
  const yTitle = against === 'delay' ? 'median delay, min' : 'missed harm, tonne-days a seed';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="black"/>`,
    ...ticks,
    text(String((WIDTH + LEFT) / 2), String(HEIGHT - 10), 'middle', 'false alarms per 100 device-days'),
    text(String(LEFT), String(TOP - 12), 'start', yTitle),
    `<polyline points="${line}" fill="none" stroke="#c0392b"/>`,
    ...dots,
    '</svg>',
    '',
  ].join('\n');
}

/** The end of an axis: 1, 2 or 5 times a power of ten, at or above all values. */
function niceMax(values: readonly number[]): number {
  const max = Math.max(0, ...values);
  if (max === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  return [1, 2, 5, 10].map((n) => n * power).find((end) => end >= max) ?? 10 * power;
}

const tickText = (value: number) => String(Number(value.toPrecision(3)));
const escaped = (s: string) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (x: string, y: string, anchor: string, content: string) =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(content)}</text>`;
