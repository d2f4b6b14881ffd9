import { IngestServer, type LoadOptions, told } from './server-process.ts';

/**
 * Frames of 10 channels, one a publish, QoS 1, from clients in another process; a rate counts acknowledgements, so
 * frames that are in the journal. After each turn the projections are waited for, and the stored count is checked.
 */
const PAIRS = 5;
const SECONDS = 5;
const CHANNELS = 10;
let turn = 0;

async function rate(server: IngestServer, load: Omit<LoadOptions, 'seconds' | 'startMs'>): Promise<number> {
  const { framesPerS } = await server.load({ ...load, seconds: SECONDS, startMs: 1_600_000_000_000 + turn++ * 3.6e9 });
  const { frames, projected } = await server.ask('settle');
  if (frames !== projected) throw new Error(`${frames} frames were accepted, ${projected} stored`);
  return framesPerS;
}

/** A B B A …: a ratio for each pair of neighbours. */
async function interleaved(a: () => Promise<number>, b: () => Promise<number>) {
  const rates: { a: number[]; b: number[] } = { a: [], b: [] };
  for (let pair = 0; pair < PAIRS; pair++) {
    for (const which of pair % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const)) {
      rates[which].push(await (which === 'a' ? a() : b()));
    }
  }
  return { ...rates, ratios: rates.a.map((value, i) => value / rates.b[i]!) };
}

const durable = await IngestServer.start('fsync');
const volatile = await IngestServer.start('no-fsync');
const ten = { clients: 10, window: 100 };
const fiveHundred = { clients: 500, window: 4 };
await rate(durable, ten);
await rate(volatile, ten);

const fsync = await interleaved(
  () => rate(durable, ten),
  () => rate(volatile, ten),
);
console.log(
  `10 clients, with fsync       ${told(fsync.a, 0)} frames/s, ${told(
    fsync.a.map((r) => r * CHANNELS),
    0,
  )} readings/s`,
);
console.log(`10 clients, without fsync    ${told(fsync.b, 0)} frames/s`);
console.log(`with / without               ${told(fsync.ratios, 2)}   floor 0.85`);

const many = await interleaved(
  () => rate(durable, fiveHundred),
  () => rate(durable, ten),
);
console.log(`500 clients, 4 in flight     ${told(many.a, 0)} frames/s`);
console.log(`10 clients                   ${told(many.b, 0)} frames/s`);
console.log(`500 / 10                     ${told(many.ratios, 2)}   floor 0.50`);

const deep = await interleaved(
  () => rate(durable, { clients: 500, window: 20 }),
  () => rate(durable, ten),
);
console.log(`500 clients, 20 in flight    ${told(deep.a, 0)} frames/s`);
console.log(`500 / 10                     ${told(deep.ratios, 2)}`);

const cbor = await interleaved(
  () => rate(durable, { ...ten, encoding: 'cbor' }),
  () => rate(durable, ten),
);
console.log(
  `10 clients, CBOR             ${told(cbor.a, 0)} frames/s, ${told(
    cbor.a.map((r) => r * CHANNELS),
    0,
  )} readings/s`,
);
console.log(`CBOR / JSON                  ${told(cbor.ratios, 2)}`);

await durable.stop();
await volatile.stop();
