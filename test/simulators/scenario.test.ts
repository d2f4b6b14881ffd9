import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listScenarios, loadScenario, parseScenario } from '../../simulators/scenario/load.ts';
import { scenarioJsonSchema } from '../../simulators/scenario/schema.ts';
import { ColdtrailError } from '../../src/lib/errors.ts';

/** A good scenario; each case spoils it. Line numbers count from its first line. */
const GOOD = `name: small
description: a small one
start: 2026-08-21T06:00:00+08:00
duration: 1d
produce: prune
origin: jiashi
fleet:
  trucks: 2
  preCoolingRooms: 1
  coldStores: 1
  forwardWarehouses: [korla, urumqi]
trips:
  list:
    - truck: truck-01
      to: korla
      depart: 3h
faults:
  planned:
    - kind: unit-failure
      asset: tarim-carriers/truck-01
      at: 4h
      for: 2h
      severity: 1
`;

/** The problems of a scenario text, one a line. */
function problemsOf(text: string): string[] {
  try {
    parseScenario(text, 's.yaml');
  } catch (error) {
    if (error instanceof ColdtrailError && error.code === 'SCENARIO_INVALID') return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

const spoil = (from: string, to: string): string => {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
};

describe('parseScenario', () => {
  test('reads a good scenario: durations in ms, defaults filled in', () => {
    const scenario = parseScenario(GOOD, 's.yaml');
    expect(scenario).toMatchObject({
      startMs: Date.parse('2026-08-20T22:00:00Z'),
      zone: '+08:00',
      duration: 86_400_000,
      seed: 1,
      fleet: { setPointC: -0.5 },
      trips: { loadKg: [20_000, 22_000], list: [{ depart: 10_800_000 }] },
      devices: { sampleEvery: 60_000 },
      links: { outagesPerDay: 0 },
      faults: { planned: [{ at: 14_400_000, for: 7_200_000 }] },
    });
  });

  test.each([
    [
      'unknown key, near a known one',
      spoil('produce: prune', 'produce: prune\nsede: 4'),
      ["s.yaml:6:1 sede: unknown key: did you mean 'seed'?"],
    ],
    [
      'unknown key deep inside',
      spoil('      to: korla', '      to: korla\n      via: kuqa'),
      ['s.yaml:16:7 trips.list[0].via: unknown key'],
    ],
    ['a key twice', spoil('duration: 1d', 'duration: 1d\nduration: 2d'), ['s.yaml:5:1 this key is written twice']],
    [
      'a missing key',
      spoil('  trucks: 2\n', ''),
      ['s.yaml:8:3 fleet.trucks: is missing: must be a whole number from 0 to 5000, or auto'],
    ],
    [
      'a duration that is none',
      spoil('duration: 1d', 'duration: tomorrow'),
      ['s.yaml:4:11 duration: must be a duration such as 4d, 90m or 1h30m'],
    ],
    ['a start without offset', spoil('06:00:00+08:00', '06:00:00'), ['s.yaml:3:8 start: Invalid ISO datetime']],
    ['an offset no event may have', spoil('+08:00', '+15:00'), ['s.yaml:3:8 start: has an offset beyond ±14:00']],
    [
      'unknown place',
      spoil('[korla, urumqi]', '[korla, urumci]'),
      ["s.yaml:11:30 fleet.forwardWarehouses[1]: unknown place 'urumci': did you mean 'urumqi'?"],
    ],
    ['unknown origin', spoil('origin: jiashi', 'origin: atlantis'), ["s.yaml:6:9 origin: unknown place 'atlantis'"]],
    [
      'a warehouse twice',
      spoil('[korla, urumqi]', '[korla, korla]'),
      ["s.yaml:11:30 fleet.forwardWarehouses[1]: 'korla' is listed twice"],
    ],
    [
      'unknown truck',
      spoil('truck: truck-01', 'truck: truck-91'),
      ["s.yaml:14:14 trips.list[0].truck: unknown truck 'truck-91': did you mean 'truck-01'?"],
    ],
    [
      'no warehouse there',
      spoil('to: korla', 'to: xian'),
      ["s.yaml:15:11 trips.list[0].to: no forward warehouse at 'xian'"],
    ],
    [
      'no time to load',
      spoil('depart: 3h', 'depart: 30m'),
      ['s.yaml:16:15 trips.list[0].depart: leaves no time to load: must be at least 2h after the start'],
    ],
    [
      'negative mass',
      spoil('trips:\n', 'trips:\n  loadKg: [-5, 20000]\n'),
      ['s.yaml:13:12 trips.loadKg[0]: Too small: expected number to be >0'],
    ],
    [
      'more than a truck carries',
      spoil('trips:\n', 'trips:\n  loadKg: [20000, 90000]\n'),
      ['s.yaml:13:19 trips.loadKg[1]: no truck carries more than 30000 kg'],
    ],
    [
      'neither perDay nor list',
      spoil('  list:\n    - truck: truck-01\n      to: korla\n      depart: 3h\n', '  first: 3h\n'),
      ['s.yaml:13:3 trips: needs perDay, list or season, or a train under rail'],
    ],
    [
      'fault on an unknown asset',
      spoil('tarim-carriers/truck-01', 'tarim-carriers/truck-02'),
      [
        "s.yaml:20:14 faults.planned[0].asset: unknown asset 'tarim-carriers/truck-02': did you mean 'tarim-carriers/truck-01'?",
      ],
    ],
    [
      'unknown fault',
      spoil('kind: unit-failure', 'kind: meteor'),
      [expect.stringMatching(/^s\.yaml:19:13 faults\.planned\[0\]\.kind: must be one of unit-failure, /)],
    ],
    [
      'fault outside the run',
      spoil('at: 4h', 'at: 30h'),
      ['s.yaml:21:11 faults.planned[0].at: begins after the end of the run'],
    ],
    [
      'fault without length',
      spoil('for: 2h', 'for: 0m'),
      ['s.yaml:22:12 faults.planned[0].for: must last longer than nothing'],
    ],
    [
      'severity out of range',
      spoil('severity: 1', 'severity: 3'),
      [
        's.yaml:23:17 faults.planned[0].severity: unit-failure: must be share of the cooling capacity lost at once, from 0 to 1 and not 0',
      ],
    ],
    [
      'a run too short',
      spoil('duration: 1d', 'duration: 5m'),
      expect.arrayContaining(['s.yaml:4:11 duration: must be at least 1h']),
    ],
    ['no YAML at all', 'name: [small\n', [expect.stringMatching(/^s\.yaml:2:1 /)]],
    ['an empty file', '', ['s.yaml:1:1 Invalid input: expected object, received null']],
  ])('refuses %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('tells all problems at once: of the schema, of places, of bookings and of faults without effect', () => {
    const lines = problemsOf(`name: bad
description: everything wrong
start: 2026-08-21T06:00:00+08:00
duration: 3d
produce: prune
origin: jiashi
fleet: { trucks: 4, preCoolingRooms: 1, coldStores: 1, forwardWarehouses: [korla, urumki] }
trips:
  loadKg: [-5, 20000]
  list:
    - { truck: truck-01, to: korla, depart: 3h }
    - { truck: truck-01, to: korla, depart: 5h }
    - { truck: truck-02, to: korla, depart: 3h }
devices:
  channels: { reefer-truck: [air-supply, frobs] }
faults:
  planned:
    - { kind: unit-failure, asset: oasis-carriers/truck-02, at: 60h, for: 2h, severity: 1 }
    - { kind: door-left-opn, asset: oasis-carriers/truck-02, at: 6h, for: 2h, severity: 1 }
    - { kind: unit-failure, asset: tarim-carriers/truck-03, at: 4h, for: 2h, severity: 1 }
`);
    expect(lines.map((line) => /^s\.yaml:(\d+:\d+ [^:]+)/.exec(line)![1])).toEqual([
      '7:83 fleet.forwardWarehouses[1]',
      '9:12 trips.loadKg[0]',
      '12:45 trips.list[1].depart',
      '15:42 devices.channels.reefer-truck[1]',
      '18:65 faults.planned[0].at',
      '19:15 faults.planned[1].kind',
      // Behind an element that was left out meanwhile: the line is still its own.
      '20:65 faults.planned[2].at',
    ]);
  });

  test.each([
    [
      'a step of the chain that takes no time: the world goes in slices',
      spoil('trips:', 'flow: { preCool: [0m, 1h], storage: [4m, 1h] }\ntrips:'),
      ['s.yaml:12:19 flow.preCool[0]: must be at least 5m', 's.yaml:12:38 flow.storage[0]: must be at least 5m'],
    ],
    ['a value that is missing', spoil('      depart: 3h\n', ''), ['s.yaml:14:7 trips.list[0].depart: is missing']],
    [
      'a fault of no such kind',
      spoil('kind: unit-failure', 'kind: unit-falure'),
      [expect.stringMatching(/kind: must be one of unit-failure, .*: did you mean 'unit-failure'\?$/)],
    ],
    ['neither origin nor origins', spoil('origin: jiashi\n', ''), ['s.yaml:1:1 needs either origin or origins']],
    [
      'a data folder that is not there',
      spoil('origin: jiashi', 'origin: jiashi\ndata: ./nowhere'),
      expect.arrayContaining([expect.stringMatching(/^s\.yaml:7:7 data: 4 problems in the data of the network/)]),
    ],
    [
      'a fault outside its trip',
      spoil('at: 4h', 'at: 23h').replace('duration: 1d', 'duration: 2d'),
      [
        "s.yaml:21:11 faults.planned[0].at: 'tarim-carriers/truck-01' is not on duty while the fault lasts (on duty from 0h to 17.8h)",
      ],
    ],
    [
      'a room that is not filled while its pre-cooling is hurried',
      spoil('kind: unit-failure', 'kind: hurried-pre-cooling').replace(
        'tarim-carriers/truck-01\n',
        'jiashi-growers/pre-cooling-1\n',
      ),
      [expect.stringMatching(/^s\.yaml:21:11 .* is not loaded while the fault lasts \(loaded at 1\.5h, /)],
    ],
    [
      'a truck that pre-cools',
      spoil('kind: unit-failure', 'kind: skipped-pre-cooling'),
      ['s.yaml:20:14 faults.planned[0].asset: only a pre-cooling room or a mobile cold room pre-cools'],
    ],
    [
      'a sensor’s fault without a channel',
      spoil('kind: unit-failure', 'kind: sensor-stuck'),
      ['s.yaml:19:7 faults.planned[0]: sensor-stuck needs a channel'],
    ],
    [
      'a channel that has no unit',
      spoil('kind: unit-failure', 'kind: sensor-stuck\n      channel: plup-1'),
      [
        "s.yaml:20:16 faults.planned[0].channel: channel 'plup-1' has no unit: no such channel is known: did you mean 'pulp-1'?",
      ],
    ],
    [
      'a channel that the asset has not',
      spoil('kind: unit-failure', 'kind: sensor-stuck\n      channel: power'),
      ["s.yaml:20:16 faults.planned[0].channel: no device of 'tarim-carriers/truck-01' reports it"],
    ],
    [
      'a channel of a unit’s fault',
      spoil('kind: unit-failure', 'kind: unit-failure\n      channel: pulp-1'),
      ['s.yaml:20:16 faults.planned[0].channel: unit-failure strikes no single channel'],
    ],
    [
      'channels of devices that have no unit, or that nothing measures',
      spoil('faults:\n', 'devices:\n  channels:\n    reefer-truck: [door, wobble, pulp-9, door]\nfaults:\n'),
      [
        "s.yaml:19:26 devices.channels.reefer-truck[1]: channel 'wobble' has no unit: no such channel is known",
        "s.yaml:19:34 devices.channels.reefer-truck[2]: nothing measures the channel 'pulp-9': did you mean 'pulp-1'?",
        "s.yaml:19:42 devices.channels.reefer-truck[3]: 'door' is listed twice",
      ],
    ],
    [
      'trains without boxes, or to nowhere',
      spoil(
        'faults:\n',
        'rail:\n  trains:\n    - { from: kashgar, to: urumqi, depart: 20h, boxes: 3 }\n    - { from: kashgar, to: xain, depart: 20h, boxes: 1 }\nfaults:\n',
      ),
      [
        's.yaml:19:56 rail.trains[0].boxes: 3 of its boxes are not there: fleet.railBoxes has 0, and some may be on another train',
        "s.yaml:20:28 rail.trains[1].to: unknown place 'xain': did you mean 'xian'?",
      ],
    ],
    [
      'boxes booked twice',
      spoil('preCoolingRooms: 1', 'preCoolingRooms: 1\n  railBoxes: 3').replace(
        'faults:\n',
        'rail:\n  trains:\n    - { from: kashgar, to: urumqi, depart: 20h, boxes: 3 }\n    - { from: kashgar, to: urumqi, depart: 22h, boxes: 1 }\nfaults:\n',
      ),
      [
        's.yaml:21:56 rail.trains[1].boxes: 1 of its boxes are not there: fleet.railBoxes has 3, and some may be on another train',
      ],
    ],
    [
      'a train that leaves before its boxes can be loaded',
      spoil('preCoolingRooms: 1', 'preCoolingRooms: 1\n  railBoxes: 3').replace(
        'faults:\n',
        'rail:\n  trains:\n    - { from: kashgar, to: urumqi, depart: 4h, boxes: 3 }\nfaults:\n',
      ),
      [expect.stringMatching(/^s\.yaml:20:44 rail\.trains\[0\]\.depart: leaves no time to load its boxes/)],
    ],
    [
      'a season outside the run',
      spoil('  list:\n    - truck: truck-01\n      to: korla\n      depart: 3h\n', '  season: { loads: 9 }\n'),
      [
        's.yaml:13:11 trips.season.from: is before the start of the run',
        's.yaml:13:11 trips.season.to: is after the end of the run',
      ],
    ],
    [
      'auto without a season',
      spoil('trucks: 2', 'trucks: auto'),
      expect.arrayContaining(['s.yaml:8:11 fleet.trucks: auto goes with trips.season only: how many are there?']),
    ],
  ])('refuses %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('refuses overlapping trips of one truck, but not trips of two', () => {
    const second = '      depart: 3h\n    - { truck: truck-01, to: korla, depart: 20h }\n';
    expect(problemsOf(spoil('      depart: 3h\n', second))).toEqual([
      expect.stringMatching(
        /^s\.yaml:17:45 trips\.list\[1\]\.depart: 'truck-01' is still on trips\.list\[0\] \(back at the origin after \d+h\)$/,
      ),
    ]);
    expect(problemsOf(spoil('      depart: 3h\n', second.replace('truck-01', 'truck-02')))).toEqual([]);
  });

  test('refuses the same fault twice at once on an asset', () => {
    const again =
      '      severity: 1\n    - { kind: unit-failure, asset: tarim-carriers/truck-01, at: 5h, for: 1h, severity: 0.5 }\n';
    expect(problemsOf(spoil('      severity: 1\n', again))).toEqual([
      's.yaml:24:65 faults.planned[1].at: overlaps faults.planned[0], the same fault of the same asset',
    ]);
  });

  test('reports every problem at once, in the order of the file', () => {
    const text = GOOD.replace('duration: 1d', 'duration: soon\nduration: 1d')
      .replace('trucks: 2', 'trucks: -1')
      .replace('severity: 1', 'severety: 1');
    expect(problemsOf(text).map((line) => line.split(' ')[0])).toEqual([
      's.yaml:5:1',
      's.yaml:9:11',
      's.yaml:20:7',
      's.yaml:24:7',
    ]);
  });
});

describe('shipped scenarios', () => {
  test('are listed with what they show', () => {
    const listed = listScenarios();
    expect(listed.map((s) => s.name)).toEqual(expect.arrayContaining(['demo', 'steady', 'tiny']));
    expect(listed.length).toBeGreaterThanOrEqual(9);
    for (const { name, file, description, teaches } of listed) {
      expect(file.endsWith(`/${name}.yaml`)).toBe(true);
      expect(description.length).toBeGreaterThan(40);
      expect(teaches.length).toBeGreaterThan(40);
    }
  });

  test('are found by bare name and by path', () => {
    const tiny = listScenarios().find((s) => s.name === 'tiny')!;
    expect(loadScenario('tiny')).toEqual(loadScenario(tiny.file));
  });

  test('an unknown name lists the known ones', () => {
    expect(() => loadScenario('dmeo')).toThrow(
      expect.objectContaining({ code: 'SCENARIO_UNREADABLE', hint: expect.stringMatching(/demo.*steady.*tiny/) }),
    );
    expect(() => loadScenario('./no/such.yaml')).toThrow(expect.objectContaining({ code: 'SCENARIO_UNREADABLE' }));
  });

  test('the shipped JSON Schema is the one of the code (npm run schema)', () => {
    const file = new URL('../../simulators/scenario.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(scenarioJsonSchema());
  });
});
