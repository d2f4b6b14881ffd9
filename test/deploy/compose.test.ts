import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import { registrySchema } from '../../src/contract/registry.ts';
import { programPath } from '../harness/programs.ts';
import { tempDir } from '../harness/temp-dir.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test?: string | readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const config = parse(read('docker-compose.yml')) as ComposeFile;
const services = Object.entries(config.services);

/** Lets compose check the file and put the variables in. The environment is kept out, but for the PATH. */
function composeConfig(envFile: string) {
  const args = ['-f', 'docker-compose.yml', '--env-file', envFile, '--profile', 'simulation', 'config'];
  return spawnSync(programPath('docker-compose'), args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
}

const resolved = composeConfig('.env.example');
/** A service's environment with the values of .env.example in it. */
const environmentOf = (name: string): Readonly<Record<string, string>> =>
  (parse(resolved.stdout) as ComposeFile).services[name]!.environment!;

describe('docker-compose.yml', () => {
  test('is accepted by docker-compose with .env.example, without a warning', () => {
    expect(resolved.stderr).toBe('');
    expect(resolved.status).toBe(0);
    const accepted = Object.keys((parse(resolved.stdout) as ComposeFile).services).sort();
    expect(accepted).toEqual(['coldtrail', 'grafana', 'influxdb', 'mosquitto', 'simulator']);
  });

  test('has neither version nor name at its top: Compose v2 warns of the one, 1.29 rejects the other', () => {
    expect(Object.keys(config)).toEqual(['services', 'volumes']);
  });

  test('is refused without its secrets', () => {
    const dir = tempDir('compose');
    try {
      const envFile = join(dir.path, 'env');
      writeFileSync(envFile, read('.env.example').replace(/(PASSWORD|TOKEN)=.+/g, '$1='));
      const run = composeConfig(envFile);
      expect(run.status).not.toBe(0);
      expect(run.stderr).toContain('set it in .env');
    } finally {
      dir.remove();
    }
  });

  test('.env.example names every variable the file reads, and no other', () => {
    const used = [...read('docker-compose.yml').matchAll(/(?<!\$)\$\{(\w+)/g)].map((match) => match[1]);
    const named = [...read('.env.example').matchAll(/^(\w+)=/gm)].map((match) => match[1]);
    expect([...new Set(used)].sort()).toEqual([...named].sort());
  });

  test('publishes ports on loopback only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{\w+:-\d+\}:\d+$/);
  });

  test.each(services)('%s is pinned to a full version', (_, service) => {
    expect(service.image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+$/);
  });

  test('builds the image under the version of the package', () => {
    const { version } = JSON.parse(read('package.json'));
    const built = services.filter(([, service]) => service.build !== undefined).map(([, service]) => service.image);
    expect(built).toEqual([`coldtrail:${version}`, `coldtrail:${version}`]);
  });

  test.each(services)('%s has a health check, its own or the one of its image', (name, service) => {
    if (name === 'simulator') return expect(service.healthcheck).toEqual({ disable: true });
    const ofImage = service.build === undefined ? '' : read('Dockerfile');
    expect(service.healthcheck?.test !== undefined || /^HEALTHCHECK .* CMD /m.test(ofImage)).toBe(true);
  });

  test.each(services)('%s waits for the health of what it needs', (name, service) => {
    const needs = Object.entries(service.depends_on ?? {});
    for (const [other, { condition }] of needs) {
      expect(config.services).toHaveProperty([other]);
      expect(condition).toBe('service_healthy');
    }
    expect(needs.length > 0).toBe(!['mosquitto', 'influxdb'].includes(name));
  });

  test('mounts files that exist read-only, and keeps data in named volumes', () => {
    const named: string[] = [];
    for (const mount of services.flatMap(([, service]) => service.volumes ?? [])) {
      const [source, , mode] = mount.split(':');
      if (source!.startsWith('.')) {
        expect(existsSync(join(ROOT, source!)), source).toBe(true);
        expect(mode, mount).toBe('ro');
      } else named.push(source!);
    }
    expect(named.sort()).toEqual(Object.keys(config.volumes).sort());
  });

  test('only the simulator waits for a profile', () => {
    const profiled = services.filter(([, service]) => service.profiles !== undefined).map(([name]) => name);
    expect(profiled).toEqual(['simulator']);
  });
});

describe('the processor in compose', () => {
  const environment = environmentOf('coldtrail');

  test('has a configuration that fits the schema, with the secrets from the environment', async () => {
    const loaded = await loadConfig({ file: join(ROOT, 'deploy/coldtrail.yaml'), env: environment });
    expect(loaded).toMatchObject({
      dataDir: '/data',
      clock: 'wall',
      broker: { mode: 'external', url: 'mqtt://coldtrail:change-me-mqtt@mosquitto:1883', clientId: 'coldtrail' },
      store: { kind: 'influx2', url: 'http://influxdb:8086', org: 'coldtrail', bucket: 'coldtrail' },
    });
    expect(loaded.store).toHaveProperty('token', environmentOf('influxdb')['DOCKER_INFLUXDB_INIT_ADMIN_TOKEN']);
  });

  test('reads a registry that fits its schema, from where it is mounted', async () => {
    const { registry } = await loadConfig({ file: join(ROOT, 'deploy/coldtrail.yaml'), env: environment });
    const mounts = config.services['coldtrail']!.volumes!;
    expect(mounts.some((mount) => mount === `./deploy/registry.yaml:${registry}:ro`)).toBe(true);
    expect(() => registrySchema.parse(parse(read('deploy/registry.yaml')))).not.toThrow();
  });

  test('speaks to the listener for devices, the simulated fleet to the one for shared accounts', () => {
    const listeners = [...read('deploy/mosquitto/mosquitto.conf').matchAll(/^listener (\d+)/gm)].map((m) => m[1]);
    expect(listeners).toEqual(['1883', '1884']);
    expect(environment['COLDTRAIL_BROKER_URL']).toMatch(/@mosquitto:1883$/);
    expect(config.services['simulator']!.command!.at(-1)).toMatch(/^mqtt:\/\/simulator:.*@mosquitto:1884$/);
    expect(config.services['mosquitto']!.ports).toEqual([expect.stringContaining(':1883')]);
  });

  test('Grafana gets the variables that its data source names', () => {
    const provisioned = read('dashboards/grafana/provisioning/datasources/influxdb.yaml');
    const named = [...provisioned.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]!);
    const grafana = environmentOf('grafana');
    for (const name of named) expect(grafana[name], name).toBeTruthy();
  });
});
