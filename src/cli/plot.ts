import { writeFileSync } from 'node:fs';
import { type Plot, plotSlices } from '../../simulators/plot/plot.ts';
import { svgChart } from '../../simulators/plot/svg.ts';
import { terminalChart } from '../../simulators/plot/terminal.ts';
import { planOf, type ScenarioSource, twinOf } from '../../simulators/source.ts';
import { monotonicMs } from '../lib/clock.ts';
import { stdoutColour } from './colour.ts';
import { inTurns } from './in-turns.ts';
import { shareText } from './simulation-progress.ts';
import type { StatusLine } from './status-line.ts';

export interface PlotOptions {
  /** Where the SVG goes; null: the scenario's name in the working directory. */
  readonly file: string | null;
  /** Key of the asset; null: the one with the worst fault. */
  readonly asset: string | null;
  /** Where the charts are drawn in text. */
  readonly stream: NodeJS.WriteStream;
}

const COLUMNS_DEFAULT = 100;

/** Draws the scenario's true temperatures in the terminal and into an SVG file. Ends early where the signal says so. */
export async function plotScenario(
  source: ScenarioSource,
  options: PlotOptions,
  run: { readonly signal: AbortSignal; readonly status: StatusLine },
): Promise<void> {
  const plan = planOf(source);
  const beganMs = monotonicMs();
  const work = plotSlices(plan, twinOf(source), options.asset);
  const plot = await inTurns(work, run.signal, (share) => {
    run.status.show(shareText('drawing', share, monotonicMs() - beganMs));
  });
  run.status.end();
  if (!plot) return;
  options.stream.write(textOf(plot, options.stream));
  const file = options.file ?? `${plan.scenario}.svg`;
  writeFileSync(file, svgChart(plot.panels));
  process.stderr.write(`wrote ${file}\n`);
}

function textOf({ panels }: Plot, stream: NodeJS.WriteStream): string {
  const style = {
    columns: stream.columns ?? COLUMNS_DEFAULT,
    unicode: isUtf8(process.env),
    colour: stream === process.stdout && stdoutColour(),
  };
  return panels.map((panel) => terminalChart(panel, style)).join('\n');
}

/** POSIX: the first of these that is set decides. Where none is, plain ASCII is safe anywhere. */
function isUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}
