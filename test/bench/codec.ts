/**
 * The SenML codec against what one would write first: JSON.parse (or cbor-x) and a check by hand. Both sides end with
 * the same frames in the same builder, which is verified before anything is timed. A B B A, median ratio and spread;
 * rates are per second of processor time, since other work on the machine is nobody's fault.
 *
 *   npx tsx test/bench/codec.ts
 */
import { Decoder } from 'cbor-x';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { channelKind, roundTo, SEQ_NAME } from '../../src/contract/channel.ts';
import { type Frame, type FrameBatch, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { type DecodeContext, decodePack } from '../../src/contract/senml/decode.ts';
import { encodeCbor, encodeJson } from '../../src/contract/senml/encode.ts';

const PAIRS = 7;
const PACKS = 4000;
const PASSES = 10;
const NOW_MS = 1_754_000_000_000;

interface Pack {
  readonly ctx: DecodeContext;
  readonly payload: Uint8Array;
}

type Decode = (payload: Uint8Array, ctx: DecodeContext, out: FrameBatchBuilder) => string | null;

const TRUCK = ['air-supply', 'air-return', 'pulp-1', 'pulp-2', 'pulp-3', 'humidity', 'door', 'lat', 'lon', 'battery'];
const ROOM = ['air-1', 'air-2', 'air-3', 'pulp-1', 'pulp-2', 'humidity', 'door', 'unit-on', 'power', 'set-point'];

function framesOf(layouts: readonly (readonly string[])[]): Frame[] {
  const random = xoroshiro128plus(42);
  return Array.from({ length: PACKS }, (_, i) => {
    const layout = internLayout(layouts[i % layouts.length]!);
    const values = layout.channels.map((c) => {
      const { decimals } = channelKind(c)!;
      return decimals === 0
        ? uniformInt(random, 0, 1)
        : roundTo(uniformInt(random, -5_000_000, 40_000_000) / 1e6, decimals);
    });
    return { device: `carrier-a/truck-${i % 500}`, timeMs: NOW_MS + i * 7, seq: i, layout, values };
  });
}

/** The check of a plain JSON.parse result: base name and time, names, units, resolution; no duplicate keys, no depth. */
function addParsed(
  records: unknown,
  label: (key: string) => string | number,
  ctx: DecodeContext,
  out: FrameBatchBuilder,
) {
  if (!Array.isArray(records) || records.length > ctx.maxRecords) return 'not-a-pack';
  const [BN, BT, N, U, V, T] = ['bn', 'bt', 'n', 'u', 'v', 't'].map(label) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  let baseName = '';
  let baseTime = 0;
  const prefix = `${ctx.device}/`;
  const frames = new Map<number, { seq: number; channels: string[]; values: number[] }>();
  for (const record of records as Record<string, unknown>[]) {
    if (typeof record !== 'object' || record === null) return 'not-a-pack';
    if (record[BN] !== undefined) baseName = record[BN] as string;
    if (record[BT] !== undefined) baseTime = record[BT] as number;
    const name = baseName + (record[N] ?? '');
    const value = record[V];
    if (typeof value !== 'number') return 'no-value';
    if (!name.startsWith(prefix)) return 'name-mismatch';
    const channel = name.slice(prefix.length);
    const timeMs = Math.round((baseTime + ((record[T] as number | undefined) ?? 0)) * 1000);
    if (!(timeMs > 946_684_800_000 && timeMs <= ctx.nowMs + ctx.futureToleranceMs)) return 'bad-time';
    let frame = frames.get(timeMs);
    if (!frame) {
      frame = { seq: Number.NaN, channels: [], values: [] };
      frames.set(timeMs, frame);
    }
    if (channel === SEQ_NAME) {
      frame.seq = value;
      continue;
    }
    const kind = channelKind(channel);
    if (!kind) return 'unknown-channel';
    if (record[U] !== kind.unit) return 'wrong-unit';
    if (frame.channels.includes(channel)) return 'duplicate-channel';
    frame.channels.push(channel);
    frame.values.push(roundTo(value, kind.decimals));
  }
  for (const [timeMs, { seq, channels, values }] of frames) {
    const layout = internLayout(channels);
    out.add(
      ctx.device,
      timeMs,
      seq,
      layout,
      layout.channels.map((c) => values[channels.indexOf(c)]!),
    );
  }
  return null;
}

const jsonParse: Decode = (payload, ctx, out) => addParsed(JSON.parse(payload.toString()), (k) => k, ctx, out);

const cborX = new Decoder({ mapsAsObjects: true, useRecords: false });
const CBOR_LABEL: Record<string, number> = { bn: -2, bt: -3, n: 0, u: 1, v: 2, t: 6 };
const cborDecode: Decode = (payload, ctx, out) => addParsed(cborX.decode(payload), (k) => CBOR_LABEL[k]!, ctx, out);

function decodeAll(decode: Decode, packs: readonly Pack[], out: FrameBatchBuilder): FrameBatch {
  for (const { payload, ctx } of packs) {
    const reason = decode(payload, ctx, out);
    if (reason) throw new Error(`refused: ${reason}`);
  }
  return out.take();
}

/** Readings per second of one timed run. */
function timed(decode: Decode, packs: readonly Pack[], readings: number): number {
  const out = new FrameBatchBuilder();
  const from = cpuMs();
  for (let pass = 0; pass < PASSES; pass++) decodeAll(decode, packs, out);
  return (readings * PASSES * 1000) / (cpuMs() - from);
}

/** Processor time of this process, ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const median = (xs: number[]): number => [...xs].sort((a, b) => a - b)[xs.length >> 1]!;
const millions = (rate: number): string => `${(rate / 1e6).toFixed(2)}M`;

function compare(
  title: string,
  a: Decode,
  b: Decode,
  frames: readonly Frame[],
  encode: (f: Frame[]) => Uint8Array,
): void {
  const packs = frames.map((frame) => ({
    payload: Buffer.from(encode([frame])),
    ctx: {
      device: frame.device,
      nowMs: NOW_MS + 60_000,
      futureToleranceMs: 60_000,
      maxRecords: 1000,
      maxPayloadBytes: 65_536,
    },
  }));
  const readings = frames.reduce((sum, frame) => sum + frame.layout.channels.length, 0);
  const ours = decodeAll(a, packs, new FrameBatchBuilder());
  if (JSON.stringify(ours) !== JSON.stringify(decodeAll(b, packs, new FrameBatchBuilder())))
    throw new Error(`${title}: unequal frames`);
  for (let i = 0; i < 3; i++) for (const side of [a, b]) timed(side, packs, readings);
  const rates: { a: number[]; b: number[] } = { a: [], b: [] };
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const a1 = timed(a, packs, readings);
    const b1 = timed(b, packs, readings);
    const b2 = timed(b, packs, readings);
    const a2 = timed(a, packs, readings);
    rates.a.push(a1, a2);
    rates.b.push(b1, b2);
    ratios.push((a1 + a2) / (b1 + b2));
  }
  const bytes = Math.round(packs.reduce((sum, p) => sum + p.payload.length, 0) / packs.length);
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  console.log(
    `${title.padEnd(44)} ${bytes} B  ${millions(median(rates.a))} | ${millions(median(rates.b))} readings/s  ratio ${median(ratios).toFixed(2)} (${spread})`,
  );
}

function encodeRate(title: string, encode: (f: Frame[]) => Uint8Array, frames: readonly Frame[]): void {
  const singles = frames.map((frame) => [frame]);
  const rates: number[] = [];
  for (let i = 0; i < 3 + PAIRS; i++) {
    const from = cpuMs();
    for (let pass = 0; pass < PASSES; pass++) for (const single of singles) encode(single);
    rates.push((PACKS * 10 * PASSES * 1000) / (cpuMs() - from));
  }
  console.log(`${title.padEnd(44)} ${millions(median(rates.slice(3)))} readings/s`);
}

const trucks = framesOf([TRUCK]);
const mixed = framesOf([TRUCK, ROOM, TRUCK.slice(0, 6), ROOM.slice(3)]);
console.log(`one-frame packs of 10 channels and seq; decodePack | the check by hand; node ${process.version}`);
compare('JSON, one layout', decodePack, jsonParse, trucks, encodeJson);
compare('JSON, four layouts in turn', decodePack, jsonParse, mixed, encodeJson);
compare('CBOR, one layout (against cbor-x)', decodePack, cborDecode, trucks, encodeCbor);
encodeRate('encodeJson', encodeJson, trucks);
encodeRate('encodeCbor', encodeCbor, trucks);
