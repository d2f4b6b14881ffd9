import { writeFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import { scenarioTemplate } from '../scenario-template.ts';

/** `coldtrail init`: writes a commented scenario to start from. */
export function initCommand(): Command {
  const command = new Command('init')
    .description('write a commented scenario to start from')
    .argument('[file]', 'where to', 'scenario.yaml')
    .option('--force', 'replace the file where it is there already');
  command.action((file, { force }) => {
    try {
      // `wx` refuses what exists in the same step as it creates: nothing can come in between.
      writeFileSync(file, scenarioTemplate(), { flag: force ? 'w' : 'wx' });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') command.error(`error: ${file} is there already; --force replaces it`);
      command.error(`error: cannot write ${file}: ${message}`);
    }
    process.stderr.write(`wrote ${file}\n→ coldtrail simulate -f ${file.includes('/') ? file : `./${file}`} --plot\n`);
  });
  return command as unknown as Command;
}
