import { describe, expect, test } from 'vitest';
import { EVENTS_PER_MESSAGE_MAX, epcisEvent, eventMessage } from '../../src/contract/event.ts';
import { assetUri, deviceUri, lgtin, orgUri } from '../../src/contract/identifiers.ts';

const BATCH = lgtin('6912345', '012345', 'JS-0801');

const commissioning = {
  type: 'ObjectEvent',
  action: 'ADD',
  eventTime: '2025-08-01T06:30:00+08:00',
  eventTimeZoneOffset: '+08:00',
  bizStep: 'commissioning',
  quantityList: [{ epcClass: BATCH, quantity: 1200, uom: 'KGM' }],
  bizLocation: { id: assetUri('grower-a/pre-cooling-1') },
  destinationList: [{ type: 'possessing_party', destination: orgUri('grower-a') }],
  ilmd: { 'coldtrail:produce': 'kashgar-prune', 'coldtrail:harvestDate': '2025-08-01' },
};

const placement = {
  type: 'AssociationEvent',
  action: 'ADD',
  eventTime: '2025-08-01T00:00:00Z',
  eventTimeZoneOffset: '+00:00',
  parentID: assetUri('carrier-a/truck-1'),
  childEPCs: [deviceUri('carrier-a/unit-1')],
};

const without = (event: object, key: string) => Object.fromEntries(Object.entries(event).filter(([k]) => k !== key));

describe('taken', () => {
  test('a scan and a placement, unchanged', () => {
    expect(epcisEvent.parse(commissioning)).toEqual(commissioning);
    expect(epcisEvent.parse(placement)).toEqual(placement);
  });

  test('fields of EPCIS that we do not use are kept', () => {
    const extended = {
      ...commissioning,
      'example:note': { by: 'hand' },
      sensorElementList: [],
      quantityList: [{ epcClass: BATCH, 'example:x': 1 }],
    };
    expect(epcisEvent.parse(extended)).toEqual(extended);
  });

  test.each(['bizStep', 'bizLocation', 'destinationList', 'ilmd'])('a scan without %s', (key) => {
    expect(epcisEvent.safeParse(without(commissioning, key)).success).toBe(true);
  });

  test('one event or a list of them makes a message', () => {
    expect(eventMessage.parse(placement)).toEqual([placement]);
    expect(eventMessage.parse([placement, commissioning])).toEqual([placement, commissioning]);
  });
});

describe('refused', () => {
  test.each(['type', 'action', 'eventTime', 'eventTimeZoneOffset', 'quantityList'])('a scan without %s', (key) => {
    expect(epcisEvent.safeParse(without(commissioning, key)).success).toBe(false);
  });

  test.each(['action', 'eventTime', 'parentID', 'childEPCs'])('a placement without %s', (key) => {
    expect(epcisEvent.safeParse(without(placement, key)).success).toBe(false);
  });

  test.each<[string, object]>([
    ['a time without an offset', { eventTime: '2025-08-01T06:30:00' }],
    ['a time that is none', { eventTime: '2025-02-30T06:30:00Z' }],
    ['a zone offset beyond 14 h', { eventTimeZoneOffset: '+14:30' }],
    ['a zone offset as Z', { eventTimeZoneOffset: 'Z' }],
    ['an action that is none', { action: 'MOVE' }],
    ['no quantity', { quantityList: [] }],
    ['a serialised item, which is no batch', { quantityList: [{ epcClass: 'urn:epc:id:sgtin:6912345.012345.1' }] }],
    ['a quantity of nothing', { quantityList: [{ epcClass: BATCH, quantity: 0 }] }],
    ['a unit that is no code', { quantityList: [{ epcClass: BATCH, quantity: 1, uom: 'kg' }] }],
    ['a place that is no asset', { bizLocation: { id: orgUri('grower-a') } }],
    ['a holder that is no org', { destinationList: [{ type: 'possessing_party', destination: 'urn:epc:id:pgln:1' }] }],
    ['an unknown type', { type: 'TransactionEvent' }],
  ])('%s', (_what, change) => {
    expect(epcisEvent.safeParse({ ...commissioning, ...change }).success).toBe(false);
  });

  test.each<[string, object]>([
    ['a parent that is no asset', { parentID: deviceUri('carrier-a/unit-1') }],
    ['a child that is no device', { childEPCs: [assetUri('carrier-a/truck-1')] }],
    ['no child', { childEPCs: [] }],
    ['an observation, which binds nothing', { action: 'OBSERVE' }],
  ])('a placement with %s', (_what, change) => {
    expect(epcisEvent.safeParse({ ...placement, ...change }).success).toBe(false);
  });

  test('an empty message, an overlong one, and one with a single bad event', () => {
    expect(eventMessage.safeParse([]).success).toBe(false);
    expect(eventMessage.safeParse(Array(EVENTS_PER_MESSAGE_MAX).fill(placement)).success).toBe(true);
    expect(eventMessage.safeParse(Array(EVENTS_PER_MESSAGE_MAX + 1).fill(placement)).success).toBe(false);
    expect(eventMessage.safeParse([placement, { ...placement, parentID: '' }]).success).toBe(false);
    for (const nothing of [null, 'x', 7, {}]) expect(eventMessage.safeParse(nothing).success).toBe(false);
  });
});
