import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { programPath } from './programs.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { tempDir } from './temp-dir.ts';

/** A real influxd 1.x on loopback with a folder of its own. */
export interface Influxd {
  readonly url: string;
  readonly port: number;
  /** Ends the server; removes its data unless they are kept for `start`. */
  stop(options?: { keepData?: boolean }): Promise<void>;
  /** SIGKILL: what was not fsynced is gone. Data are kept for `start`. */
  kill(): Promise<void>;
  /**
   * Starts it again on the same port and data after `stop({ keepData: true })`.
   * @param settings `INFLUXDB_…` variables over the configuration file, from now on
   */
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
  restart(): Promise<void>;
  /** The server keeps its connections and stops answering, until `resume`. */
  pause(): void;
  resume(): void;
  /** Runs InfluxQL and returns the answer's JSON: for set-up and for looking past the adapter. */
  query(text: string, parameters?: Readonly<Record<string, string>>): Promise<InfluxqlJson>;
}

interface InfluxqlJson {
  readonly results: readonly {
    readonly series?: readonly {
      readonly name: string;
      readonly tags?: Readonly<Record<string, string>>;
      readonly columns: readonly string[];
      readonly values: readonly (readonly (string | number | boolean | null)[])[];
    }[];
    readonly error?: string;
  }[];
}

export async function startInfluxd(): Promise<Influxd> {
  const program = programPath('influxd');
  const dir = tempDir('influxd');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const configFile = join(dir.path, 'influxdb.conf');
  writeFileSync(configFile, influxdConfig(dir.path, port, await freePort()));
  for (const folder of ['meta', 'data', 'wal']) mkdirSync(join(dir.path, folder));

  let environment: Readonly<Record<string, string>> = {};
  const launch = (): Promise<ServerProcess> =>
    startServerProcess(
      program,
      ['-config', configFile],
      join(dir.path, 'influxd.log'),
      () => answersPing(url),
      environment,
    );
  let server: ServerProcess | undefined = await launch();

  const stop = async (how: { keepData?: boolean } = {}): Promise<void> => {
    await server?.stop();
    server = undefined;
    if (!how.keepData) dir.remove();
  };
  const start = async (settings?: Readonly<Record<string, string>>): Promise<void> => {
    if (settings) environment = settings;
    server ??= await launch();
  };
  return {
    url,
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
    query: async (text, parameters = {}) => {
      const response = await fetch(`${url}/query?${new URLSearchParams({ ...parameters, q: text })}`, {
        method: 'POST',
      });
      return (await response.json()) as InfluxqlJson;
    },
  };
}

async function answersPing(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).status === 204;
  } catch {
    return false;
  }
}

/** `wal-fsync-delay = "0s"` fsyncs every write before it is answered: the durability the store promises. */
function influxdConfig(dir: string, httpPort: number, rpcPort: number): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${dir}/meta"
  logging-enabled = false
[data]
  dir = "${dir}/data"
  wal-dir = "${dir}/wal"
  wal-fsync-delay = "0s"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${httpPort}"
  log-enabled = false
[logging]
  level = "warn"
  suppress-logo = true
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
`;
}
