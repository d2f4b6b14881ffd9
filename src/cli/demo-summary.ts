import type { Summary } from '../../simulators/main.ts';
import type { Config } from '../config.ts';
import { framesTopic } from '../contract/topics.ts';
import type { AssetKind } from '../contract/words.ts';
import type { IngestCounters } from '../ingest/ingest.ts';
import { newestBatches } from '../store/ledger/batches.ts';
import { openReadStores } from '../stores.ts';
import { renderText } from '../trace/render-text.ts';
import { traceBatch } from '../trace/trace.ts';
import type { Trace } from '../trace/trace-types.ts';
import { parseZone, ZONE_DEFAULT } from '../trace/zone.ts';
import { stdoutColour } from './colour.ts';

export interface DemoOutcome {
  readonly config: Config;
  readonly summary: Summary;
  readonly counters: IngestCounters;
  readonly elapsedMs: number;
  readonly raised: number;
  readonly openAlerts: number;
  /** Null where the broker ends with the summary. */
  readonly brokerUrl: string | null;
}

/** The most batches looked through for one of each kind. */
const BATCHES_LOOKED_AT_MAX = 300;

const VEHICLES: readonly (AssetKind | null)[] = ['reefer-truck', 'rail-reefer-box'];

/** Prints what happened, a breached and a good batch, and what to try next. */
export async function printDemoSummary(outcome: DemoOutcome): Promise<void> {
  const { summary, counters, elapsedMs } = outcome;
  const number = (n: number) => Math.round(n).toLocaleString('en');
  const seconds = elapsedMs / 1000;
  print(
    `${summary.complete ? 'Done' : 'Stopped'}: ${number(counters.frames)} frames, ${number(counters.readings)} readings and ` +
      `${number(counters.events)} events acknowledged and stored in ${seconds.toFixed(1)} s ` +
      `(${number(counters.readings / seconds)} readings/s); ${number(counters.refused)} refused.`,
  );
  const active = outcome.openAlerts === 1 ? '1 alert is' : `${outcome.openAlerts} alerts are`;
  print(`${outcome.raised} breaches were raised, ${active} still active.\n`);
  const { breached, good } = await examples(outcome.config);
  const text = { zoneMin: parseZone(ZONE_DEFAULT)!, colour: stdoutColour() };
  if (breached) process.stdout.write(`${renderText(breached, text)}\n`);
  if (good) process.stdout.write(`${renderText(good, text)}\n`);
  printNext(outcome, breached, good);
}

/** A breached and a good batch with long histories; a breach on the road is the one to look at first. */
async function examples(config: Config): Promise<{ breached: Trace | undefined; good: Trace | undefined }> {
  const stores = await openReadStores(config);
  try {
    const traces: Trace[] = [];
    for (const { id } of await newestBatches(stores.ledger.db, BATCHES_LOOKED_AT_MAX)) {
      traces.push(await traceBatch(stores, id));
    }
    const best = (result: Trace['verdict']['result']) =>
      traces.filter((trace) => trace.verdict.result === result).sort((a, b) => interest(b) - interest(a))[0];
    return { breached: best('breached'), good: best('ok') };
  } finally {
    await stores.close();
  }
}

function interest({ legs, breaches }: Trace): number {
  const onTheRoad = breaches.some((breach) => breach.legs.some((i) => VEHICLES.includes(legs[i]!.assetKind)));
  return legs.length + (onTheRoad ? 10 : 0);
}

function printNext({ config, brokerUrl }: DemoOutcome, breached: Trace | undefined, good: Trace | undefined): void {
  const run = 'npm run -s coldtrail --';
  const data = `--data ${config.dataDir}`;
  const example = breached ?? good;
  print('Try next:');
  if (example) {
    print(`  ${run} trace ${example.batch.lot} ${data} --json`);
    print(`  ${run} trace ${example.batch.lot} ${data} --whole-chain`);
    print(`  ${run} trace ${example.batch.lot} ${data} --fail-on-breach; echo $?`);
  }
  print(`  ${run} alerts list ${data}`);
  print(`  ${run} simulate -f tiny --format influx | head`);
  print(`  ${run} ls scenarios`);
  if (brokerUrl === null) return;
  const { port } = new URL(brokerUrl);
  print('and, while this is running, from another terminal (Debian: apt-get install mosquitto-clients):');
  print(`  mosquitto_sub -p ${port} -t 'coldtrail/v1/#' -v`);
  printByHand([good, breached], port, `${run} trace`, data);
  print(`\nThe broker stays up at ${brokerUrl}. Ctrl-C ends it.`);
}

/** A frame to publish by hand, for a batch that is still somewhere, and where to see it. */
function printByHand(traces: readonly (Trace | undefined)[], port: string, traceCommand: string, data: string): void {
  const held = traces.find((trace) => trace?.legs.at(-1)?.toMs === null && trace.legs.at(-1)!.devices.length > 0);
  if (!held) return;
  // Between two frames of the device, which come at whole minutes: at one of those it would be a conflict.
  const timeS = Math.floor(held.asOfMs! / 60_000) * 60 + 30;
  const pack = `[{"n":"pulp-1","u":"Cel","t":${timeS},"v":9.5}]`;
  print(`  mosquitto_pub -p ${port} -q 1 -t ${framesTopic(held.legs.at(-1)!.devices[0]!)} -m '${pack}'`);
  print(`  ${traceCommand} ${held.batch.lot} ${data}     # the warmest pulp of its last leg is now 9.5 °C`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
