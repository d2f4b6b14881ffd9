import fc from 'fast-check';
import { expect } from 'vitest';
import { channelKind, roundTo } from '../../src/contract/channel.ts';
import { type Frame, framesOf, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { type DecodeContext, decodePack } from '../../src/contract/senml/decode.ts';
import type { Outcome } from './senml-schema.ts';

/** Packs to throw at the decoder: mostly right, wrong in every way a sender can be. */

export const NOW_MS = 1_754_000_000_000;
const DEVICE = 'grower-a/unit-7';

export const CTX: DecodeContext = {
  device: DEVICE,
  nowMs: NOW_MS,
  futureToleranceMs: 60_000,
  maxRecords: 12,
  maxPayloadBytes: 65_536,
};

const out = new FrameBatchBuilder();
const BEFORE: Frame = {
  device: 'grower-a/unit-1',
  timeMs: NOW_MS,
  seq: 1,
  layout: internLayout(['air']),
  values: Float64Array.of(4),
};

/** Decodes behind a frame that is already there, and checks that a refusal leaves just that. */
export function decode(payload: Uint8Array, ctx: DecodeContext = CTX): Outcome {
  out.addFrame(BEFORE);
  const reason = decodePack(payload, ctx, out);
  const [first, ...frames] = framesOf(out.take());
  expect(first).toEqual(BEFORE);
  if (reason === null) return { frames };
  expect(frames).toEqual([]);
  return { reason };
}

/** One field of a record: label and value as JSON text. */
type Field = readonly [string, string];

const UNITS: Record<string, string> = { seq: 'count', humidity: '%RH', door: '/', lat: 'lat', power: 'W' };
const unitOf = (name: string): string => UNITS[name] ?? 'Cel';

const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd });

const decimal = fc
  .tuple(fc.integer({ min: -40_000_000, max: 90_000_000 }), fc.integer({ min: 0, max: 7 }))
  .map(([m, d]) => String(m / 10 ** d));

/** Number tokens of RFC 8259 in all their forms. */
export const numberText = fc.oneof(
  { weight: 6, arbitrary: decimal },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 1000 }).map(String) },
  {
    weight: 1,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? '-0' : String(x))),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '-0',
      '0.0',
      '1e999',
      '-1E+400',
      '9007199254740991',
      '9007199254740993',
      '0.0005',
      '1e-7',
    ),
  },
);

const name = rarely(
  fc.constantFrom('seq', 'air', 'air-supply', 'pulp-1', 'pulp-2', 'humidity', 'door', 'lat', 'power'),
  fc.constantFrom(
    '',
    'nope',
    'pulp-100',
    'a b',
    '_air',
    'Größe',
    `${DEVICE}/air`,
    'grower-a/unit-8/air',
    'seq-1',
    'ai',
  ),
);

const baseName = rarely(
  fc.constant(`${DEVICE}/`),
  fc.constantFrom('', 'grower-a/', `${DEVICE}/pulp-`, 'grower-a/unit-8/', 'urn:dev:x:', 'unit 7/', `${DEVICE}`),
);

const time = rarely(
  fc.constantFrom('-5', '0', '0.001', '-0.0004', '59.9', '1753999999.5', '1754000000', '1754000000.123'),
  fc.constantFrom('268435455', '268435456', '1754000061', '1e999', '-1e300', '900000000', '-2e9', '1.7540e9'),
);

const some = (field: Field): Field[] => [field];
const none: fc.Arbitrary<Field[]> = fc.constant([]);
const maybe = (weight: number, arbitrary: fc.Arbitrary<Field>): fc.Arbitrary<Field[]> =>
  fc.oneof({ weight: 20 - weight, arbitrary: none }, { weight, arbitrary: arbitrary.map(some) });

const wrongType: fc.Arbitrary<Field> = fc.tuple(
  fc.constantFrom('bver', 'bn', 'bt', 'bu', 'bv', 'bs', 'n', 'u', 'v', 'vs', 'vb', 's', 't', 'ut', 'vd'),
  fc.constantFrom('null', '"x"', '1', 'true', '[]', '{"a":[1]}', 'NaN', '[[[[[[[[[[1]]]]]]]]]]'),
);

const unknown: fc.Arbitrary<Field> = fc.tuple(
  rarely(fc.constantFrom('x', 'foo', 'N', 'vbx', ''), fc.constantFrom('must_', '__proto__', '_')),
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }).map((v) => JSON.stringify(v)),
    fc.constantFrom('{"a":1,"a":2}', '[[[[[[[0]]]]]]]', '{"ä":"\\ud83d\\ude00"}'),
  ),
);

const measured: fc.Arbitrary<Field[]> = name.chain((n) =>
  fc
    .record({
      value: rarely<Field[]>(
        n === 'door' ? fc.constantFrom<Field[]>([['vb', 'true']], [['v', '0']]) : numberText.map((v) => [['v', v]]),
        fc.constantFrom<Field[]>(
          [],
          [['vb', 'false']],
          [['vs', '"warm"']],
          [['vd', '"aGk"']],
          [
            ['v', '1'],
            ['vb', 'true'],
          ],
          [['s', '1']],
          [
            ['v', '1'],
            ['s', '2'],
          ],
        ),
      ),
      unit: rarely<Field[]>(
        fc.constant([['u', JSON.stringify(unitOf(n))]]),
        fc.constantFrom<Field[]>([], [['u', '"Far"']], [['u', '"/"']]),
      ),
    })
    .map(({ value, unit }): Field[] => [['n', JSON.stringify(n)], ...unit, ...value]),
);

