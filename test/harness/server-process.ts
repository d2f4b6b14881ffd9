import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../../src/lib/clock.ts';
import { findOnPath } from './programs.ts';

const START_MS_MAX = 20_000;
const TERMINATE_MS_MAX = 10_000;
const STOP_MS_MAX = 5_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server of ours under test: one child process, its output in a file that is quoted when it fails to start. */
export interface ServerProcess {
  readonly pid: number;
  /** Asks it to end (SIGTERM), then makes it (SIGKILL). Resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL at once: the crash. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: the server that accepts connections and never answers. */
  pause(): void;
  resume(): void;
}

/**
 * Starts a server and waits until it answers.
 * @param answers tells whether it does; asked every 20 ms
 * @param environment variables beside our own
 * @throws Error with the tail of its output when it ends or stays silent for 20 s
 */
export async function startServerProcess(
  program: string,
  args: readonly string[],
  logFile: string,
  answers: () => Promise<boolean>,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawnGuarded(program, args, logFile, environment);
  running.add(child);
  const exited = once(child, 'exit').then(() => running.delete(child));
  const startedMs = monotonicMs();
  while (!(await answers())) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || monotonicMs() - startedMs > START_MS_MAX) {
      child.kill('SIGKILL');
      await exited;
      const tail = readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n');
      throw new Error(`${program} ${ended ? 'ended' : 'did not answer'} while starting:\n${tail}`);
    }
    await sleep(20);
  }
  return {
    pid: child.pid!,
    stop: async () => {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const stuck = setTimeout(() => child.kill('SIGKILL'), TERMINATE_MS_MAX);
      await exited;
      clearTimeout(stuck);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    pause: () => {
      child.kill('SIGSTOP');
      waitUntilStopped(child.pid!);
    },
    resume: () => void child.kill('SIGCONT'),
  };
}

/** The signal only asks: until every thread has stopped, one of them may still answer. */
function waitUntilStopped(pid: number): void {
  const untilMs = monotonicMs() + STOP_MS_MAX;
  while (threadStates(pid).some((state) => state !== 'T')) {
    if (monotonicMs() > untilMs) throw new Error(`process ${pid} did not stop`);
  }
}

/** As /proc tells them; nothing where there is no /proc. */
function threadStates(pid: number): string[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).flatMap((tid) => {
    try {
      // The state follows the name in brackets, which may hold spaces.
      return [readFileSync(`${tasks}/${tid}/stat`, 'utf8').split(') ').at(-1)![0]!];
    } catch {
      return []; // the thread has ended since
    }
  });
}

/** Under setpriv, where there is one, so that the server dies with us even when we are killed. The pid stays the same. */
function spawnGuarded(
  program: string,
  args: readonly string[],
  logFile: string,
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const log = openSync(logFile, 'a');
  const options: SpawnOptions = { stdio: ['ignore', log, log], env: { ...process.env, ...environment } };
  try {
    const setpriv = findOnPath('setpriv');
    return setpriv ? spawn(setpriv, ['--pdeathsig', 'KILL', program, ...args], options) : spawn(program, args, options);
  } finally {
    closeSync(log);
  }
}
