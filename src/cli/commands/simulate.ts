import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { planOf, type RunOptions, type Summary, startSimulation, writeSimulation } from '../../../simulators/main.ts';
import { OUTPUT_FORMATS } from '../../../simulators/output/registry.ts';
import type { Speed } from '../../../simulators/pace.ts';
import { registryOf } from '../../../simulators/registry.ts';
import { progressText, summaryText } from '../simulation-progress.ts';
import { StatusLine } from '../status-line.ts';
import { stopSignal } from '../stop-signal.ts';

/** World seconds a second over MQTT, where people watch; text formats run as fast as they can. */
const MQTT_SPEED = 60;

const TEXT_FORMATS = OUTPUT_FORMATS.map((format) => format.name);

/** Options that mean something over MQTT only. */
const MQTT_ONLY = ['broker', 'encoding', 'anonymous'] as const;

/** `coldtrail simulate`: runs a scenario and publishes it over MQTT, or writes it to stdout. */
export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('run a simulated fleet: publish it over MQTT, or write it to stdout')
    .option(
      '-f, --file <scenario>',
      'scenario: the name of a shipped one (`coldtrail ls scenarios`), or a file',
      'demo',
    )
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
    .option('--registry', 'print the registry of scenario and seed (JSON, secrets hashed) and exit')
    .addHelpText(
      'after',
      `\nFormats on stdout:\n${OUTPUT_FORMATS.map((f) => `  ${f.name.padEnd(8)}${f.doc}`).join('\n')}`,
    );

  command.action(async (options) => {
    const { format, broker: url, anonymous, encoding } = options;
    const useless = MQTT_ONLY.find((name) => command.getOptionValueSource(name) === 'cli');
    if (format !== 'mqtt' && useless) command.error(`error: --${useless} has no meaning with --format ${format}`);
    const plan = planOf({ scenario: options.file, seed: options.seed, startMs: options.start });
    if (options.registry) {
      process.stdout.write(`${JSON.stringify(registryOf(plan), null, 2)}\n`);
      return;
    }
    await runShown(options.speed ?? (format === 'mqtt' ? MQTT_SPEED : 'max'), (run) =>
      format === 'mqtt'
        ? startSimulation({ plan }, { url, anonymous, encoding }, run)
        : writeSimulation({ plan }, { format, stream: process.stdout }, run),
    );
  });
  return command as unknown as Command;
}

/** Runs with progress on stderr; drains at the first SIGINT or SIGTERM. */
async function runShown(speed: Speed, simulate: (run: RunOptions) => Promise<Summary>): Promise<void> {
  const stop = stopSignal();
  const status = new StatusLine(process.stderr);
  try {
    const onProgress: RunOptions['onProgress'] = (progress) => status.show(progressText(progress));
    const summary = await simulate({ speed, signal: stop.signal, onProgress });
    status.end();
    // Neither complete nor stopped by anyone: the reader of stdout went away, as `head` does.
    if (summary.complete || stop.signal.aborted) process.stderr.write(`${summaryText(summary)}\n`);
  } finally {
    status.end();
    stop.release();
  }
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  }
  return seed;
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

function timeOf(text: string): number {
  const timeMs = RFC_3339.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  if (Number.isNaN(timeMs)) {
    throw new InvalidArgumentError('It must be a time with its offset, like 2026-08-21T06:00:00+08:00.');
  }
  return timeMs;
}

function speedOf(text: string): Speed {
  if (text === 'max') return 'max';
  const speed = Number(text);
  if (text.trim() === '' || !Number.isFinite(speed) || speed <= 0) {
    throw new InvalidArgumentError('It must be a number above 0, or max.');
  }
  return speed;
}
