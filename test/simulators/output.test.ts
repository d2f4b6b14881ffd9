import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../simulators/output/byte-writer.ts';
import { escapeKey } from '../../simulators/output/influx.ts';
import { OUTPUT_FORMATS, outputFormat } from '../../simulators/output/registry.ts';
import { TextSink } from '../../simulators/output/text-sink.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import { runSimulation } from '../../simulators/run.ts';
import { roundTo } from '../../src/contract/channel.ts';
import { framesOf } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { decodePack } from '../../src/contract/senml/decode.ts';
import { planWithOutage, scansIn, toyPlan, toyWorld } from './toy-plan.ts';

/** A run in which one device is away for a while. */
const plan = planWithOutage(7, 31);
const frames = [...runSimulation(plan, toyWorld())].flatMap((slice) => slice.packs.flatMap((pack) => pack.frames));

function written(name: string, of: Plan = plan, sliceMs?: number): string {
  const writer = outputFormat(name)!.open!();
  let text = '';
  for (const slice of runSimulation(of, toyWorld(), sliceMs === undefined ? {} : { sliceMs }))
    text += writer.slice(slice).toString();
  return text + writer.end();
}

const linesOf = (text: string): string[] => {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
};

describe('every output format', () => {
  it.each(OUTPUT_FORMATS.filter((format) => format.open !== null).map((format) => format.name))(
    '%s is the same bytes for the same plan, wherever it is cut',
    (name) => {
      const whole = written(name);
      expect(written(name)).toBe(whole);
      expect(written(name, plan, 61_000)).toBe(whole);
      expect(written(name, toyPlan({ ...plan, seed: 8 }))).not.toBe(whole);
    },
  );
});

describe('ndjson', () => {
  it('has a line for each frame and each event, in order', () => {
    const lines = linesOf(written('ndjson')).map((line) => JSON.parse(line));
    expect(lines.filter((line) => 'device' in line)).toEqual(
      frames.map((frame) => ({
        device: frame.device,
        time: new Date(frame.timeMs).toISOString(),
        seq: frame.seq,
        values: Object.fromEntries(frame.layout.channels.map((channel, i) => [channel, frame.values[i]])),
      })),
    );
    expect(lines.filter((line) => 'event' in line)).toEqual(scansIn(plan).map(({ org, event }) => ({ org, event })));
    expect(lines[0]).toHaveProperty('event');
  });
});

describe('senml', () => {
  it('has one pack a line, which decodes to the frames of the run', () => {
    const decoded = new FrameBatchBuilder();
    const limits = { nowMs: plan.endMs, futureToleranceMs: 0, maxRecords: 1000, maxPayloadBytes: 100_000 };
    for (const line of linesOf(written('senml'))) {
      const device = /"bn":"([^"]+)\/"/.exec(line)![1]!;
      expect(decodePack(Buffer.from(line), { device, ...limits }, decoded)).toBeNull();
    }
    const plain = (values: ArrayLike<number>) => Array.from(values);
    expect([...framesOf(decoded.take())].map((f) => ({ ...f, values: plain(f.values) }))).toEqual(
      frames.map((f) => ({ ...f, values: plain(f.values) })),
    );
  });
});

describe('influx', () => {
  it('is line protocol with a device tag, a field for each channel, seq and milliseconds', () => {
    const lines = linesOf(written('influx'));
    expect(lines).toHaveLength(frames.length);
    const first = frames[0]!;
    const [airReturn, door, pulp] = Array.from(first.values);
    expect(lines[0]).toBe(
      `telemetry,device=${first.device} air-return=${airReturn},door=${door},pulp-1=${pulp},seq=0 ${first.timeMs}`,
    );
  });

  it.each([
    ['o/d', 'o/d'],
    ['a b', 'a\\ b'],
    ['a,b=c', 'a\\,b\\=c'],
    ['a\nb', 'a\\ b'],
    ['"q"', '"q"'],
  ])('escapes %j to %j in tags and field names', (text, escaped) => {
    expect(escapeKey(text)).toBe(escaped);
  });
});

describe('csv', () => {
  it('has a head and a line for each reading with its unit', () => {
    const lines = linesOf(written('csv'));
    const first = frames[0]!;
    const time = new Date(first.timeMs).toISOString();
    expect(lines.slice(0, 3)).toEqual([
      'time,device,channel,value,unit',
      `${time},${first.device},air-return,${first.values[0]},Cel`,
      `${time},${first.device},door,${first.values[1]},/`,
    ]);
    expect(lines).toHaveLength(1 + frames.length * 3);
  });

  it('has its head even where nothing was reported', () => {
    expect(written('csv', toyPlan({ devices: [] }))).toBe('time,device,channel,value,unit\n');
  });
});

describe('ByteWriter', () => {
  it('writes readings as String does, at every resolution of a channel', () => {
    const values = fc.oneof(fc.double({ min: -1e7, max: 1e7, noNaN: true }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(values, fc.constantFrom(0, 1, 3, 6)), { maxLength: 50 }), (readings) => {
        const rounded = readings.map(([value, decimals]) => [roundTo(value, decimals), decimals] as const);
        const out = new ByteWriter();
        for (const [value, decimals] of rounded) out.decimal(value, decimals);
        expect(out.take().toString()).toBe(rounded.map(([value]) => String(value)).join(''));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes numbers that have more decimals than promised as they are', () => {
    const out = new ByteWriter();
    for (const value of [0.1234567, 1e-9, 2 ** 40 + 0.5, -1e21]) out.decimal(value, 3);
    expect(out.take().toString()).toBe('0.12345671e-91099511627776.5-1e+21');
  });

  it('writes whole numbers as String does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (value) => {
        const out = new ByteWriter();
        out.integer(value);
        expect(out.take().toString()).toBe(String(value));
      }),
    );
  });
});

describe('TextSink', () => {
  /** A stream that takes a chunk only when told to. */
  function slowStream(): { stream: Writable; taken: string[]; takeNext: () => void } {
    const taken: string[] = [];
    let takeNext = () => {};
    const stream = new Writable({
      highWaterMark: 4,
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        takeNext = () => {
          taken.push(chunk);
          done();
        };
      },
    });
    return { stream, taken, takeNext: () => takeNext() };
  }

  it('waits for a reader that is slower', async () => {
    const { stream, taken, takeNext } = slowStream();
    const sink = new TextSink(stream);
    let done = false;
    const write = sink.write('more than four').then((open) => {
      done = true;
      return open;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    takeNext();
    expect(await write).toBe(true);
    expect(taken).toEqual(['more than four']);
    expect(stream.listenerCount('drain') + stream.listenerCount('close')).toBe(0);
  });

  it('says so, and throws nothing, when the reader went away', async () => {
    const { stream } = slowStream();
    const sink = new TextSink(stream);
    const write = sink.write('more than four');
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    expect(await write).toBe(false);
    expect(await sink.write('x')).toBe(false);
    await sink.flush();
  });

  it('throws any other error of the stream', async () => {
    const { stream } = slowStream();
    const sink = new TextSink(stream);
    const write = sink.write('more than four');
    stream.destroy(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    await expect(write).rejects.toThrow('no space left');
  });
});
