import { availableParallelism } from 'node:os';
import { Command, Option } from '@commander-js/extra-typings';
import { digestSimulation } from '../../../simulators/digest.ts';
import { type RunOptions, type Summary, startSimulation, writeSimulation } from '../../../simulators/main.ts';
import { OUTPUT_FORMATS } from '../../../simulators/output/registry.ts';
import { TextSink } from '../../../simulators/output/text-sink.ts';
import { registryOf } from '../../../simulators/registry.ts';
import { planOf, type ScenarioSource } from '../../../simulators/source.ts';
import { TRUTH_EVERY_MS } from '../../../simulators/truth/recorder.ts';
import { TruthRecording } from '../../../simulators/truth/recording.ts';
import { temperatureRows } from '../../../simulators/truth/temperature-rows.ts';
import { plotScenario } from '../plot.ts';
import { seedOf, speedOf, svgFileOf, timeOf, truthEveryOf, workersOf } from '../simulate-options.ts';
import { energyText, progressText, summaryText, truthSizeText } from '../simulation-progress.ts';
import { StatusLine } from '../status-line.ts';
import { stopSignal } from '../stop-signal.ts';

/** World seconds a second over MQTT, where people watch; text formats run as fast as they can. */
const MQTT_SPEED = 60;

const TEXT_FORMATS = OUTPUT_FORMATS.map((format) => format.name);

/** Options that mean something over MQTT only. */
const MQTT_ONLY = ['broker', 'encoding', 'anonymous'] as const;

/** `coldtrail simulate`: runs a scenario and publishes it over MQTT, writes it to stdout, or draws it. */
export function simulateCommand(): Command {
  const command = optionsOf(new Command('simulate'));
  command.action(async (options) => {
    const { format, broker: url, anonymous, encoding } = options;
    const isGiven = (name: string) => command.getOptionValueSource(name as 'format') === 'cli';
    const useless = uselessOption(isGiven, format);
    if (useless) command.error(`error: ${useless}`);
    const scenario = options.season ? 'season' : options.file;
    const source: ScenarioSource = { scenario, seed: options.seed, startMs: options.start };
    if (options.registry) {
      process.stdout.write(`${JSON.stringify(registryOf(planOf(source)), null, 2)}\n`);
      return;
    }
    // To look at a scenario takes no broker: drawing alone publishes nothing unless that is asked for.
    const isRun = !options.plot || ['format', 'speed', 'truth', ...MQTT_ONLY].some(isGiven);
    try {
      if (isRun) {
        const speed = options.speed ?? (format === 'mqtt' ? MQTT_SPEED : 'max');
        const truth = options.truth === undefined ? null : { dir: options.truth, everyMs: options.truthEvery };
        await runShown(source, speed, truth, (run) => {
          if (format === 'none') return writeDigest(source, options.workers ?? availableParallelism(), run);
          return format === 'mqtt'
            ? startSimulation({ plan: planOf(source) }, { url, anonymous, encoding }, run)
            : writeSimulation({ plan: planOf(source) }, { format, stream: process.stdout }, run);
        });
      }
      if (options.plot) {
        const stream = isRun && format !== 'mqtt' ? process.stderr : process.stdout;
        const file = typeof options.plot === 'string' ? options.plot : null;
        await drawShown(source, { file, asset: options.plotAsset ?? null, stream });
      }
    } catch (error) {
      if (!isFileError(error)) throw error;
      command.error(`error: cannot write: ${error.message}`);
    }
  });
  return command as unknown as Command;
}

