import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A real program the tests run, the Debian package it comes in and the variable that names another copy. */
interface TestProgram {
  readonly name: string;
  readonly debianPackage: string;
  readonly variable: string;
}

export const TEST_PROGRAMS = [
  { name: 'influxd', debianPackage: 'influxdb', variable: 'COLDTRAIL_TEST_INFLUXD' },
  { name: 'mosquitto', debianPackage: 'mosquitto', variable: 'COLDTRAIL_TEST_MOSQUITTO' },
  { name: 'mosquitto_pub', debianPackage: 'mosquitto-clients', variable: 'COLDTRAIL_TEST_MOSQUITTO_PUB' },
  { name: 'strace', debianPackage: 'strace', variable: 'COLDTRAIL_TEST_STRACE' },
  { name: 'docker-compose', debianPackage: 'docker-compose', variable: 'COLDTRAIL_TEST_DOCKER_COMPOSE' },
] as const satisfies readonly TestProgram[];

type ProgramName = (typeof TEST_PROGRAMS)[number]['name'];

/** Where a program of the test table lives. @throws Error saying what to install or set when it is nowhere */
export function programPath(name: ProgramName): string {
  const program = TEST_PROGRAMS.find((p) => p.name === name)!;
  const path = findProgram(program);
  if (path === undefined) throw new Error(missingProgramsMessage([program]));
  return path;
}

/** The path of a program, or undefined where it is neither named by its variable nor on the PATH. */
export function findProgram(program: TestProgram): string | undefined {
  const named = process.env[program.variable];
  return named ? executable(named) : findOnPath(program.name);
}

/** Searches the PATH and the sbin folders, where Debian puts mosquitto and an ordinary user's PATH does not look. */
export function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...folders, '/usr/local/sbin', '/usr/sbin']) {
    const path = executable(join(folder, name));
    if (path !== undefined) return path;
  }
  return undefined;
}

export function missingProgramsMessage(missing: readonly TestProgram[]): string {
  const packages = [...new Set(missing.map((p) => p.debianPackage))].join(' ');
  return [
    `The tests run against real servers, and these programs are missing: ${missing.map((p) => p.name).join(', ')}.`,
    `  On Debian or Ubuntu:  sudo apt-get install --no-install-recommends ${packages}`,
    '  Or name their paths:',
    ...missing.map((p) => `    ${p.variable}=/path/to/${p.name}`),
  ].join('\n');
}

function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}
