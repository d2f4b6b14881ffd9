import { createServer } from 'node:net';

/** Below the range the kernel gives to outgoing connections (from 32768 on Linux): nothing takes our port by accident. */
const FIRST = 20_000;
const PORTS_PER_PROCESS = 40;
const PROCESSES = 300;

let taken = 0;

/**
 * A loopback port that is free now and is given to nobody else: never twice by one process, and processes that run
 * beside each other (vitest's workers) count in ranges of their own. Asking the kernel for port 0 twice in a row can
 * give the same port twice.
 */
export async function freePort(): Promise<number> {
  const first = FIRST + (process.pid % PROCESSES) * PORTS_PER_PROCESS;
  while (taken < PORTS_PER_PROCESS) {
    const port = first + taken++;
    if (await isFree(port)) return port;
  }
  throw new Error(
    `no free port left in ${first}–${first + PORTS_PER_PROCESS - 1}: one test process may take that many`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
