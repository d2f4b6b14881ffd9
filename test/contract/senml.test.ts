import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import type { Reason } from '../../src/contract/reason.ts';
import { decodePack } from '../../src/contract/senml/decode.ts';
import { encodeCbor, encodeJson } from '../../src/contract/senml/encode.ts';
import { CTX, decode, frames, mutate, mutation, NOW_MS } from './senml-packs.ts';
import { referenceDecode } from './senml-schema.ts';

const WIDE = { ...CTX, maxRecords: 1000 };
const json = (text: string) => decode(Buffer.from(text), WIDE);
const hex = (text: string) => decode(Buffer.from(text.replaceAll(' ', ''), 'hex'), WIDE);

/** The frames of a pack as [ms from now, seq, channel values]. */
function content(outcome: ReturnType<typeof decode>) {
  if ('reason' in outcome) return outcome.reason;
  return outcome.frames.map((f) => [
    f.timeMs - NOW_MS,
    f.seq,
    Object.fromEntries(f.layout.channels.map((channel, i) => [channel, f.values[i]])),
  ]);
}

/** One record that measures air, with more fields or another value. */
const air = (more: string, value = '"v":4.5') => `[{"n":"air","u":"Cel",${value}${more === '' ? '' : ','}${more}}]`;
const deep = (n: number) => '['.repeat(n) + ']'.repeat(n);

