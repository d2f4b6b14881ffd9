import { pbkdf2Sync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { programPath } from './programs.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { tempDir } from './temp-dir.ts';

/** A real mosquitto on loopback with persistence in a folder of its own. */
export interface Mosquitto {
  /** `mqtt://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  /** Ends the broker; removes its data unless they are kept for `start`. */
  stop(options?: { keepData?: boolean }): Promise<void>;
  /** SIGKILL: only what mosquitto had saved survives. Data are kept for `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
}

interface MosquittoOptions {
  /** Lines of mosquitto.conf that come before listener and persistence: the settings under test. */
  readonly config?: string;
  /** User names and passwords; with any, nobody connects without. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** Text of an ACL file (mosquitto.conf(5), acl_file). */
  readonly acl?: string;
}

export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const program = programPath('mosquitto');
  const dir = tempDir('mosquitto');
  const port = await freePort();
  const configFile = join(dir.path, 'mosquitto.conf');
  writeFileSync(configFile, mosquittoConfig(dir.path, port, options));

  const launch = (): Promise<ServerProcess> =>
    startServerProcess(program, ['-c', configFile], join(dir.path, 'mosquitto.log'), () => accepts(port));
  let server: ServerProcess | undefined = await launch();

  const stop = async (how: { keepData?: boolean } = {}): Promise<void> => {
    await server?.stop();
    server = undefined;
    if (!how.keepData) dir.remove();
  };
  const start = async (): Promise<void> => {
    server ??= await launch();
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    stop,
    start,
    kill: async () => {
      await server?.kill();
      server = undefined;
    },
    restart: async () => {
      await stop({ keepData: true });
      await start();
    },
    pause: () => server?.pause(),
    resume: () => server?.resume(),
  };
}

function mosquittoConfig(dir: string, port: number, options: MosquittoOptions): string {
  mkdirSync(join(dir, 'data'));
  const lines = [
    options.config ?? '',
    `listener ${port} 127.0.0.1`,
    'persistence true',
    `persistence_location ${dir}/data/`,
    `allow_anonymous ${options.passwords === undefined}`,
  ];
  // As root, mosquitto would turn into the user `mosquitto`, who may not write to our folder.
  if (process.getuid?.() === 0) lines.push('user root');
  if (options.passwords) lines.push(`password_file ${writePasswordFile(dir, options.passwords)}`);
  if (options.acl !== undefined) {
    writeFileSync(join(dir, 'acl'), options.acl, { mode: 0o600 });
    lines.push(`acl_file ${dir}/acl`);
  }
  return `${lines.join('\n')}\n`;
}

function writePasswordFile(dir: string, passwords: Readonly<Record<string, string>>): string {
  const file = join(dir, 'passwords');
  const lines = Object.entries(passwords).map(([user, password]) => `${user}:${hashed(user, password)}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  return file;
}

/** As mosquitto_passwd writes it since 2.0: `$7$iterations$salt$PBKDF2-SHA512`. The user's name is salt enough here. */
function hashed(user: string, password: string): string {
  const salt = Buffer.from(user.padEnd(12, '.').slice(0, 12));
  const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512');
  return `$7$101$${salt.toString('base64')}$${hash.toString('base64')}`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
