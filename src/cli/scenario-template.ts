import { stringify } from 'yaml';
import { FAULTS } from '../../simulators/plan/types.ts';
import { scenarioJsonSchema } from '../../simulators/scenario/schema.ts';

/** The part of a JSON Schema that the template is written from. */
interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node | readonly Node[];
}

interface Tree {
  readonly [key: string]: string | Tree;
}

/** What is in force in the template, as YAML: a small season that runs in seconds. */
const ACTIVE: Tree = {
  name: 'my-scenario',
  description: 'Two trucks take prunes from Jiashi to Korla; the unit of one fails.',
  start: '2026-08-21T06:00:00+08:00',
  duration: '2d',
  seed: '1',
  produce: 'prune',
  origin: 'jiashi',
  fleet: { trucks: '2', preCoolingRooms: '2', coldStores: '2', forwardWarehouses: '[korla]', setPointC: '-0.5' },
  trips: { perDay: '2', first: '3h' },
  devices: { sampleEvery: '1m' },
  faults: { planned: '', draw: { 'door-left-open': '1' } },
};

/** What stands behind a `#`, where the schema names no default that could be shown. */
const SUGGESTED: Tree = {
  teaches: 'What a reader can learn from it, in a paragraph.',
  data: 'my-places',
  origins: '[jiashi, shache]',
  trips: {
    list: '[{ truck: truck-01, to: korla, depart: 3h }]',
    season: { loads: '15000' },
  },
  rail: { trains: '[{ from: kashgar, to: xian, depart: 20h, boxes: 4 }]' },
  flow: { preCool: '[12h, 14h]', pack: '30m', storage: '[2h, 12h]', soldAfter: '[12h, 36h]' },
  devices: {
    roomsEvery: '5m',
    railEvery: '5m',
    reportEvery: '5m',
    bufferFor: '2d',
    duplicates: '0.01',
    missing: '0.01',
    late: '0.05',
    clockSkew: '2s',
    channels: '{ cold-store: [air-supply, air-return, pulp-1] }',
  },
  links: { meanOutage: '20m', brokerOutages: '[{ at: 12h, for: 30m }]' },
};

const NAMES: Readonly<Record<string, string>> = {
  name: 'Name of the scenario: a–z, 0–9, dot, dash and underscore.',
  produce: 'What is carried.',
  fleet: 'What there is to carry and keep it.',
  trips: 'When loads leave, and of what size. One of perDay, list and season.',
  devices: 'What measures, and how well.',
  links: 'The way from the devices to the broker.',
  planned: 'Faults one by one.',
  kind: 'One of those that draw lists.',
  trains: 'One by one.',
};

const COMMENT_WIDTH = 112;

/** A commented scenario to start from: every key of the schema with its description, a few in force. */
export function scenarioTemplate(): string {
  const { properties } = scenarioJsonSchema() as Node;
  return [
    '# A coldtrail scenario. Keys behind a # show their default, or an example; take the # away to set them.',
    '# Run it: coldtrail simulate -f THIS-FILE --plot     Durations: 4d, 90m, 1h30m.',
    ...keys(properties!, ACTIVE, SUGGESTED, '', false),
    '',
  ].join('\n');
}

function keys(
  properties: NonNullable<Node['properties']>,
  active: Tree,
  suggested: Tree,
  indent: string,
  off: boolean,
) {
  return Object.entries(properties).flatMap(([key, node]): string[] => {
    const [value, example] = [active[key], suggested[key]];
    const isOff = off || value === undefined;
    const start = `${indent}${isOff ? '# ' : ''}${key}:`;
    const comment = commentOf(key, node, indent);
    if (key === 'draw') return [...comment, start, ...drawn(value, `${indent}  `)];
    if (key === 'planned') return [...comment, start, ...planned(node, `${indent}  `)];
    if (node.properties) {
      const inner = keys(node.properties, treeOf(value), treeOf(example), `${indent}  `, isOff);
      return [...comment, start, ...inner];
    }
    const text = typeof value === 'string' ? value : typeof example === 'string' ? example : yamlOf(node.default);
    return [...comment, `${start} ${text}`, ...itemComments(node, indent)];
  });
}

/** On one line; a text that YAML would take for something else is quoted. */
const yamlOf = (value: unknown) =>
  stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false }).trimEnd();

const treeOf = (value: string | Tree | undefined): Tree => (typeof value === 'object' ? value : {});

/** Keys of the objects in a list. */
function itemComments({ items }: Node, indent: string): string[] {
  const properties = items && 'properties' in items ? items.properties : undefined;
  return Object.entries(properties ?? {}).flatMap(([key, node]) =>
    wrap(`${key}: ${node.description ?? NAMES[key] ?? ''}`, `${indent}#   `),
  );
}

function planned(node: Node, indent: string): string[] {
  return [
    ...itemComments({ items: withoutSeverity(node.items as Node) }, indent),
    `${indent}#   severity: how bad, by kind; see draw.`,
    `${indent}- { kind: unit-failure, asset: tarim-carriers/truck-01, at: 8h, for: 10h, severity: 1 }`,
  ];
}

const withoutSeverity = ({ properties }: Node): Node => {
  const { severity: _, ...rest } = properties!;
  return { properties: rest };
};

/** Every kind of fault, with what its severity means. */
function drawn(active: string | Tree | undefined, indent: string): string[] {
  return Object.entries(FAULTS).map(([kind, { min, max, doc }]) => {
    const count = treeOf(active)[kind];
    const line = typeof count === 'string' ? `${kind}: ${count}` : `# ${kind}: 1`;
    return `${indent}${line.padEnd(28)} # severity ${min} to ${max}: ${doc}`;
  });
}

function commentOf(key: string, node: Node, indent: string): string[] {
  const text = [NAMES[key], node.description].filter((part) => part !== undefined).join(' ');
  const lines = wrap(text, `${indent}# `);
  return indent === '' ? ['', ...lines] : lines;
}

/** Text as comment lines. What a duration looks like is left out: the head of the file says it once. */
function wrap(doc: string, start: string): string[] {
  const text = doc.replace(/ A duration such as [^.]*\./, '');
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(' ')) {
    if (line.length + word.length > COMMENT_WIDTH) {
      lines.push(line.trimEnd());
      line = start;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
