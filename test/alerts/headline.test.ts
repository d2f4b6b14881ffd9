import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headlineOf } from '../../src/alerts/headline.ts';
import { severityRank } from '../../src/contract/alert.ts';
import type { Breach } from '../../src/contract/breach.ts';
import { listRules } from '../../src/detect/rules/registry.ts';
import { aboutInstruments, chainPlace } from '../../src/produce/breach-chain.ts';
import { FOLDS_WITH_WORDS } from '../../src/produce/breach-kinds.ts';
import { breachSentence, breachText, lengthText } from '../../src/produce/breach-words.ts';
import { listProfiles } from '../../src/produce/profiles.ts';
import { breach, breaches } from './breaches.ts';

const MIN_MS = 60_000;
const shuffled = breaches
  .filter((all) => all.length > 0)
  .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));

/** A breach on the truck with times in minutes. */
const on = (rule: string, channel: string, fromMin: number, raisedMin: number, toMin: number | null, over = {}) =>
  breach({
    id: `${channel}:${rule}:${fromMin}`,
    rule,
    channel,
    startMs: fromMin * MIN_MS,
    raisedMs: raisedMin * MIN_MS,
    endMs: toMin === null ? null : toMin * MIN_MS,
    severity: 'warning',
    ...over,
  });
const door = on('door-open', 'door', 0, 60, 75);
const air = on('air-return-high', 'air-return', 10, 100, null, { limit: 6 });
const pulp = (n: number) => on('pulp-high', `pulp-${n}`, 100 + n, 160 + n, null, { severity: 'alarm' });

describe('the cause before the symptom', () => {
  test('a door left open is named first, the fruit after it, with how many probes say so', () => {
    expect(headlineOf([pulp(2), air, pulp(1), door])).toEqual({
      headline: 'Door open for 75 min, then pulp above 4 °C (2 probes) for over 60 min',
      causeId: door.id,
    });
  });

  test('a door that was opened to look after it is no cause', () => {
    const later = { ...door, startMs: 120 * MIN_MS, raisedMs: 180 * MIN_MS, endMs: null };
    expect(headlineOf([pulp(1), air, later])).toEqual({
      headline: 'Return air above 6 °C for over 90 min, then pulp above 4 °C for over 60 min',
      causeId: air.id,
    });
  });

  test('warm fruit that came in before its air was warm has no cause here', () => {
    const loaded = { ...pulp(1), startMs: 0 };
    expect(headlineOf([loaded, air])).toMatchObject({ causeId: null });
  });

  test('a unit that misses its set-point is a cause; that it labours tells only that something is', () => {
    const missed = on('set-point-missed', 'set-point', 0, 180, null);
    const labours = on('unit-full-power', 'unit-on', 0, 360, null);
    expect(headlineOf([pulp(1), labours, missed])).toEqual({
      headline: 'Unit does not reach its set-point for over 3 h, then pulp above 4 °C for over 60 min',
      causeId: missed.id,
    });
    expect(headlineOf([pulp(1), labours])).toMatchObject({ causeId: null });
    expect(headlineOf([labours])).toMatchObject({ headline: 'Unit at full power for over 6 h' });
  });

  test('what is coming follows from the air; what has come is said in its place', () => {
    const coming = on('pulp-predicted', 'pulp-1', 40, 70, 101);
    expect(headlineOf([coming, air]).headline).toBe(
      'Return air above 6 °C for over 90 min, then pulp on its way past 4 °C for 61 min',
    );
    expect(headlineOf([coming, air, pulp(1)]).headline).toMatch(/then pulp above 4 °C for over 60 min$/);
  });

  test('a battery explains the silence of its own device only', () => {
    const battery = on('battery-low', 'battery', 0, 30, null, { limit: 20, unit: '%EL' });
    const silent = on('no-data', 'frames', 300, 360, null);
    expect(headlineOf([silent, battery])).toEqual({
      headline: 'Battery below 20 % for over 30 min, then no data from c/d1 for over 60 min',
      causeId: battery.id,
    });
    expect(headlineOf([{ ...silent, device: 'c/d2', cause: 'moving' }, battery])).toEqual({
      headline: 'Out of coverage for over 60 min: no data from c/d2, last heard on the move',
      causeId: null,
    });
  });
});

test('a headline is of the set, not of the order it is given in', () => {
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(headlineOf(other)).toEqual(headlineOf(all));
    }),
  );
});

test('a cause began no later than the gravest breach and stands before it in the chain; the gravest is always said', () => {
  fc.assert(
    fc.property(shuffled, ([all]) => {
      const { headline, causeId } = headlineOf(all);
      const rank = Math.max(...all.map(({ severity }) => severityRank(severity)));
      const worst = all.filter(({ severity }) => severityRank(severity) === rank);
      const furthest = Math.max(...worst.map(chainPlace));
      const gravest = worst.filter((one) => chainPlace(one) === furthest);
      const said = (one: Breach) => headline.toLowerCase().includes(breachText(one).toLowerCase());
      expect(gravest.some(said)).toBe(true);
      if (causeId === null) return;
      const cause = all.find(({ id }) => id === causeId)!;
      expect(chainPlace(cause)).toBeLessThan(furthest);
      expect(gravest.some(({ startMs }) => cause.startMs <= startMs)).toBe(true);
      expect(headline.startsWith(breachText(cause))).toBe(true);
    }),
  );
});

describe('words', () => {
  test('every rule has some', () => {
    expect(FOLDS_WITH_WORDS).toEqual(expect.arrayContaining(listRules().map(({ name }) => name)));
  });

  test('a rule with a limit on either side says which was passed', () => {
    const wrong = (limit: number, peak: number) =>
      breachText(on('set-point-wrong', 'set-point', 0, 30, null, { limit, peak }));
    expect([wrong(3, 8), wrong(-2, -10)]).toEqual(['Set-point above 3 °C', 'Set-point below -2 °C']);
  });

  test('a breach of whole batches is of the cargo, and counts batches', () => {
    const of = (device: string) => on('batch-warm-time', 'batch', 0, 0, 90, { device });
    expect(headlineOf([of('a'), of('b')]).headline).toBe(
      'Batch too long too warm on its whole way (2 batches) for 90 min',
    );
    expect(aboutInstruments(of('a'))).toBe(false);
  });

  test('every rule of every profile reads as a sentence', () => {
    const sentences = listProfiles().flatMap((profile) =>
      profile.rules.flatMap(({ name, channels }) =>
        (channels.length > 0 ? channels : ['frames']).map((channel) =>
          breachSentence(on(name, channel, 0, 60, 80, { profile: profile.name })),
        ),
      ),
    );
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^{}_]* for 80 min$/);
    expect(sentences.join('\n')).not.toContain('Rule ');
  });

  test('a rule that is not known goes by its name', () => {
    expect(breachSentence(on('of-mine', 'pulp-1', 0, 0, null, { profile: 'mine' }))).toBe('Rule of-mine on pulp-1');
  });

  test.each([
    [45, '45 min'],
    [89, '89 min'],
    [120, '2 h'],
    [320, '5 h 20 min'],
    [2880, '2 d'],
    [4560, '3 d 4 h'],
  ])('%i minutes are %s', (minutes, text) => {
    expect(lengthText(minutes * MIN_MS)).toBe(text);
  });
});
