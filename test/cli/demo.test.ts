import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { configSchema } from '../../src/config.ts';
import { dataPaths } from '../../src/data-dir.ts';
import { JournalReader } from '../../src/journal/log.ts';
import { PROJECTION } from '../../src/project/standing.ts';
import { getOffset } from '../../src/store/ledger/offsets.ts';
import { openReadStores } from '../../src/stores.ts';
import { tempDir } from '../harness/temp-dir.ts';
import { coldtrail, start } from './coldtrail.ts';

const temp = tempDir('demo');
afterAll(() => temp.remove());

/** What a data directory holds: frames in the store, and how far journal and projections have come. */
async function kept(dataDir: string): Promise<{ frames: number; journaledTo: number; projectedTo: number | null }> {
  const stores = await openReadStores(configSchema.parse({ dataDir }));
  const journal = new JournalReader(dataPaths(dataDir).journal);
  try {
    let frames = 0;
    const devices = (await stores.frames.latest()).map(({ device }) => device);
    const slices = devices.map((device) => ({ device, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }));
    for await (const chunk of stores.frames.range(slices)) frames += chunk.size;
    const projectedTo = await getOffset(stores.ledger.db, PROJECTION);
    return { frames, journaledTo: journal.state().headOffset, projectedTo };
  } finally {
    journal.close();
    await stores.close();
  }
}

/** The frames that the summary says were acknowledged. */
function framesSaid(stdout: string): number {
  return Number(/: ([\d,]+) frames, /.exec(stdout)![1]!.replaceAll(',', ''));
}

describe('coldtrail demo', { timeout: 120_000 }, () => {
  test('--once ends by itself, with a summary and what to try next; what it says it kept is there', async () => {
    const data = join(temp.path, 'once');
    const { code, stdout, stderr } = await coldtrail(['demo', '--once', '-f', 'tiny', '--port', '0', '--data', data]);
    expect(stderr).toMatch(/^6 assets, .* → mqtt:\/\/127\.0\.0\.1:\d+/);
    expect(stdout).toMatch(/^Done: [\d,]+ frames, [\d,]+ readings and \d+ events acknowledged and stored/);
    expect(stdout).toContain('; 0 refused.');
    expect(stdout).toMatch(/^Verdict: ok$/m);
    expect(stdout).toContain(`alerts list --data ${data}`);
    expect(stdout).not.toContain('The broker stays up');
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
    const { frames, journaledTo, projectedTo } = await kept(data);
    expect(frames).toBe(framesSaid(stdout));
    expect(projectedTo).toBe(journaledTo);

    const lot = /^Batch (\S+)/m.exec(stdout)![1]!;
    const unknown = await coldtrail(['trace', `${lot}9`, '--data', data]);
    expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('BATCH_UNKNOWN') });
    expect(unknown.stderr).toMatch(new RegExp(`→ Did you mean .*${lot}`));
  });

  test('Ctrl-C in the middle ends with 0, also when npm passes it on; all that was acknowledged is kept', async () => {
    const data = join(temp.path, 'stopped');
    const { child, text, ended } = start(['demo', '--port', '0', '--data', data]);
    await expect.poll(() => text.stderr, { timeout: 60_000 }).toMatch(/ · [1-9][\d,]* frames · /);
    // A terminal sends it to the whole group, and npm and tsx once more.
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(stdout).toMatch(/^Stopped: /);
    expect(stdout).not.toContain('The broker stays up');
    expect(code).toBe(0);
    const { frames, journaledTo, projectedTo } = await kept(data);
    expect(framesSaid(stdout)).toBeGreaterThan(0);
    expect(frames).toBe(framesSaid(stdout));
    expect(projectedTo).toBe(journaledTo);
  });

  test('a port that is taken is said, with what to do, where it was asked for', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const args = ['demo', '--once', '-f', 'tiny', '--port', String(port), '--data', join(temp.path, 'taken')];
    const { code, stdout, stderr } = await coldtrail(args);
    taken.close();
    expect(stderr).toContain(`PORT_TAKEN: port ${port} on 127.0.0.1 is taken by another program\n→ `);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
