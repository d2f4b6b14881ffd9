import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const instructions = read('Dockerfile')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.split(' ')[0]!, rest: line.slice(line.indexOf(' ') + 1) }));
const all = (name: string): string[] => instructions.filter((i) => i.name === name).map((i) => i.rest);
const ofLastStage = instructions.slice(instructions.findLastIndex((i) => i.name === 'FROM'));

/** What the build reads from our folder: COPY without --from, all but the last word. */
const copied = all('COPY')
  .filter((rest) => !rest.startsWith('--from'))
  .flatMap((rest) => rest.split(' ').slice(0, -1));

describe('Dockerfile', () => {
  test('builds and runs on one pinned Node that the package supports', () => {
    const images = all('FROM').map((rest) => rest.split(' ')[0]!);
    expect(new Set(images).size).toBe(1);
    const version = /^node:(\d+)\.(\d+)\.\d+-bookworm-slim$/.exec(images[0]!);
    expect(version, images[0]).not.toBeNull();
    const [major, minor] = version!.slice(1).map(Number) as [number, number];
    const [wantedMajor, wantedMinor] = /(\d+)\.(\d+)/
      .exec(JSON.parse(read('package.json')).engines.node)!
      .slice(1)
      .map(Number) as [number, number];
    expect(major * 1000 + minor).toBeGreaterThanOrEqual(wantedMajor * 1000 + wantedMinor);
  });

  test('installs what the lock file says, and ships without development dependencies', () => {
    expect(all('RUN')[0]).toBe('npm ci');
    expect(all('RUN').some((rest) => rest.endsWith('npm run build && npm prune --omit=dev'))).toBe(true);
  });

  test('copies only files that are there, and .dockerignore lets through just those', () => {
    for (const path of copied) expect(existsSync(join(ROOT, path)), path).toBe(true);
    const [everything, ...let_through] = read('.dockerignore')
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(everything).toBe('*');
    expect(let_through.map((line) => line.slice(1)).sort()).toEqual([...new Set(copied)].sort());
  });

  test('runs as a user without rights, who owns the data folder', () => {
    expect(ofLastStage.filter((i) => i.name === 'USER').map((i) => i.rest)).toEqual(['node']);
    const order = ofLastStage.map((i) => i.name);
    expect(order.indexOf('USER')).toBeGreaterThan(order.lastIndexOf('RUN'));
    expect(all('RUN').at(-1)).toContain('--owner=node');
  });

  test('starts the program that the package ships', () => {
    const { bin } = JSON.parse(read('package.json'));
    expect(JSON.parse(all('ENTRYPOINT')[0]!)).toEqual(['node', bin.coldtrail]);
    expect(JSON.parse(all('CMD')[0]!)).toEqual(['serve', '--config', '/etc/coldtrail/coldtrail.yaml']);
  });

  test('has a health check whose script it copies', () => {
    expect(all('HEALTHCHECK')[0]).toContain('CMD ["/bin/sh", "/app/deploy/healthcheck.sh", "1883"]');
    expect(copied).toContain('deploy/healthcheck.sh');
  });
});
