#!/usr/bin/env node
import { runCli } from './cli/run.ts';

// Whoever reads our output has seen enough: `coldtrail config print --env | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv);
