import { describe, expect, it } from 'vitest';
import { svgChart } from '../../../simulators/plot/svg.ts';
import { toyPanel } from './toy-panel.ts';

/** Names of elements that are open at the end, or the first that closes what is not open. */
function unbalanced(svg: string): string[] {
  const open: string[] = [];
  for (const [, slash, name, selfClosed] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (selfClosed) continue;
    if (!slash) open.push(name!);
    else if (open.pop() !== name) return [`/${name}`];
  }
  return open;
}

describe('svgChart', () => {
  it('is well formed, and text in it is escaped', () => {
    const svg = svgChart([toyPanel(), toyPanel({ title: 'Truck 2' })]);
    expect(unbalanced(svg)).toEqual([]);
    expect(svg).toContain('Truck 1 &lt;cold &amp; dry&gt;');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg.match(/class="title"/g)).toHaveLength(2);
  });

  it('has axes with times of the zone, a legend, bands, the fault and the door', () => {
    const svg = svgChart([toyPanel()]);
    for (const text of ['08-21 09:00', 'times at UTC+08:00', 'pulp, door side', 'target -1 to 0 °C', 'unit-failure']) {
      expect(svg).toContain(`>${text}</text>`);
    }
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).toMatch(/<rect class="critical"/);
    // From a quarter to half of a plot 1120 wide.
    expect(svg).toMatch(/<rect class="fault" x="280" width="280"/);
    expect(svg).toMatch(/<rect class="door" x="0" y="374" width="46.7"/);
  });

  it('a fault is hatched, not coloured: it lies over bands of every colour', () => {
    const svg = svgChart([toyPanel()]);
    expect(svg).toMatch(/\.fault\{fill:url\(#fault-hatch\)/);
    expect(svg.match(/<pattern id="fault-hatch"/g)).toHaveLength(1);
    expect(svg).toMatch(/\.hatch\{stroke:currentColor/);
  });

  it('a hole in a line is not drawn over', () => {
    const path = /class="line pulp-rear" d="([^"]*)"/.exec(svgChart([toyPanel()]))![1]!;
    expect(path.match(/M/g)).toHaveLength(2);
  });
});
