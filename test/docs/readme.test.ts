import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { planOf } from '../../simulators/main.ts';
import { configSchema } from '../../src/config.ts';
import { framesOf } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { registrySchema } from '../../src/contract/registry.ts';
import { decodePack } from '../../src/contract/senml/decode.ts';
import { parseTopic } from '../../src/contract/topics.ts';
import { armingOf } from '../../src/detect/arming.ts';
import { parseClock } from '../../src/ingest/clock-message.ts';
import { verifySecret } from '../../src/lib/secret.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { chunkOf, foldAll, type Row } from '../detect/frames.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const PAGES = ['README.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
const README = read('README.md');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** The fenced blocks of a page in a language. */
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((m) => m[1]!);
const SHELL = blocks('sh').join('\n');

/** Lets the command line read arguments without acting on them. @throws CommanderError for what it does not know */
async function parsed(args: readonly string[]): Promise<void> {
  const name = args[0]!;
  const module = (await import(`../../src/cli/commands/${name}.ts`)) as Record<string, () => Command>;
  const command = Object.entries(module).find(([key]) => key.endsWith('Command'))![1]();
  muted(command);
  await command.parseAsync(args.slice(1), { from: 'user' });
}

function muted(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  if (command.commands.length === 0) command.action(() => {});
  for (const child of command.commands) muted(child as unknown as Command);
}

describe('what the README says to type', () => {
  const commands = SHELL.split('\n')
    .map((line) => /^npm run -s coldtrail -- ([^>|#]*)/.exec(line)?.[1]?.trim().split(/\s+/))
    .filter((args) => args !== undefined);

  test('there is enough of it', () => expect(commands.length).toBeGreaterThanOrEqual(7));

  test.each(commands)('coldtrail %s %s …', async (...args) => {
    await expect(parsed(args)).resolves.toBeUndefined();
  });

  test('the reader of these commands would notice a wrong one', async () => {
    await expect(parsed(['trace', '--no-such-option', 'X'])).rejects.toThrow('unknown option');
  });

  test('every script of package.json that it names is there', () => {
    const named = [...README.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((m) => m[1]!);
    expect(named).toContain('docs');
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  test('every command is in its table', () => {
    for (const file of readdirSync(join(ROOT, 'src/cli/commands'))) {
      expect(README).toContain(`| \`coldtrail ${file.replace('.ts', '')}`);
    }
  });

  test('the hash of a secret, made as it says, is one that the broker takes', async () => {
    const [, script] = /^node -e '([\s\S]*?)' 'the secret'$/m.exec(SHELL)!;
    const hash = execFileSync(process.execPath, ['-e', script!, 'the secret'], { encoding: 'utf8' }).trim();
    expect(registrySchema.safeParse({ devices: [{ key: 'a/b', secretHash: hash }] }).success).toBe(true);
    expect(await verifySecret('the secret', hash)).toBe(true);
    expect(await verifySecret('another', hash)).toBe(false);
  });

  test('its YAML is what configuration and registry take', () => {
    for (const block of blocks('yaml')) {
      for (const document of parseAllDocuments(block)) {
        const value = document.toJS() as Record<string, unknown>;
        if ('alerts' in value) expect(configSchema.parse(value).alerts.mqtt.enabled).toBe(true);
        else if (!('store' in value)) expect(registrySchema.parse(withHash(value)).devices).toHaveLength(1);
        else expect(configSchema.parse({ store: { ...(value['store'] as object), ...tokenFor(value) } })).toBeDefined();
      }
    }
    const [, serve] = /<<'END'\n([\s\S]*?)END/.exec(SHELL)!;
    expect(configSchema.parse(parseAllDocuments(serve!)[0]!.toJS()).clock).toBe('simulation');
  });

  /** The page writes `…` for salt and hash. */
  function withHash(registry: Record<string, unknown>): unknown {
    return JSON.parse(JSON.stringify(registry).replaceAll('$…', '$AAAA'));
  }

  function tokenFor(value: Record<string, unknown>): { token?: string } {
    return (value['store'] as { kind: string }).kind === 'influx2' ? { token: 'from the environment' } : {};
  }
});

describe('the frames to publish by hand', () => {
  const publishes = [...SHELL.matchAll(/mosquitto_pub -q 1 -t (\S+) -m '([^']*)'/g)].map((m) => ({
    topic: m[1]!,
    payload: Buffer.from(m[2]!),
  }));
  const [clock, pack] = publishes;
  const nowMs = parseClock(clock!.payload)!;
  const topic = parseTopic(pack!.topic)!;
  const plan = planOf({ scenario: 'demo' });

  function frames() {
    if (topic.kind !== 'frames') throw new Error('not a frames topic');
    const out = new FrameBatchBuilder();
    const context = { device: topic.device, nowMs, futureToleranceMs: 0, maxRecords: 100, maxPayloadBytes: 4096 };
    expect(decodePack(pack!.payload, context, out)).toBeNull();
    return [...framesOf(out.take())];
  }

  test('the clock is set on, and the pack is taken in', () => {
    expect(parseTopic(clock!.topic)).toEqual({ kind: 'clock' });
    expect(nowMs).toBeGreaterThan(plan.endMs);
    expect(frames()).toHaveLength(7);
  });

  test('they come after the last frame of the demo, and make a breach of the rule that the text names', () => {
    const sent = frames();
    const firstMs = sent[0]!.timeMs;
    expect(firstMs).toBeGreaterThanOrEqual(plan.endMs);
    expect(sent.at(-1)!.timeMs).toBeLessThanOrEqual(nowMs);
    const profile = profileFor('prune')!;
    const stay = { asset: 'org/warehouse', fromMs: plan.startMs, toMs: null };
    const arming = armingOf([stay], [{ ...stay, profile }], () => 'forward-warehouse');
    const rows = (pulpC: readonly number[]): Row[] => [
      ...Array.from({ length: 24 }, (_, i) => ({ timeMs: firstMs - (24 - i) * 300_000, values: { 'pulp-1': -0.3 } })),
      ...sent.map(({ timeMs }, i) => ({ timeMs, values: { 'pulp-1': pulpC[i]! } })),
    ];
    const rulesBroken = (pulpC: readonly number[]) =>
      foldAll('org/dev', [chunkOf('org/dev', rows(pulpC))], arming, nowMs).breaches.map(({ rule }) => rule);
    expect(rulesBroken(sent.map(({ values }) => values[0]!))).toContain('pulp-critical');
    const { limitC } = profile.rules.find(({ name }) => name === 'pulp-critical')!.params;
    expect(README).toContain(`critical: pulp above ${limitC} °C in leg`);
  });

  test('the batch that it names lies where the device is, at the end of the demo', () => {
    const lot = /coldtrail -- trace (\S+) --data coldtrail-data\/demo/.exec(SHELL)![1]!;
    const batchIx = plan.batches.findIndex(({ id }) => id.endsWith(`.${lot}`));
    expect(batchIx, `batch ${lot}`).toBeGreaterThanOrEqual(0);
    const at = plan.moves.filter((move) => move.batchIx === batchIx).at(-1)!.toAssetIx;
    const device = plan.devices.find(({ key }) => topic.kind === 'frames' && key === topic.device)!;
    expect(at).toBe(device.assetIx);
  });
});

test.each(PAGES)('the links of %s lead somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#]+)\)/g)].map((m) => m[1]!);
  for (const link of links.filter((l) => !/^https?:/.test(l))) {
    expect(existsSync(join(ROOT, dirname(page), link)), link).toBe(true);
  }
});
