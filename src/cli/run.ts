import { Command, CommanderError } from '@commander-js/extra-typings';
import { ColdtrailError } from '../lib/errors.ts';
import { VERSION } from '../version.ts';

/** The commands, in the order of the help text; loaded one at a time, since each brings its own libraries. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  init: async () => (await import('./commands/init.ts')).initCommand(),
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand(),
  trace: async () => (await import('./commands/trace.ts')).traceCommand(),
  alerts: async () => (await import('./commands/alerts.ts')).alertsCommand(),
  'dead-letters': async () => (await import('./commands/dead-letters.ts')).deadLettersCommand(),
  rebuild: async () => (await import('./commands/rebuild.ts')).rebuildCommand(),
  lab: async () => (await import('./commands/lab.ts')).labCommand(),
  rules: async () => (await import('./commands/rules.ts')).rulesCommand(),
  ls: async () => (await import('./commands/ls.ts')).lsCommand(),
  config: async () => (await import('./commands/config.ts')).configCommand(),
};

const EXIT_FAILURE = 2;

/**
 * Runs the command line. Exit codes: 0 ok, 1 a breach with --fail-on-breach, 2 usage or failure.
 * Data goes to stdout, everything else to stderr.
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  const program = new Command('coldtrail')
    .description('cold-chain traceability simulator: fleet → MQTT → breaches → trace of a batch')
    .version(VERSION)
    .exitOverride();
  const name = argv[2] ?? '';
  const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  for (const load of asked ? [asked] : Object.values(COMMANDS)) {
    const command = await load();
    overrideExit(command);
    program.addCommand(command);
  }
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_FAILURE;
    report(error);
    return EXIT_FAILURE;
  }
}

/** commander ends the process by itself unless every command is told not to. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) overrideExit(child as unknown as Command);
}

function report(error: unknown): void {
  if (error instanceof ColdtrailError) {
    process.stderr.write(`${error.code}: ${error.message}\n`);
    if (error.hint) process.stderr.write(`→ ${error.hint}\n`);
    return;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