/** Every reason the decoder can give, by the smallest payloads that earn it. */
const REFUSALS: Partial<Record<Reason, readonly (string | Uint8Array)[]>> = {
  'payload-empty': [''],
  'payload-too-large': [air('').padEnd(WIDE.maxPayloadBytes + 1)],
  'not-utf8': [
    Buffer.from('[{"n":"a\xffir","u":"Cel","v":1}]', 'latin1'),
    Buffer.from(air('"x":"\xc3"'), 'latin1'),
    Buffer.from([0xff, 0xfe, 0x5b]),
    Buffer.from([0x9c]),
    Buffer.from('[]\x80', 'latin1'),
  ],
  'json-syntax': [
    ' ',
    '[',
    '[{',
    '[{"n"',
    '[{"n":',
    '[{"n":"air',
    air('').slice(0, -1),
    `${air('')}x`,
    `${air('')}${air('')}`,
    `\ufeff${air('')}`,
    '[,]',
    '[{"n":"air",}]',
    `${air('').slice(0, -1)},]`,
    '[{"n" "air"}]',
    "[{'n':1}]",
    '[{n:1}]',
    'NaN',
    '[{"t":NaN}]',
    '{"n":"air"',
    air('', '"v":01'),
    air('', '"v":1.'),
    air('', '"v":.5'),
    air('', '"v":+1'),
    air('', '"v":-'),
    air('', '"v":1e'),
    air('', '"v":0x1'),
    air('"x":tru'),
    air('"x":"\\x"'),
    air('"x":"\\u12g4"'),
    air('"x":"\n"'),
    air('"x":"\0"'),
    air('', '"vb":tRue'),
    air('"x":[1,]'),
    air('"x":{"a"}'),
    `${air('')}\0`,
    '\0',
  ],
  'cbor-syntax': [
    Buffer.from('81', 'hex'),
    Buffer.from('9f', 'hex'),
    Buffer.from('81a1', 'hex'),
    Buffer.from('81a100', 'hex'),
    Buffer.from('81a10063616972', 'hex').subarray(0, 6),
    Buffer.from('81a1006361ff72', 'hex'),
    Buffer.from('8000', 'hex'),
    Buffer.from('81a102fb0000', 'hex'),
    Buffer.from('81a1021c', 'hex'),
    Buffer.from('81a102ff', 'hex'),
    Buffer.from('81a104f814', 'hex'),
    Buffer.from('81ff', 'hex'),
    Buffer.from('81bf00ff', 'hex'),
    Buffer.from('81a1007f4161ff', 'hex'),
  ],
  'too-deep': [
    deep(9),
    `${'['.repeat(60_000)}`,
    air(`"x":${deep(7)}`),
    air('', `"v":${deep(7)}`),
    `[{"x":${'{"a":'.repeat(7)}`,
    Buffer.from(`81a10281818181818181${'80'}`, 'hex'),
    Buffer.alloc(60_000, 0x81),
  ],
  'duplicate-key': [
    air('"v":5'),
    air('"n":"air"'),
    air('"\\u0076":5'),
    air('"x":1,"x":2'),
    air('"x":{"a":1,"a":2}'),
    '[{"bn":"","bn":""}]',
    Buffer.from('81a2020102 02'.replace(' ', ''), 'hex'),
    Buffer.from('81a26178006178 01'.replace(' ', ''), 'hex'),
    Buffer.from('81a16178a201000100', 'hex'),
  ],
  'not-a-pack': [
    '{}',
    air('').slice(1, -1),
    '7',
    'null',
    '[7]',
    '[[]]',
    `[${air('').slice(1, -1)},null]`,
    Buffer.from('8101', 'hex'),
    Buffer.from('8180', 'hex'),
  ],
  'empty-pack': [
    '[]',
    '[ ]',
    '[{"bn":"grower-a/unit-7/"}]',
    '[{"n":"seq","u":"count","v":3}]',
    `[${air('').slice(1, -1)},{"n":"seq","u":"count","v":3,"t":-9}]`,
    Buffer.from('80', 'hex'),
    Buffer.from('9fff', 'hex'),
  ],
  'too-many-records': [
    `[${Array(1001).fill('{"bn":""}').join(',')}]`,
    Buffer.from('9903e9', 'hex'),
    Buffer.from('9b00ffffffffffffff', 'hex'),
    Buffer.from(`9f${'a12160'.repeat(1001)}ff`, 'hex'),
  ],
  'bad-version': [air('"bver":5'), air('"bver":11'), '[{"bver":10.5}]', Buffer.from('81a12005', 'hex')],
  'unknown-field': [
    air('"strict_":1'),
    air('"_":1'),
    Buffer.from('81a10900', 'hex'),
    Buffer.from('81a12600', 'hex'),
    Buffer.from('81a16176 05'.replace(' ', ''), 'hex'),
    Buffer.from('81a1f501', 'hex'),
    Buffer.from('81a1625f5f00', 'hex'),
  ],
  'bad-field': [
    air('', '"v":"4.5"'),
    air('', '"v":null'),
    air('', '"v":true'),
    air('', '"v":[1]'),
    '[{"n":5}]',
    '[{"u":null}]',
    '[{"vb":1}]',
    '[{"t":"now"}]',
    '[{"bver":"10"}]',
    '[{"bn":{}}]',
    air('"s":1'),
    '[{"bs":1}]',
    air('"bs":1'),
    Buffer.from('81a10005', 'hex'),
    Buffer.from('81a10261 35'.replace(' ', ''), 'hex'),
    Buffer.from('81a104f6', 'hex'),
    Buffer.from('81a102c482f90000 01'.replace(' ', ''), 'hex'),
    Buffer.from('81a102c24101', 'hex'),
  ],
  'bad-name': [
    '[{"u":"Cel","v":1}]',
    '[{"n":"","u":"Cel","v":1}]',
    '[{"n":"_air","u":"Cel","v":1}]',
    '[{"n":"a ir","u":"Cel","v":1}]',
    '[{"bn":"größe/","n":"air","u":"Cel","v":1}]',
    '[{"n":"/air","u":"Cel","v":1}]',
  ],
  'name-mismatch': [
    '[{"bn":"grower-a/unit-8/","n":"air","u":"Cel","v":1}]',
    '[{"n":"grower-b/unit-7/air","u":"Cel","v":1}]',

    '[{"bn":"grower-a/unit-77/","n":"air","u":"Cel","v":1}]',
  ],
  'unknown-channel': [
    '[{"n":"nope","u":"Cel","v":1}]',
    '[{"n":"pulp-0","u":"Cel","v":1}]',
    '[{"n":"seq-1","u":"count","v":1}]',
    '[{"bn":"grower-a/unit-7/","u":"Cel","v":1}]',
    '[{"n":"grower-a/unit-7/air/1","u":"Cel","v":1}]',
    '[{"n":"Air","u":"Cel","v":1}]',
  ],
  'no-value': [
    '[{}]',
    '[{"n":"air","u":"Cel"}]',
    air('"vb":true'),
    air('"vs":"x"'),
    '[{"n":"air","s":4}]',
    '[{"t":4}]',
    '[{"x":4}]',
    Buffer.from('81a0', 'hex'),
  ],
  'not-a-number': [
    air('', '"v":NaN'),
    air('', '"v":-Infinity'),
    air('', '"v":1e999'),
    air('"bv":-1e308', '"v":-1e308'),
    air('', '"vs":"warm"'),
    air('', '"vd":"aGk"'),
    air('', '"vb":true'),
    Buffer.from('81a3006361697201634365 6c02f97e00'.replace(' ', ''), 'hex'),
    Buffer.from('81a30063616972016343656c02f97c00', 'hex'),
  ],
  'value-out-of-range': [air('', '"v":2251799813686'), air('', '"v":-1e300'), '[{"n":"lat","u":"lat","v":2251799814}]'],
  'wrong-unit': [
    air('', '"v":1').replace('Cel', 'K'),
    '[{"n":"air","v":1}]',
    '[{"bu":"%RH","n":"air","v":1}]',
    '[{"n":"door","u":"Cel","vb":true}]',
    '[{"n":"seq","u":"/","v":1}]',
    '[{"n":"door","v":1}]',
  ],
  'duplicate-channel': [
    `[${air('').slice(1, -1)},${air('').slice(1, -1)}]`,
    '[{"n":"seq","u":"count","v":1},{"n":"seq","u":"count","v":1}]',
    '[{"n":"air","u":"Cel","v":1},{"n":"pulp","u":"Cel","v":1,"t":-1},{"n":"air","u":"Cel","v":1,"t":0.0001}]',
  ],
  'bad-time': [
    air('"t":-2e9'),
    air('"bt":-1e999'),
    air('"t":1e999'),
    air('"bt":1e308'),
    air('"t":268435456'),
    air('"bt":946684799.999'),
    Buffer.from('81a40063616972016343656c020106f97e00', 'hex'),
  ],
  'far-future': [air('"t":60.001'), air('"bt":1754000060,"t":0.001'), air('"bt":1e12')],
  'bad-seq': ['1.5', '-1', '9007199254740992'].map((v) => `[{"n":"seq","u":"count","v":${v}}]`),
};

