import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findOnPath, findProgram, missingProgramsMessage, TEST_PROGRAMS } from './programs.ts';

/**
 * vitest globalSetup: the real servers must be at hand, or the run fails and says what to install. Nothing is
 * skipped. Root on Debian (a container, usually) gets the packages installed; anyone else is told.
 */
export function setup(): void {
  const missing = TEST_PROGRAMS.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return;
  const misnamed = missing.find((program) => process.env[program.variable]);
  if (misnamed) throw new Error(`${misnamed.variable}=${process.env[misnamed.variable]} is no executable file`);
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Error(missingProgramsMessage(missing));
  installDebianPackages([...new Set(missing.map((program) => program.debianPackage))]);
  const stillMissing = TEST_PROGRAMS.filter((program) => findProgram(program) === undefined);
  if (stillMissing.length > 0) throw new Error(missingProgramsMessage(stillMissing));
}

function installDebianPackages(packages: readonly string[]): void {
  process.stderr.write(`test setup: installing Debian packages for the real-server tests: ${packages.join(' ')}\n`);
  withoutServiceStarts(() => {
    aptGet(['update']);
    aptGet(['install', '-y', '--no-install-recommends', ...packages]);
  });
}

function aptGet(args: readonly string[]): void {
  const run = spawnSync(findOnPath('apt-get') ?? 'apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (run.status === 0) return;
  const said = run.error?.message ?? `${run.stdout}${run.stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`apt-get ${args.join(' ')} failed:\n${said}`);
}

/** The packages start their servers as services when installed; Debian's policy-rc.d says no (invoke-rc.d(8)). */
function withoutServiceStarts(install: () => void): void {
  const policyFile = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policyFile);
  if (ours) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    if (ours) rmSync(policyFile, { force: true });
  }
}
