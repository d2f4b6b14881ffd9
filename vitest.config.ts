import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // influxd, mosquitto and docker-compose must be there: installed, or the run fails saying how.
    globalSetup: ['test/harness/servers.ts'],
    // Real servers (influxd, mosquitto) are started per file; two cores are the machine we promise to work on.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
