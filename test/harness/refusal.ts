import { type Command, CommanderError } from '@commander-js/extra-typings';
import { expect } from 'vitest';

/** What a command says when it refuses its arguments, which it must. */
export async function refusalOf(command: Command, args: readonly string[]): Promise<string> {
  let said = '';
  command.exitOverride().configureOutput({
    writeErr: (text) => {
      said += text;
    },
  });
  await expect(command.parseAsync(args, { from: 'user' })).rejects.toBeInstanceOf(CommanderError);
  return said;
}