function optionsOf(command: Command) {
  return command
    .description('run a simulated fleet: publish it over MQTT, write it to stdout, or draw it')
    .option(
      '-f, --file <scenario>',
      'scenario: the name of a shipped one (`coldtrail ls scenarios`), or a file',
      'demo',
    )
    .addOption(new Option('--season', 'the whole harvest: the same as -f season').conflicts('file'))
    .option('--seed <n>', "random seed, a whole number (default: the scenario's)", seedOf)
    .option('--start <time>', "world time at the start, RFC 3339 (default: the scenario's)", timeOf)
    .option('--speed <n|max>', `world seconds a second (default: ${MQTT_SPEED} over MQTT, else max)`, speedOf)
    .addOption(
      new Option('--broker <url>', 'MQTT broker; a user and password in it serve all connections')
        .env('COLDTRAIL_BROKER_URL')
        .default('mqtt://127.0.0.1:1883'),
    )
    .addOption(
      new Option('--format <name>', 'publish over mqtt, or write to stdout')
        .choices(['mqtt', ...TEXT_FORMATS])
        .default('mqtt'),
    )
    .addOption(
      new Option('--encoding <name>', 'how SenML packs are encoded over MQTT')
        .choices(['json', 'cbor'] as const)
        .default('json' as const),
    )
    .option('--anonymous', 'connect without credentials')
    .option('--workers <n>', 'threads, with --format none (default: one for each core)', workersOf)
    .option('--truth <dir>', 'write what truly happened into a directory, NDJSON and Parquet')
    .addOption(
      new Option('--truth-every <duration>', 'resolution of true temperatures')
        .argParser(truthEveryOf)
        .default(TRUTH_EVERY_MS, '15m'),
    )
    .option('--plot [file.svg]', 'draw true temperatures here and as SVG; publishes only with --format', svgFileOf)
    .option('--plot-asset <key>', 'asset to draw (default: the one with the worst fault)')
    .option('--registry', 'print the registry of scenario and seed (JSON, secrets hashed) and exit')
    .addHelpText(
      'after',
      `\nFormats on stdout:\n${OUTPUT_FORMATS.map((f) => `  ${f.name.padEnd(8)}${f.doc}`).join('\n')}`,
    );
}

/** Why an option that was given makes no sense beside the others; undefined where all do. */
function uselessOption(isGiven: (name: string) => boolean, format: string): string | undefined {
  const foreign = MQTT_ONLY.find(isGiven);
  if (format !== 'mqtt' && foreign) return `--${foreign} has no meaning with --format ${format}`;
  if (isGiven('workers') && format !== 'none') return `--workers has no meaning with --format ${format}`;
  if (isGiven('workers') && isGiven('truth')) return '--workers has no meaning with --truth: it watches one thread';
  if (isGiven('truthEvery') && !isGiven('truth')) return '--truth-every has no meaning without --truth';
  if (isGiven('plotAsset') && !isGiven('plot')) return '--plot-asset has no meaning without --plot';
  return undefined;
}

/** Runs with progress on stderr and the truth beside it; drains at the first SIGINT or SIGTERM. */
async function runShown(
  source: ScenarioSource,
  speed: RunOptions['speed'],
  truth: { readonly dir: string; readonly everyMs: number } | null,
  simulate: (run: RunOptions) => Promise<Summary>,
): Promise<void> {
  const stop = stopSignal();
  const status = new StatusLine(process.stderr);
  const recording = truth && new TruthRecording(source, truth.dir, truth.everyMs);
  try {
    const onProgress: RunOptions['onProgress'] = (progress) => status.show(progressText(progress));
    const record: RunOptions['record'] = recording
      ? (plan, world) => {
          const size = truthSizeText(temperatureRows(plan, recording.everyMs));
          if (size !== null) process.stderr.write(`${size}\n`);
          return recording.record(plan, world);
        }
      : undefined;
    const summary = await simulate({ speed, signal: stop.signal, onProgress, record });
    status.end();
    const truthRecord = recording?.end();
    // Neither complete nor stopped by anyone: the reader of stdout went away, as `head` does.
    if (summary.complete || stop.signal.aborted) process.stderr.write(`${summaryText(summary)}\n`);
    if (truthRecord) process.stderr.write(`${energyText(truthRecord.assets)}\n`);
    if (truth) process.stderr.write(`wrote the truth into ${truth.dir}\n`);
  } finally {
    status.end();
    stop.release();
  }
}

/** Writes one line, the digest of the whole run; nothing where it was stopped. */
async function writeDigest(source: ScenarioSource, workers: number, run: RunOptions): Promise<Summary> {
  const sink = new TextSink(process.stdout);
  const summary = await digestSimulation(source, { ...run, workers });
  if (summary.digest !== null) await sink.write(`${summary.digest}\n`);
  await sink.flush();
  return summary;
}

async function drawShown(source: ScenarioSource, options: Parameters<typeof plotScenario>[1]): Promise<void> {
  const stop = stopSignal();
  const status = new StatusLine(process.stderr);
  try {
    await plotScenario(source, options, { signal: stop.signal, status });
  } finally {
    status.end();
    stop.release();
  }
}

/** A directory that cannot be made, a file that cannot be written: the user's to mend, no fault of the program. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  return error instanceof Error && code !== undefined && (path !== undefined || syscall === 'write');
}
