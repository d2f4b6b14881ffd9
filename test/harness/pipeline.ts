import { mkdirSync } from 'node:fs';
import { connectAsync, type MqttClient } from 'mqtt';
import { type Config, configSchema } from '../../src/config.ts';
import type { Registry } from '../../src/contract/registry.ts';
import { createLog } from '../../src/lib/log.ts';
import { type Pipeline, startPipeline } from '../../src/pipeline.ts';
import { EMPTY_REGISTRY } from '../../src/registry-file.ts';
import { openReadStores, type ReadStores } from '../../src/stores.ts';
import { tempDir } from './temp-dir.ts';

type ConfigInput = Record<string, unknown>;

export interface TestPipeline extends Pipeline {
  readonly config: Config;
  client(username?: string, password?: string): Promise<MqttClient>;
  /** Waits for the projections, then hands out ledger and frames to look at. */
  look<T>(read: (stores: ReadStores) => Promise<T>): Promise<T>;
  /** Stops everything and removes the files. */
  end(): Promise<void>;
}

/** The whole pipeline in this process: embedded broker on a free port, files in a folder of its own. */
export async function startTestPipeline(
  over: ConfigInput = {},
  registry: Registry = EMPTY_REGISTRY,
): Promise<TestPipeline> {
  const dir = tempDir('pipeline');
  mkdirSync(dir.path, { recursive: true });
  const config = configSchema.parse({
    dataDir: dir.path,
    broker: { mode: 'embedded', port: 0, anonymous: true },
    log: { level: 'warn' },
    ...over,
  });
  const clients: MqttClient[] = [];
  const pipeline = await startPipeline(config, registry, createLog('warn'), {
    onFatal: (error) => {
      throw error;
    },
  }).catch((error: unknown) => {
    dir.remove();
    throw error;
  });
  return {
    ...pipeline,
    config,
    client: async (username, password) => {
      const client = await connectAsync(pipeline.brokerUrl, {
        protocolVersion: 4,
        reconnectPeriod: 0,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
      });
      clients.push(client);
      return client;
    },
    look: async (read) => {
      await pipeline.settled();
      const stores = await openReadStores(config);
      try {
        return await read(stores);
      } finally {
        await stores.close();
      }
    },
    end: async () => {
      for (const client of clients) client.end(true);
      await pipeline.stop();
      dir.remove();
    },
  };
}