describe('refusals', () => {
  test.each(
    Object.entries(REFUSALS).flatMap(([reason, payloads]) => payloads.map((payload, i) => ({ reason, i, payload }))),
  )('$reason $i', ({ reason, payload }) => {
    expect(decode(Buffer.from(payload as string), WIDE)).toEqual({ reason });
  });
});

describe('meaning', () => {
  test.each<[string, string, unknown]>([
    ['no time is now', '[{"n":"air","u":"Cel","v":4}]', [[0, null, { air: 4 }]]],
    ['a zero time is now', air('"bt":0,"t":0'), [[0, null, { air: 4.5 }]]],
    ['a time below 2^28 s is relative', air('"bt":-3600,"t":1.5'), [[-3_598_500, null, { air: 4.5 }]]],
    ['a time from 2^28 s on is absolute', air('"bt":1753999999.25'), [[-750, null, { air: 4.5 }]]],
    ['the sum of base time and time decides, not either', air('"bt":1754000001,"t":-1'), [[0, null, { air: 4.5 }]]],
    ['exactly at the tolerance is not too far', air('"t":60'), [[60_000, null, { air: 4.5 }]]],
    ['times round to the nearest ms', air('"bt":1753999999.1234996'), [[-877, null, { air: 4.5 }]]],
    ['values round to the resolution', air('', '"v":4.0006'), [[0, null, { air: 4.001 }]]],
    ['never to -0', air('', '"v":-0.0001'), [[0, null, { air: 0 }]]],
    ['base value adds', air('"bv":4', '"v":0.5'), [[0, null, { air: 4.5 }]]],
    [
      'base unit serves records without one',
      '[{"bu":"Cel","n":"air","v":1},{"n":"humidity","u":"%RH","v":90},{"n":"pulp","v":2}]',
      [[0, null, { air: 1, humidity: 90, pulp: 2 }]],
    ],
    [
      'base fields hold until replaced',
      '[{"bn":"grower-a/unit-7/pulp-","bt":-1,"bu":"Cel","bv":1,"n":"1","v":1},{"n":"2","v":2},{"bn":"","bt":0,"bv":0,"n":"air","v":3}]',
      [
        [-1000, null, { 'pulp-1': 2, 'pulp-2': 3 }],
        [0, null, { air: 3 }],
      ],
    ],
    [
      'a name may be whole in bn',
      '[{"bn":"grower-a/unit-7/air","u":"Cel","v":1,"t":-1},{"u":"Cel","v":2}]',
      [
        [-1000, null, { air: 1 }],
        [0, null, { air: 2 }],
      ],
    ],
    ['a name may be whole in n', '[{"n":"grower-a/unit-7/air","u":"Cel","v":1}]', [[0, null, { air: 1 }]]],
    [
      'a truth value is 1 or 0 and needs no unit',
      '[{"bu":"Cel","n":"door","vb":true},{"n":"unit-on","vb":false,"u":"/"}]',
      [[0, null, { door: 1, 'unit-on': 0 }]],
    ],
    [
      "seq is the frame's number",
      '[{"n":"seq","u":"count","v":9007199254740991},{"n":"air","u":"Cel","v":1}]',
      [[0, 9007199254740991, { air: 1 }]],
    ],
    [
      'instants may interleave; frames come in order of first appearance',
      '[{"n":"air","u":"Cel","v":1},{"n":"air","u":"Cel","v":2,"t":-5},{"n":"pulp","u":"Cel","v":3},{"n":"ambient","u":"Cel","v":4,"t":-5},{"n":"seq","u":"count","v":8,"t":-5}]',
      [
        [0, null, { air: 1, pulp: 3 }],
        [-5000, 8, { air: 2, ambient: 4 }],
      ],
    ],
    [
      'unknown fields are ignored',
      air('"x":{"deep":[{"er":null}]},"":"","V":7,"text":"\\ud83d\\ude00 ä"'),
      [[0, null, { air: 4.5 }]],
    ],
    ['update time is ignored', air('"ut":900'), [[0, null, { air: 4.5 }]]],
    ['escapes spell names', '[{"\\u006e":"\\u0061ir","u":"\\u0043el","\\u0076":1}]', [[0, null, { air: 1 }]]],
    ['space is free', ' \t\r\n[ { "n" : "air" , "u":"Cel","v" :\n1 } ] \n', [[0, null, { air: 1 }]]],
    ['eight levels are not too deep', air(`"x":${deep(6)}`), [[0, null, { air: 4.5 }]]],
  ])('%s', (_title, text, expected) => {
    expect(content(json(text))).toEqual(expected);
  });

  test('many instants in one pack', () => {
    const records = Array.from(
      { length: 900 },
      (_, i) => `{"n":"pulp-${(i % 3) + 1}","u":"Cel","v":${i},"t":${-Math.floor((i * 7) % 300)}}`,
    );
    const payload = Buffer.from(`[${records.join(',')}]`);
    expect(decode(payload, WIDE)).toEqual(referenceDecode(payload, WIDE));
  });

  test('a payload is read where it lies in its buffer, and may be any Uint8Array', () => {
    const whole = Buffer.from(`[1]${air('')}[2]`);
    const view = new Uint8Array(whole.buffer, whole.byteOffset + 3, whole.length - 6);
    expect(content(decode(view))).toEqual([[0, null, { air: 4.5 }]]);
  });
});

