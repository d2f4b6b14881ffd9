import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { planOf } from '../../simulators/main.ts';
import { registryOf } from '../../simulators/registry.ts';
import { simulateCommand } from '../../src/cli/commands/simulate.ts';
import { refusalOf } from '../harness/refusal.ts';
import { startBroker } from './publish-broker.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

function start(args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'simulate', ...args], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', COLDTRAIL_BROKER_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    text.stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => {
    children.delete(child);
    return { code: code as number | null, ...text };
  });
  return { child, text, ended };
}

const run = (...args: readonly string[]) => start(args).ended;

describe('the options of coldtrail simulate', () => {
  it.each([
    [['--speed', 'fast'], 'It must be a number above 0, or max'],
    [['--speed', '0'], 'It must be a number above 0, or max'],
    [['--seed', '1.5'], 'It must be a whole number'],
    [['--start', '2026-08-21'], 'time with its offset'],
    [['--format', 'xml'], 'Allowed choices are mqtt, ndjson, senml, influx, csv, none'],
    [['--encoding', 'xml'], 'Allowed choices are json, cbor'],
    [['--format', 'csv', '--anonymous'], '--anonymous has no meaning with --format csv'],
    [['--colour', 'blue'], "unknown option '--colour'"],
  ])('%j are refused with a reason', async (args, why) => {
    expect(await refusalOf(simulateCommand(), args)).toContain(why);
  });
});

describe('coldtrail simulate', { timeout: 90_000 }, () => {
  it('exits with 2 where it is used wrongly', async () => {
    const { code, stdout, stderr } = await run('-f', 'no-such-scenario');
    expect(stderr).toContain('SCENARIO_UNREADABLE');
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('prints data on stdout and progress on stderr, without colour codes', async () => {
    const { code, stdout, stderr } = await run('-f', 'tiny', '--format', 'csv', '--start', '2026-08-21T06:00:00+08:00');
    expect(code).toBe(0);
    expect(stdout.slice(0, 60)).toMatch(/^time,device,channel,value,unit\n2026-08-20T22:00:/);
    expect(stderr).toMatch(/done at 2026-08-21 22:00Z · [\d,]+ frames/);
    expect(stderr).not.toContain('\u001b');
  });

  it('prints the registry of scenario and seed', async () => {
    const { code, stdout } = await run('-f', 'tiny', '--seed', '5', '--registry');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(registryOf(planOf({ scenario: 'tiny', seed: 5 })));
  });

  it('ends quietly when its reader goes away', async () => {
    const { child, ended } = start(['-f', 'tiny', '--format', 'ndjson']);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|error|done|stopped/i);
  });

  it('drains and exits with 0 at SIGINT', async () => {
    const broker = await startBroker();
    const { child, text, ended } = start(['-f', 'tiny', '--broker', broker.url, '--speed', '600']);
    await expect.poll(() => broker.received.length, { timeout: 20_000 }).toBeGreaterThan(10);
    child.kill('SIGINT');
    const { code } = await ended;
    expect(code).toBe(0);
    expect(text.stdout).toBe('');
    expect(text.stderr).toMatch(/stopped at /);
    expect(broker.aedes.connectedClients).toBe(0);
    await broker.stop();
  });

  it('says what to do when no broker answers', async () => {
    const broker = await startBroker();
    await broker.stop();
    const { code, stderr } = await run('-f', 'tiny', '--broker', broker.url);
    expect(code).toBe(2);
    expect(stderr).toContain(`BROKER_UNREACHABLE: no MQTT broker answers at ${broker.url}`);
    expect(stderr).toContain('coldtrail serve');
  });
});
