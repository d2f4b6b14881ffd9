import { openInflux1 } from '../../../src/store/frames/influx1/open.ts';
import { frameStoreConformance } from '../../conformance/frame-store.ts';
import { startInfluxd } from '../../harness/influxd.ts';

frameStoreConformance('InfluxDB 1.x, a real influxd', async () => {
  const influxd = await startInfluxd();
  const store = await openInflux1({ url: influxd.url, database: 'coldtrail' });
  return { store, release: () => influxd.stop() };
});
