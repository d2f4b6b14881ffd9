import { Argument, Command } from '@commander-js/extra-typings';
import { listScenarios } from '../../../simulators/scenario/load.ts';
import { listRules } from '../../detect/rules/registry.ts';
import { listProfiles } from '../../produce/profiles.ts';
import { plainTable } from '../../trace/plain-table.ts';
import { lsBatchesCommand } from '../ls-batches.ts';

interface Listing {
  readonly head: string[];
  readonly rows: () => string[][];
}

const LISTINGS = {
  scenarios: {
    head: ['scenario', 'description'],
    rows: () => listScenarios().map(({ name, description }) => [name, description]),
  },
  rules: {
    head: ['rule', 'description'],
    rows: () => listRules().map(({ name, doc }) => [name, doc]),
  },
  profiles: {
    head: ['profile', 'rule', 'severity', 'channels', 'assets', 'parameters'],
    rows: () =>
      listProfiles().flatMap((profile) =>
        profile.rules.map((rule) => [
          profile.name,
          rule.name,
          rule.severity,
          rule.channels.join(', '),
          rule.assets.join(', '),
          Object.entries(rule.params as Record<string, unknown>)
            .map(([name, value]) => `${name} ${value}`)
            .join(', '),
        ]),
      ),
  },
} satisfies Record<string, Listing>;

/** `coldtrail ls`: what ships with the program, and the batches of a data directory. */
export function lsCommand(): Command {
  const command = new Command('ls')
    .description('list what ships with the program, or batches')
    .addCommand(lsBatchesCommand())
    .addArgument(new Argument('<what>').choices(Object.keys(LISTINGS) as (keyof typeof LISTINGS)[]))
    .option('--json', 'rows as JSON objects')
    .action((what, options) => {
      const { head, rows }: Listing = LISTINGS[what];
      if (options.json) {
        const objects = rows().map((row) => Object.fromEntries(row.map((cell, i) => [head[i]!, cell])));
        process.stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
        return;
      }
      const table = plainTable(head);
      for (const row of rows()) table.push(row.map(wrapped));
      process.stdout.write(`${table.toString()}\n`);
    });
  return command as unknown as Command;
}

const CELL_WIDTH_MAX = 72;

/** Breaks a sentence between words, so that a table of sentences still fits a terminal. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= CELL_WIDTH_MAX) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines.join('\n');
}
