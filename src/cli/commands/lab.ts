import { Command } from '@commander-js/extra-typings';
import { diffCommand, replayCommand } from '../lab-replay.ts';
import { runCommand } from '../lab-run.ts';
import { sweepCommand } from '../lab-sweep.ts';

/** `coldtrail lab`: tries rules on simulated seasons, whose truth is known, and on recorded data. */
export function labCommand(): Command {
  return new Command('lab')
    .description('try rules before a harvest is bet on them')
    .addCommand(runCommand() as unknown as Command)
    .addCommand(sweepCommand() as unknown as Command)
    .addCommand(replayCommand() as unknown as Command)
    .addCommand(diffCommand() as unknown as Command);
}
