import pc from 'picocolors';

/** Colour on a terminal only, and never with NO_COLOR; picocolors alone would also colour a pipe under CI. */
export function stdoutColour(): boolean {
  return process.stdout.isTTY === true && pc.isColorSupported;
}
