import { describe, expect, test } from 'vitest';
import { EVENTS_PER_MESSAGE_MAX, epcisEvent, eventMessage } from '../../src/contract/event.ts';
import { assetUri, deviceUri, lgtin, orgUri, sscc } from '../../src/contract/identifiers.ts';

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

const packing = {
  type: 'TransformationEvent',
  eventTime: '2025-08-02T09:00:00+08:00',
  eventTimeZoneOffset: '+08:00',
  bizStep: 'packing',
  transformationID: 'urn:uuid:0f0e',
  inputQuantityList: [{ epcClass: BATCH, quantity: 1200, uom: 'KGM' }],
  outputQuantityList: [
    { epcClass: lgtin('6912345', '012346', 'A-1'), quantity: 700, uom: 'KGM' },
    { epcClass: lgtin('6912345', '012346', 'A-2'), quantity: 480, uom: 'KGM' },
  ],
  bizLocation: { id: assetUri('grower-a/store-1') },
  destinationList: [{ type: 'possessing_party', destination: orgUri('grower-a') }],
  ilmd: { 'coldtrail:produce': 'kashgar-prune' },
};

const PALLET = sscc('6912345', '1000000001');
const palletising = {
  type: 'AggregationEvent',
  action: 'ADD',
  eventTime: '2025-08-02T10:00:00+08:00',
  eventTimeZoneOffset: '+08:00',
  parentID: PALLET,
  childQuantityList: [{ epcClass: BATCH, quantity: 600, uom: 'KGM' }],
  childEPCs: [sscc('6912345', '1000000002')],
  bizLocation: { id: assetUri('grower-a/store-1') },
};

const without = (event: object, key: string) => Object.fromEntries(Object.entries(event).filter(([k]) => k !== key));

describe('taken', () => {
  test('a scan and a placement, unchanged', () => {
    expect(epcisEvent.parse(commissioning)).toEqual(commissioning);
    expect(epcisEvent.parse(placement)).toEqual(placement);
  });

  test('batches made of others and units packed, unchanged', () => {
    expect(epcisEvent.parse(packing)).toEqual(packing);
    expect(epcisEvent.parse(palletising)).toEqual(palletising);
  });

  test.each(['bizStep', 'transformationID', 'bizLocation', 'destinationList', 'ilmd'])(
    'a packing without %s',
    (key) => {
      expect(epcisEvent.safeParse(without(packing, key)).success).toBe(true);
    },
  );

  test('a unit that is emptied without saying of what', () => {
    const emptied = { ...without(without(palletising, 'childEPCs'), 'childQuantityList'), action: 'DELETE' };
    expect(epcisEvent.safeParse(emptied).success).toBe(true);
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

  test.each<[string, object]>([
    ['no input', { inputQuantityList: [] }],
    ['no output', { outputQuantityList: [] }],
    ['an input that is no batch', { inputQuantityList: [{ epcClass: PALLET }] }],
    ['a batch that becomes itself', { outputQuantityList: packing.inputQuantityList }],
    ['a place that is no asset', { bizLocation: { id: 'urn:epc:id:sgln:6912345.00001.0' } }],
  ])('a packing with %s', (_what, change) => {
    expect(epcisEvent.safeParse({ ...packing, ...change }).success).toBe(false);
  });

  test.each<[string, object]>([
    ['a unit that is no SSCC', { parentID: BATCH }],
    ['a child that is no SSCC', { childEPCs: ['urn:epc:id:sgtin:6912345.012345.1'] }],
    ['itself as a child', { childEPCs: [PALLET] }],
    ['no child', { childEPCs: [], childQuantityList: [] }],
  ])('a packed unit with %s', (_what, change) => {
    expect(epcisEvent.safeParse({ ...palletising, ...change }).success).toBe(false);
  });

  test('a message with one bad event, and it is said which and why', () => {
    const issue = eventMessage.safeParse([placement, { ...packing, outputQuantityList: packing.inputQuantityList }]);
    expect(issue.error!.issues[0]).toMatchObject({
      path: [1, 'outputQuantityList'],
      message: 'has a batch that is an input too',
    });
  });

  test('an empty message, an overlong one, and one with a single bad event', () => {
    expect(eventMessage.safeParse([]).success).toBe(false);
    expect(eventMessage.safeParse(Array(EVENTS_PER_MESSAGE_MAX).fill(placement)).success).toBe(true);
    expect(eventMessage.safeParse(Array(EVENTS_PER_MESSAGE_MAX + 1).fill(placement)).success).toBe(false);
    expect(eventMessage.safeParse([placement, { ...placement, parentID: '' }]).success).toBe(false);
    for (const nothing of [null, 'x', 7, {}]) expect(eventMessage.safeParse(nothing).success).toBe(false);
  });
});
