import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the server tells when it is asked. */
export interface ServerFigures {
  readonly frames: number;
  readonly projected: number;
  /** Processor time of all its threads so far. */
  readonly cpuMs: number;
  readonly rssMiB: number;
  /** Longest the main thread's event loop was held since it was last asked, with up to 1 ms of the sampling's own. */
  readonly stallMs: number;
  readonly stallP99Ms: number;
}

export interface LoadOptions {
  readonly clients: number;
  /** Unacknowledged publishes each client keeps in flight. */
  readonly window: number;
  readonly seconds: number;
  readonly encoding?: 'json' | 'cbor';
  /** From the small chain's loaded trucks, a frame a minute, not from devices that nobody has registered. */
  readonly trucks?: boolean;
  /** World time of the first frame: each load continues where the last one could not have been. */
  readonly startMs: number;
}

export interface LoadFigures {
  readonly framesPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How many frames the busiest client sent. */
  readonly framesMax: number;
}

/** Trucks of the small chain that a server has. */
export const BENCH_TRUCKS = 200;

const path = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** The processor under test in a process of its own. */
export class IngestServer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #port = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  /** @param produce a load of it in each of the small chain's trucks; no trucks where left out */
  static async start(variant: 'fsync' | 'no-fsync', produce?: string): Promise<IngestServer> {
    const args = [path('ingest-server.ts'), variant, ...(produce === undefined ? [] : [produce])];
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const server = new IngestServer(child);
    server.#port = Number((await server.#next<{ port: string }>()).port);
    return server;
  }

  /** Asks for figures; `settle` waits for the projections first. */
  async ask(what: 'now' | 'settle'): Promise<ServerFigures> {
    this.#child.stdin!.write(`${what}\n`);
    return this.#next();
  }

  /** Puts load on it from another process. */
  async load({
    clients,
    window,
    seconds,
    encoding = 'json',
    startMs,
    trucks = false,
  }: LoadOptions): Promise<LoadFigures> {
    const args = [this.#port, clients, window, seconds, encoding, startMs, trucks ? 'trucks' : ''].map(String);
    const child = spawn(process.execPath, ['--import', 'tsx', path('load.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    await once(child, 'exit');
    return JSON.parse(text) as LoadFigures;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.stdin!.end('stop\n');
    await exited;
  }

  async #next<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the server under test ended');
    return JSON.parse(value) as T;
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `0.97 (0.91–1.02)`: median and spread. */
export function told(values: readonly number[], digits: number): string {
  return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
}
