import { Command, Option } from '@commander-js/extra-typings';
import { loadConfig } from '../../config.ts';
import { ruleParams } from '../../detect/rules/registry.ts';
import { checkPack } from '../../produce/pack/check.ts';
import { parsePack } from '../../produce/packs.ts';
import { listProfiles, produceNamed } from '../../produce/profiles.ts';
import { readText } from '../../produce/rule-file.ts';
import { rulesInForce } from '../../rules-in-force.ts';
import { explain, explainPack } from '../explain/explanation.ts';
import { renderExplanation } from '../explain/render.ts';

/** `coldtrail rules`: what a rule or a pack of rules does, and who says so. */
export function rulesCommand(): Command {
  const command = new Command('rules').description('explain rules and packs of rules');
  command
    .command('explain')
    .description('what a rule watches, its parameters, when it raises and clears, and its source')
    .argument(
      '<name|file>',
      'a rule, a pack, a rule of a pack such as pulp-high, a profile, or the file of a pack, which is checked',
    )
    .addOption(
      new Option('--produce <name>', 'whose limits are shown where a pack names one')
        .choices(listProfiles().map(({ name }) => name))
        .default('prune'),
    )
    .option('--json', 'as JSON')
    .option('-c, --config <file>', 'configuration that puts packs of rules in force')
    .action(async (name, options) => {
      const { limits } = produceNamed(options.produce)!;
      const explanation = /\.(ya?ml|json)$/.test(name)
        ? explainPack(
            parsePack(readText(name), name, (pack) => checkPack(pack, limits, ruleParams())),
            limits,
          )
        : explain(name, rulesInForce(await loadConfig({ file: options.config, env: process.env })), limits);
      process.stdout.write(options.json ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation));
    });
  return command as unknown as Command;
}
