import { Argument, Command } from '@commander-js/extra-typings';
import { listScenarios } from '../../../simulators/scenario/load.ts';
import { loadConfig } from '../../config.ts';
import { listRules } from '../../detect/rules/registry.ts';
import type { RuleBook } from '../../produce/rule-book.ts';
import { rulesInForce } from '../../rules-in-force.ts';
import { inCell } from '../../trace/hanging.ts';
import { plainTable } from '../../trace/plain-table.ts';
import { lsBatchesCommand } from '../ls-batches.ts';

interface Listing {
  readonly head: string[];
  readonly rows: (rules: RuleBook) => string[][];
  /** The widest that a cell gets, so that the table fits a terminal of 100 columns. */
  readonly cellWidth?: number;
}

const LISTINGS = {
  scenarios: {
    head: ['scenario', 'description'],
    rows: () => listScenarios().map(({ name, description }) => [name, description]),
  },
  rules: {
    head: ['rule', 'stratum', 'description', 'packs'],
    rows: (rules) =>
      listRules().map(({ name, stratum, doc }) => [name, stratum, firstWords(doc), packsWith(name, rules).join(', ')]),
    cellWidth: 29,
  },
  packs: {
    head: ['pack', 'title', 'rules', 'watches', 'from'],
    rows: (rules) =>
      rules.listPacks().map(({ pack, file, isOwn }) => {
        const watched = rules.profiles.filter(({ name }) => rules.packsOf(name).some((one) => one.pack === pack));
        const produce = watched.map(({ name }) => name).join(', ');
        return [pack.name, pack.title, String(pack.rules.length), produce, isOwn ? file : 'shipped'];
      }),
    cellWidth: 26,
  },
  profiles: {
    head: ['profile', 'rule', 'severity', 'channels', 'assets', 'parameters'],
    rows: (rules) =>
      rules.profiles.flatMap((profile) =>
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

/** What a rule is about: its doc begins with it. */
const firstWords = (doc: string): string => doc.split(':')[0]!;

/** Names of the packs that use a rule. */
function packsWith(rule: string, rules: RuleBook): string[] {
  const packs = rules.listPacks().filter(({ pack }) => pack.rules.some((used) => used.rule === rule));
  return packs.map(({ pack }) => pack.name);
}

/** `coldtrail ls`: what ships with the program or is configured, and the batches of a data directory. */
export function lsCommand(): Command {
  const command = new Command('ls')
    .description('list what ships with the program and which rules are in force, or batches')
    .addCommand(lsBatchesCommand())
    .addArgument(new Argument('<what>').choices(Object.keys(LISTINGS) as (keyof typeof LISTINGS)[]))
    .option('--json', 'rows as JSON objects')
    .option('-c, --config <file>', 'configuration that puts packs of rules in force')
    .action(async (what, options) => {
      const { head, rows: rowsOf, cellWidth = CELL_WIDTH_MAX }: Listing = LISTINGS[what];
      const rows = rowsOf(rulesInForce(await loadConfig({ file: options.config, env: process.env })));
      if (options.json) {
        const objects = rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i]!, cell])));
        process.stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
        return;
      }
      const table = plainTable(head);
      for (const row of rows) table.push(row.map((cell) => inCell(cell, cellWidth)));
      process.stdout.write(`${table.toString()}\n`);
    });
  return command as unknown as Command;
}

const CELL_WIDTH_MAX = 72;