describe('CBOR', () => {
  const AIR = '00 63616972 01 6343656c';
  test.each<[string, string, unknown]>([
    ['definite', `81 a3 ${AIR} 02 04`, 4],
    ['indefinite array and map', `9f bf ${AIR} 02 04 ff ff`, 4],
    ['text in chunks', '81 a3 00 7f 6161 626972 ff 01 6343656c 02 04', 4],
    ['value before name', '81 a3 02 04 01 6343656c 00 63616972', 4],
    ['negative integer', `81 a3 ${AIR} 02 38 63`, -100],
    ['integer longer than it need be', `81 a3 ${AIR} 02 1b 0000000000000004`, 4],
    ['half', `81 a3 ${AIR} 02 f9 c480`, -4.5],
    ['subnormal half', `81 a3 ${AIR} 02 f9 03ff`, 0],
    ['single', `81 a3 ${AIR} 02 fa 40900000`, 4.5],
    ['double', `81 a3 ${AIR} 02 fb 4012000000000000`, 4.5],
    ['decimal fraction', `81 a3 ${AIR} 02 c4 82 22 19 1195`, 4.501],
    ['label longer than it need be', `81 a3 ${AIR} 18 02 04`, 4],
    [
      'unknown fields, skipped',
      `81 a5 61 78 bf 01 5f 4101 ff 02 f6 ff 61 79 d9 d9f7 82 f97e00 a1 80 f5 ${AIR} 02 04`,
      4,
    ],
  ])('%s', (_title, text, expected) => {
    expect(content(hex(text))).toEqual([[0, null, { air: expected }]]);
  });

  test('the dump of RFC 8428 §6, its names, units and version put into our words', () => {
    // urn:dev:ow:10e2073a0108006: → a device's prefix of the same length; voltage → power-1, current → power-2; V, A → W;
    // version 5, of a draft, → 10. Watts are kept whole, so 120.1, 1.2 … 1.7 round.
    const dump =
      `87a721781b75726e3a6465763a6f773a313065323037336130313038303036 3a22fb41d303a15b00106223614120050067766f6c746167650161
      5602fb405e066666666666a3006763757272656e74062402fb3ff3333333333333a3006763757272656e74062302fb3ff4cccccccccccda3006763757272
      656e74062202fb3ff6666666666666a3006763757272656e74062102f93e00a3006763757272656e74062002fb3ff999999999999aa300676375727265 6e
      74060002fb3ffb333333333333`.replace(/\s/g, '');
    const ours = Buffer.from(
      dump
        .replace(
          Buffer.from('urn:dev:ow:10e2073a0108006:').toString('hex'),
          Buffer.from('grower-a/box-10e2073a01080/').toString('hex'),
        )
        .replace(Buffer.from('voltage').toString('hex'), Buffer.from('power-1').toString('hex'))
        .replaceAll(Buffer.from('current').toString('hex'), Buffer.from('power-2').toString('hex'))
        .replace('236141', '236157')
        .replace('016156', '016157')
        .replace('2005', '200a'),
      'hex',
    );
    const outcome = decode(ours, { ...WIDE, device: 'grower-a/box-10e2073a01080', nowMs: 1_276_020_100_000 });
    expect(
      'frames' in outcome && outcome.frames.map((f) => [f.timeMs, f.layout.key, [...Array.from(f.values)]]),
    ).toEqual([
      [1_276_020_076_001, 'power-1,power-2', [120, 2]],
      [1_276_020_071_001, 'power-2', [1]],
      [1_276_020_072_001, 'power-2', [1]],
      [1_276_020_073_001, 'power-2', [1]],
      [1_276_020_074_001, 'power-2', [2]],
      [1_276_020_075_001, 'power-2', [2]],
    ]);
  });
});

