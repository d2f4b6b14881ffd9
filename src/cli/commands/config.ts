import { Command } from '@commander-js/extra-typings';
import { stringify } from 'yaml';
import { type Config, envVariable, loadConfig, settingPaths } from '../../config.ts';
import type { RuleBook } from '../../produce/rule-book.ts';
import { loadRegistry } from '../../registry-file.ts';
import { refuseBeyondRetention, rulesInForce } from '../../rules-in-force.ts';
import { openFrameStore } from '../../stores.ts';

/** `coldtrail config`: shows and checks the configuration that the other commands would use. */
export function configCommand(): Command {
  const command = new Command('config').description('show or check the configuration');
  command
    .command('print')
    .description('print the configuration in force, secrets hidden')
    .option('-c, --config <file>', 'configuration, YAML or JSON')
    .option('--env', 'list the environment variable of every setting instead')
    .action(async (options) => {
      if (options.env) {
        for (const path of settingPaths()) process.stdout.write(`${envVariable(path)}\t${path.join('.')}\n`);
        return;
      }
      const config = await loadConfig({ file: options.config, env: process.env });
      process.stdout.write(stringify(withoutSecrets(config)));
    });
  command
    .command('validate')
    .description('check the configuration, its registry and its packs of rules, and connect to nothing')
    .option('-c, --config <file>', 'configuration, YAML or JSON')
    .option('--connect', 'ask the frame store too: whether it keeps frames for as long as rules look back on them')
    .action(async (options) => {
      const config = await loadConfig({ file: options.config, env: process.env });
      await loadRegistry(config.registry);
      const rules = rulesInForce(config);
      if (options.connect) await checkStore(config, rules);
      process.stdout.write('valid\n');
    });
  return command as unknown as Command;
}

async function checkStore(config: Config, rules: RuleBook): Promise<void> {
  if (config.store.kind === 'sqlite') return; // keeps everything, and may not be there yet
  const store = await openFrameStore(config, { readOnly: true });
  try {
    await refuseBeyondRetention(rules, store);
  } finally {
    await store.close();
  }
}

function withoutSecrets(config: Config): unknown {
  const shown = structuredClone(config) as {
    broker: { url?: string };
    store: { url?: string; token?: string; password?: string };
    alerts: { webhook: { url?: string; secret?: string } };
  };
  for (const section of [shown.broker, shown.store]) if (section.url) section.url = withoutPassword(section.url);
  if (shown.store.token) shown.store.token = '***';
  if (shown.store.password) shown.store.password = '***';
  const { webhook } = shown.alerts;
  if (webhook.url) webhook.url = `${new URL(webhook.url).origin}/***`; // its path often is its secret
  if (webhook.secret) webhook.secret = '***';
  return shown;
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = '***';
  return url.href;
}
