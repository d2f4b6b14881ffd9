import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CLOCK_TOPIC,
  eventsTopic,
  framesTopic,
  parseTopic,
  statusTopic,
  type Topic,
} from '../../src/contract/topics.ts';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,62}$/);

test('what is built is read back', () => {
  fc.assert(
    fc.property(name, name, (org, unit) => {
      const device = `${org}/${unit}`;
      expect(parseTopic(framesTopic(device))).toEqual({ kind: 'frames', org, device });
      expect(parseTopic(statusTopic(device))).toEqual({ kind: 'status', org, device });
      expect(parseTopic(eventsTopic(org))).toEqual({ kind: 'events', org });
    }),
  );
  expect(parseTopic(CLOCK_TOPIC)).toEqual({ kind: 'clock' });
});

describe('read', () => {
  test.each<[string, Topic]>([
    ['coldtrail/v1/a/b/frames', { kind: 'frames', org: 'a', device: 'a/b' }],
    ['coldtrail/v1/clock/b/frames', { kind: 'frames', org: 'clock', device: 'clock/b' }],
    ['coldtrail/v1/a/events', { kind: 'events', org: 'a' }],
    ['coldtrail/v1/a/events/frames', { kind: 'frames', org: 'a', device: 'a/events' }],
  ])('%s', (topic, expected) => {
    expect(parseTopic(topic)).toEqual(expected);
  });
});

describe('none of ours', () => {
  test.each([
    '',
    'coldtrail',
    'coldtrail/v1',
    'coldtrail/v1/a',
    'coldtrail/v1/a/b',
    'coldtrail/v1/a/frames',
    'coldtrail/v1/a/b/frames/',
    'coldtrail/v1/a/b/frames/x',
    '/coldtrail/v1/a/b/frames',
    'coldtrail/v2/a/b/frames',
    'Coldtrail/v1/a/b/frames',
    'coldtrail/v1/A/b/frames',
    'coldtrail/v1//b/frames',
    'coldtrail/v1/a//frames',
    'coldtrail/v1/+/b/frames',
    'coldtrail/v1/a/#',
    'coldtrail/v1/.a/b/frames',
    `coldtrail/v1/${'a'.repeat(64)}/b/frames`,
    'coldtrail/v1/a/b/events',
    'coldtrail/v1/a b/events',
    'coldtrail/v1/clock/',
  ])('%s', (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });
});