/** The packs of RFC 8428 §5.1 as they stand, but for names, units and versions that are not ours. */
describe('RFC 8428 §5.1', () => {
  test.each<[string, string, unknown]>([
    ['5.1.1, the 1-wire name as a bare channel', '[{"n":"air","u":"Cel","v":23.1}]', [[0, null, { air: 23.1 }]]],
    [
      "5.1.1 as it stands: another's name",
      '[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]',
      'unknown-channel',
    ],
    [
      '5.1.2, voltage → power-1, current → power-2, V and A → W, time → ours, version 5 → 10',
      '[{"bn":"grower-a/unit-7/","bt":1.754000000001e+09,"bu":"W","bver":10,"n":"power-1","u":"W","v":120.1},{"n":"power-2","t":-5,"v":1.2},{"n":"power-2","t":-1,"v":1.6},{"n":"power-2","v":1.7}]',
      [
        [1, null, { 'power-1': 120, 'power-2': 2 }],
        [-4999, null, { 'power-2': 1 }],
        [-999, null, { 'power-2': 2 }],
      ],
    ],
    [
      '5.1.2 with its version 5, of a draft',
      '[{"bn":"grower-a/unit-7/","bver":5,"n":"power","u":"W","v":120.1}]',
      'bad-version',
    ],
    [
      '5.1.3, where one name had three units: lon and lat named',
      '[{"bn":"grower-a/unit-7/","bt":1.753990000e+09,"bu":"%RH","n":"humidity","v":20},{"n":"lon","u":"lon","v":24.30621},{"n":"lat","u":"lat","v":60.07965},{"n":"humidity","t":60,"v":20.3},{"n":"battery","u":"%EL","t":150,"v":98}]',
      [
        [-10_000_000, null, { humidity: 20, lon: 24.30621, lat: 60.07965 }],
        [-9_940_000, null, { humidity: 20.3 }],
        [-9_850_000, null, { battery: 98 }],
      ],
    ],
    [
      '5.1.4, resolved records',
      '[{"n":"grower-a/unit-7/humidity","u":"%RH","t":1.753990000e+09,"v":20},{"n":"grower-a/unit-7/lon","u":"lon","t":1.753990000e+09,"v":24.30621}]',
      [[-10_000_000, null, { humidity: 20, lon: 24.30621 }]],
    ],
    [
      '5.1.5, a text value: no channel takes one',
      '[{"bn":"grower-a/unit-7/","n":"air","u":"Cel","v":23.1},{"n":"door","vs":"Machine Room"}]',
      'not-a-number',
    ],
    [
      '5.1.5, its truth value',
      '[{"bn":"grower-a/unit-7/","n":"air","u":"Cel","v":23.1},{"n":"door","vb":false}]',
      [[0, null, { air: 23.1, door: 0 }]],
    ],
    [
      '5.1.6, two devices in a pack',
      '[{"bn":"grower-a/unit-7/","n":"air","u":"Cel","v":25.2},{"bn":"grower-a/unit-8/","n":"air","u":"Cel","v":12.3}]',
      'name-mismatch',
    ],
    [
      '5.1.7, a first record of base fields alone',
      '[{"bn":"grower-a/unit-7/"},{"n":"air","u":"Cel","v":23.1},{"n":"door","u":"/","v":1}]',
      [[0, null, { air: 23.1, door: 1 }]],
    ],
  ])('%s', (_title, text, expected) => {
    expect(content(json(text))).toEqual(expected);
  });
});

