import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../harness/free-port.ts';
import { findOnPath, programPath } from '../harness/programs.ts';
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts';
import { tempDir } from '../harness/temp-dir.ts';

const SHIPPED = fileURLToPath(new URL('../../deploy/mosquitto', import.meta.url));

/** A mosquitto started by the shipped start.sh with the shipped configuration: only folder and ports are others. */
export interface ShippedMosquitto {
  /** The listener for devices and the processor, 1883 as shipped. */
  readonly port: number;
  /** The listener for shared accounts, 1884 as shipped. */
  readonly sharedPort: number;
  addUser(user: string, password: string): void;
  /** Makes the broker read its password and ACL files again. */
  reload(): void;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param environment what start.sh reads; `users` are put in the password file before the first start */
export async function startShippedMosquitto(
  environment: Readonly<Record<string, string>>,
  users: readonly string[] = [],
): Promise<ShippedMosquitto> {
  const dir = tempDir('shipped-mosquitto');
  const port = await freePort();
  const sharedPort = await freePort();
  const startScript = moveInto(dir.path, port, sharedPort);
  const passwords = join(dir.path, 'data/passwords');
  writeFileSync(passwords, '', { mode: 0o600 });

  const passwordTool = findOnPath('mosquitto_passwd');
  if (!passwordTool) throw new Error("mosquitto_passwd is missing: it comes in Debian's package mosquitto");
  const addUser = (user: string, password: string): void => {
    const run = spawnSync(passwordTool, ['-b', passwords, user, password], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`mosquitto_passwd failed: ${run.error?.message ?? run.stderr}`);
  };
  for (const user of users) addUser(user, passwordOf(user));

  const path = [dirname(programPath('mosquitto')), process.env['PATH']].join(delimiter);
  const variables = Object.entries({ PATH: path, ...environment }).map(([name, value]) => `${name}=${value}`);
  const launch = (): Promise<ServerProcess> =>
    startServerProcess(findOnPath('env')!, ['-i', ...variables, '/bin/sh', startScript], join(dir.path, 'log'), () =>
      accepts(port),
    );
  let server = await launch();
  return {
    port,
    sharedPort,
    addUser,
    reload: () => process.kill(server.pid, 'SIGHUP'),
    restart: async () => {
      await server.stop();
      server = await launch();
    },
    stop: async () => {
      await server.stop();
      dir.remove();
    },
  };
}

/** Test accounts' passwords. */
export const passwordOf = (user: string): string => `secret of ${user}`;

/** Copies the shipped folder to where the container has it, with the temporary folder in place of the root. */
function moveInto(dir: string, port: number, sharedPort: number): string {
  const config = join(dir, 'config');
  cpSync(SHIPPED, config, { recursive: true });
  mkdirSync(join(dir, 'data'));
  const edit = (name: string, change: (text: string) => string): void =>
    writeFileSync(join(config, name), change(readFileSync(join(config, name), 'utf8')));
  const inDir = (text: string): string => text.replaceAll('/mosquitto/', `${dir}/`);
  edit('start.sh', inDir);
  edit('mosquitto.conf', (text) => {
    const moved = inDir(text)
      .replace('listener 1883\n', `listener ${port} 127.0.0.1\n`)
      .replace('listener 1884\n', `listener ${sharedPort} 127.0.0.1\n`);
    // As root, mosquitto would turn into the user `mosquitto`, who may not enter our folder.
    return process.getuid?.() === 0 ? `user root\n${moved}` : moved;
  });
  return join(config, 'start.sh');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