const record: fc.Arbitrary<Field[]> = fc
  .tuple(
    maybe(
      1,
      numberText.map((v): Field => ['bv', v]),
    ),
    maybe(
      2,
      fc.constantFrom('"Cel"', '"%RH"').map((v): Field => ['bu', v]),
    ),
    maybe(
      1,
      fc.constantFrom('10', '10.0', '5', '11').map((v): Field => ['bver', v]),
    ),
    maybe(
      3,
      time.map((v): Field => ['bt', v]),
    ),
    maybe(
      3,
      baseName.map((v): Field => ['bn', JSON.stringify(v)]),
    ),
    rarely(measured, none),
    maybe(
      3,
      time.map((v): Field => ['t', v]),
    ),
    maybe(
      1,
      numberText.map((v): Field => ['ut', v]),
    ),
    maybe(1, unknown),
    maybe(1, fc.oneof({ weight: 1, arbitrary: wrongType }, { weight: 3, arbitrary: unknown })),
  )
  .chain((parts) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(parts.flat()) },
      { weight: 1, arbitrary: fc.shuffledSubarray(parts.flat(), { minLength: parts.flat().length }) },
    ),
  );

/** How a pack is written down: the space between tokens, and whether a letter of each key is escaped. */
const style = fc.record({ space: fc.constantFrom('', '', '', ' ', '\r\n\t '), escapeKeys: fc.boolean() });

/** JSON packs by structure. */
export const jsonPack: fc.Arbitrary<Buffer> = fc
  .tuple(fc.array(record, { maxLength: 9 }), style, fc.integer({ min: 0, max: 7 }))
  .map(([records, { space, escapeKeys }, odd]) => {
    const key = (k: string): string =>
      escapeKeys && odd === 0 && k !== '' ? `\\u${k.charCodeAt(0).toString(16).padStart(4, '0')}${k.slice(1)}` : k;
    const member = ([k, v]: Field): string => `${space}"${key(k)}"${space}:${space}${v}${space}`;
    return Buffer.from(
      `${space}[${records.map((fields) => `${space}{${fields.map(member).join(',')}}${space}`).join(',')}]${space}`,
    );
  });

/** A change to bytes: flips, cuts, insertions. */
export const mutation = fc.array(
  fc.record({
    kind: fc.constantFrom('flip', 'cut', 'drop', 'insert'),
    at: fc.nat(),
    byte: fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0x22, 0x2c, 0x2e, 0x30, 0x5b, 0x5d, 0x65, 0x7b, 0x7d),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

export function mutate(payload: Uint8Array, changes: Mutation): Buffer {
  let bytes = Buffer.from(payload);
  for (const { kind, at, byte } of changes) {
    const i = at % (bytes.length + 1);
    if (kind === 'flip' && i < bytes.length) bytes[i] = bytes[i]! ^ (1 << (byte & 7));
    else if (kind === 'cut') bytes = bytes.subarray(0, i);
    else if (kind === 'drop') bytes = Buffer.concat([bytes.subarray(0, i), bytes.subarray(i + 1)]);
    else bytes = Buffer.concat([bytes.subarray(0, i), Buffer.of(byte), bytes.subarray(i)]);
  }
  return bytes;
}

const SAMPLED = [
  'air',
  'air-supply',
  'pulp-1',
  'pulp-2',
  'humidity',
  'door',
  'unit-on',
  'power',
  'lat',
  'lon',
  'battery',
];

/** A measured value as a frame holds it: rounded to its channel, any size that its resolution allows. */
const kept = (channel: string): fc.Arbitrary<number> => {
  const { decimals } = channelKind(channel)!;
  const most = 2 ** 51;
  return fc
    .oneof(fc.integer({ min: -50_000, max: 200_000 }), fc.integer({ min: -most, max: most }))
    .map((units) => roundTo(units / 10 ** decimals, decimals));
};

const frame: fc.Arbitrary<Frame> = fc
  .record({
    timeMs: fc.integer({ min: Date.UTC(2000), max: NOW_MS + 60_000 }),
    seq: fc.option(fc.maxSafeNat()),
    channels: fc.subarray(SAMPLED, { minLength: 1 }),
  })
  .chain(({ timeMs, seq, channels }) => {
    const layout = internLayout(channels);
    return fc
      .tuple(...layout.channels.map(kept))
      .map((values) => ({ device: CTX.device, timeMs, seq, layout, values: Float64Array.from(values) }));
  });

/** Frames of one device at distinct times: what one pack may hold. */
export const frames: fc.Arbitrary<Frame[]> = fc.uniqueArray(frame, {
  minLength: 1,
  maxLength: 4,
  selector: (f) => f.timeMs,
});