describe('round trip', () => {
  test('frames come back bit for bit from JSON and from CBOR', () => {
    fc.assert(
      fc.property(frames, (pack) => {
        expect(decode(encodeJson(pack), WIDE)).toEqual({ frames: pack });
        expect(decode(encodeCbor(pack), WIDE)).toEqual({ frames: pack });
      }),
      { numRuns: 500 },
    );
  });

  test('one damaged byte never makes a pack mean what the plain reader would not', () => {
    fc.assert(
      fc.property(frames, mutation, (pack, changes) => {
        const damaged = mutate(encodeJson(pack), changes);
        fc.pre((damaged[0] ?? 0) < 0x80);
        const reference = referenceDecode(damaged, WIDE);
        const actual = decode(damaged, WIDE);
        if ('frames' in reference) expect(actual).toEqual(reference);
        else expect(actual).toHaveProperty('reason');
      }),
      { numRuns: 1000 },
    );
  });

  test('every truncation of a JSON pack is refused as malformed', () => {
    fc.assert(
      fc.property(frames, (pack) => {
        const whole = encodeJson(pack);
        for (let n = 1; n < whole.length; n++)
          expect(decode(whole.subarray(0, n), WIDE)).toEqual({ reason: 'json-syntax' });
      }),
      { numRuns: 20 },
    );
  });

  test('what we write, byte for byte', () => {
    const layout = internLayout(['pulp-1', 'air']);
    const at = (timeMs: number, seq: number | null): Frame => ({
      device: CTX.device,
      timeMs,
      seq,
      layout,
      values: [4.5, -0.125],
    });
    expect(encodeJson([at(NOW_MS + 123, 7), at(NOW_MS + 1000, null)]).toString()).toBe(
      '[{"bn":"grower-a/unit-7/","bt":1754000000.123,"n":"seq","u":"count","v":7},{"n":"air","u":"Cel","v":4.5},{"n":"pulp-1","u":"Cel","v":-0.125},' +
        '{"bt":1754000001,"n":"air","u":"Cel","v":4.5},{"n":"pulp-1","u":"Cel","v":-0.125}]',
    );
    expect(Buffer.from(encodeCbor([at(NOW_MS + 1000, 7)])).toString('hex')).toBe(
      '83a52170' +
        Buffer.from('grower-a/unit-7/').toString('hex') +
        '221a688bea81' +
        '00637365710165636f756e740207' +
        'a30063616972016343656c02f94480' +
        'a3006670756c702d31016343656c02f9b000',
    );
  });

  test("a pack of nothing, of two devices or of no channel of ours is the caller's mistake", () => {
    const frame: Frame = { device: CTX.device, timeMs: NOW_MS, seq: null, layout: internLayout(['air']), values: [1] };
    for (const encode of [encodeJson, encodeCbor]) {
      expect(() => encode([])).toThrow(RangeError);
      expect(() => encode([frame, { ...frame, device: 'grower-a/unit-8' }])).toThrow(RangeError);
      expect(() => encode([{ ...frame, layout: internLayout(['nope']) }])).toThrow(RangeError);
    }
  });
});

test('a sender that shuffles its channels cannot fill the memory', () => {
  const out = new FrameBatchBuilder();
  const channels = Array.from({ length: 40 }, (_, i) => `pulp-${i + 1}`);
  const rotated = (by: number) => [...channels.slice(by), ...channels.slice(0, by)];
  for (let i = 0; i < 2000; i++) {
    const order = rotated(i % 40);
    [order[i % 7], order[7 + (i % 31)]] = [order[7 + (i % 31)]!, order[i % 7]!];
    const records = order.map((n) => `{"n":"${n}","u":"Cel","v":${n.slice(5)}}`);
    expect(decodePack(Buffer.from(`[${records.join(',')}]`), WIDE, out)).toBeNull();
  }
  const batch = out.take();
  expect(batch.layouts).toHaveLength(1);
  const expected = batch.layouts[0]!.channels.map((n) => Number(n.slice(5)));
  for (let i = 0; i < batch.size; i++) expect([...batch.values.subarray(i * 40, i * 40 + 40)]).toEqual(expected);
});
