import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { channelKind, roundTo } from '../../src/contract/channel.ts';
import { type Frame, internLayout } from '../../src/contract/frame.ts';
import type { Reason } from '../../src/contract/reason.ts';
import type { DecodeContext } from '../../src/contract/senml/decode.ts';

/**
 * SenML a second time, slow and plain: JSON.parse, a zod schema of the record (RFC 8428 §4.3, §5) and a resolver that
 * follows the text clause by clause. The hand-written decoder must agree with it on every input.
 */

/** Any double: JSON.parse makes Infinity of 1e999, and only where it is used does it matter. */
const double = z.custom<number>((v) => typeof v === 'number');

export const senmlRecord = z.looseObject({
  bver: double.optional(),
  bn: z.string().optional(),
  bt: double.optional(),
  bu: z.string().optional(),
  bv: double.optional(),
  bs: double.optional(),
  n: z.string().optional(),
  u: z.string().optional(),
  v: double.optional(),
  vs: z.string().optional(),
  vb: z.boolean().optional(),
  s: double.optional(),
  t: double.optional(),
  ut: double.optional(),
  vd: z.string().optional(),
});

const senmlPack = z.array(senmlRecord);

export type SenmlRecord = z.infer<typeof senmlRecord>;

export type Outcome = { readonly frames: readonly Frame[] } | { readonly reason: Reason };

const DEPTH_MAX = 8;

/** What a JSON payload means; a `reason` of 'not-a-pack' stands for every refusal before the records are resolved. */
export function referenceDecode(payload: Uint8Array, ctx: DecodeContext): Outcome {
  const refused: Outcome = { reason: 'not-a-pack' };
  if (payload.length === 0 || payload.length > ctx.maxPayloadBytes || !isUtf8(payload)) return refused;
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused;
  }
  const pack = senmlPack.safeParse(json);
  if (!pack.success || !isStrict(text)) return refused;
  for (const record of json as object[]) if (Object.keys(record).some((key) => key.endsWith('_'))) return refused;
  return referenceResolve(pack.data, ctx);
}

/** Whether well-formed JSON text keeps its keys distinct and its nesting shallow, which JSON.parse does not tell. */
function isStrict(text: string): boolean {
  const open: (Set<string> | null)[] = [];
  let previous = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}:,]/g)) {
    if (token === ':') {
      const keys = open.at(-1)!;
      const key = JSON.parse(previous) as string;
      if (keys!.has(key)) return false;
      keys!.add(key);
    } else if (token === '{' || token === '[') open.push(token === '{' ? new Set() : null);
    else if (token === '}' || token === ']') open.pop();
    if (open.length > DEPTH_MAX) return false;
    previous = token;
  }
  return true;
}

/** RFC 8428 §4 over records that fit the schema. */
export function referenceResolve(records: readonly SenmlRecord[], ctx: DecodeContext): Outcome {
  const frames = new Map<number, { seq: number | null; values: Map<string, number> }>();
  const base = { bn: '', bt: 0, bu: undefined as string | undefined, bv: 0 };
  for (const [i, record] of records.entries()) {
    if (i >= ctx.maxRecords) return { reason: 'too-many-records' };
    if (record.bn !== undefined) base.bn = record.bn;
    if (record.bt !== undefined) base.bt = record.bt;
    if (record.bu !== undefined) base.bu = record.bu;
    if (record.bv !== undefined) base.bv = record.bv;
    const reading = resolveRecord(record, base, ctx);
    if (reading === null) continue;
    if (typeof reading === 'string') return { reason: reading };
    const { channel, timeMs, value } = reading;
    const frame = frames.get(timeMs) ?? { seq: null, values: new Map<string, number>() };
    frames.set(timeMs, frame);
    if (channel === 'seq') {
      if (frame.seq !== null) return { reason: 'duplicate-channel' };
      frame.seq = value;
    } else {
      if (frame.values.has(channel)) return { reason: 'duplicate-channel' };
      frame.values.set(channel, value);
    }
  }
  if (frames.size === 0) return { reason: 'empty-pack' };
  const result: Frame[] = [];
  for (const [timeMs, { seq, values }] of frames) {
    if (values.size === 0) return { reason: 'empty-pack' };
    const layout = internLayout([...values.keys()]);
    const inOrder = Float64Array.from(layout.channels, (channel) => values.get(channel)!);
    result.push({ device: ctx.device, timeMs, seq, layout, values: inOrder });
  }
  return { frames: result };
}

interface Reading {
  readonly channel: string;
  readonly timeMs: number;
  readonly value: number;
}

function resolveRecord(
  record: SenmlRecord,
  base: { bn: string; bt: number; bu: string | undefined; bv: number },
  ctx: DecodeContext,
): Reading | Reason | null {
  if (record.bver !== undefined && record.bver !== 10) return 'bad-version';
  const values = [record.v, record.vs, record.vb, record.vd].filter((v) => v !== undefined);
  const regular = [record.n, record.u, record.s, record.t, record.ut, ...values].some((f) => f !== undefined);
  const sets = [record.bver, record.bn, record.bt, record.bu, record.bv, record.bs].some((f) => f !== undefined);
  if (values.length > 1 || (values.length === 0 && (regular || !sets))) return 'no-value';
  if (record.s !== undefined || record.bs !== undefined) return 'bad-field';
  if (values.length === 0) return null;
  if (record.vs !== undefined || record.vd !== undefined) return 'not-a-number';

  const name = base.bn + (record.n ?? '');
  if (!/^[A-Za-z0-9][-A-Za-z0-9:./_]*$/.test(name)) return 'bad-name';
  if (name.includes('/') && !name.startsWith(`${ctx.device}/`)) return 'name-mismatch';
  const channel = name.includes('/') ? name.slice(ctx.device.length + 1) : name;
  const kind = channel === 'seq' ? { unit: 'count', decimals: 0 } : channelKind(channel);
  if (!kind) return 'unknown-channel';

  if (record.vb !== undefined && kind.unit !== '/') return 'not-a-number';
  const unit = record.vb === undefined ? (record.u ?? base.bu) : (record.u ?? '/');
  if (unit !== kind.unit) return 'wrong-unit';

  const value = record.vb === undefined ? base.bv + record.v! : Number(record.vb);
  if (!Number.isFinite(value)) return 'not-a-number';
  if (channel === 'seq' && (!Number.isInteger(value) || value < 0 || value > 2 ** 53 - 1)) return 'bad-seq';
  if (channel !== 'seq' && Math.abs(value) * 10 ** kind.decimals > 2 ** 51) return 'value-out-of-range';

  const seconds = base.bt + (record.t ?? 0);
  const timeMs = seconds < 2 ** 28 ? ctx.nowMs + Math.round(seconds * 1000) : Math.round(seconds * 1000);
  if (!Number.isFinite(timeMs) || timeMs < Date.UTC(2000)) return 'bad-time';
  if (timeMs > ctx.nowMs + ctx.futureToleranceMs) return 'far-future';
  return { channel, timeMs, value: roundTo(value, kind.decimals) };
}
