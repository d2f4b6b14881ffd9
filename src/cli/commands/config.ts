import { Command } from '@commander-js/extra-typings';
import { stringify } from 'yaml';
import { type Config, envVariable, loadConfig, settingPaths } from '../../config.ts';
import { loadRegistry } from '../../registry-file.ts';

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
    .description('check the configuration and its registry, and connect to nothing')
    .option('-c, --config <file>', 'configuration, YAML or JSON')
    .action(async (options) => {
      const config = await loadConfig({ file: options.config, env: process.env });
      await loadRegistry(config.registry);
      process.stdout.write('valid\n');
    });
  return command as unknown as Command;
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
