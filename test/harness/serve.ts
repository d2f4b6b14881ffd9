import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Serve {
  readonly url: string;
  readonly pid: number;
  /** Ends it as a user would; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: nothing is flushed, nothing is said. */
  kill(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `coldtrail serve` from the source as a process of its own and waits until it is ready. */
export async function startServe(env: Record<string, string>, prefix: readonly string[] = []): Promise<Serve> {
  const command = [...prefix, process.execPath, '--import', 'tsx', 'src/main.ts', 'serve'];
  const child = spawn(command[0]!, command.slice(1), {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  const exited = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const said: string[] = [];
  let url: string | undefined;
  const lines = createInterface({ input: child.stderr! });
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      const broker = /"broker":"([^"]+)".*"msg":"ready"/.exec(line)?.[1];
      if (broker) {
        url = broker;
        resolve();
      }
    });
  });
  await Promise.race([ready, exited]);
  if (url === undefined) throw new Error(`serve did not start:\n${said.join('\n')}`);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return { url, pid: child.pid!, stop: () => end('SIGINT'), kill: async () => void (await end('SIGKILL')) };
}
