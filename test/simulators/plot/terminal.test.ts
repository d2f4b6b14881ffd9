import { describe, expect, it } from 'vitest';
import { terminalChart } from '../../../simulators/plot/terminal.ts';
import { toyPanel } from './toy-panel.ts';

const plain = { columns: 100, unicode: false, colour: false };
const rich = { columns: 100, unicode: true, colour: true };
const rowsOf = (text: string) => text.trimEnd().split('\n');
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colour is made of
const COLOUR = /\u001b\[\d+m/g;

describe('terminalChart', () => {
  it('is plain ASCII where nothing else is safe, each line with its letter', () => {
    const text = terminalChart(toyPanel(), plain);
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    const chart = rowsOf(text).filter((row) => row.includes('|'));
    expect(chart.some((row) => row.includes('d'))).toBe(true);
    expect(chart.some((row) => row.includes('s'))).toBe(true);
    expect(text).toContain('d pulp, door side');
  });

  it('keeps within the terminal, with colour or without', () => {
    for (const style of [plain, rich, { ...rich, columns: 60 }]) {
      const rows = rowsOf(terminalChart(toyPanel(), style)).slice(1, -1);
      for (const row of rows) expect(row.replace(COLOUR, '').length).toBeLessThanOrEqual(style.columns);
    }
  });

  it('draws braille in colour', () => {
    const text = terminalChart(toyPanel(), rich);
    expect(text).toMatch(/[\u2801-\u28ff]/);
    expect(text).toMatch(COLOUR);
  });

  it('a line that rises goes up from left to right, and its hole stays open', () => {
    const { lines } = toyPanel();
    const chart = rowsOf(terminalChart(toyPanel({ lines: [lines[1]!], bands: null }), plain)).filter((row) =>
      row.includes('|'),
    );
    const columns = chart.map((row) => row.indexOf('d')).filter((column) => column >= 0);
    expect(columns.length).toBeGreaterThan(10);
    expect(columns).toEqual([...columns].sort((a, b) => b - a));
    const filled = new Set(chart.flatMap((row) => [...row].flatMap((letter, i) => (letter === 'd' ? [i] : []))));
    const start = Math.min(...filled);
    const missing = Array.from({ length: Math.max(...filled) - start }, (_, i) => start + i).filter(
      (i) => !filled.has(i),
    );
    // Two hours of 24, on 91 columns, less the columns at its edges.
    expect(missing.length).toBeGreaterThanOrEqual(5);
  });

  it('marks faults and doors below the axis', () => {
    const rows = rowsOf(terminalChart(toyPanel(), plain));
    const fault = rows.find((row) => row.trimStart().startsWith('fault'))!;
    const door = rows.find((row) => row.trimStart().startsWith('door'))!;
    expect(fault).toContain('unit-failure');
    expect(fault.slice(8).search(/\S/)).toBe(Math.round((90 * 6) / 24));
    expect(door.slice(8)).toBe('#####');
  });
});
