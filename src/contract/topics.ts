import { type DeviceKey, NAME_PATTERN } from './words.ts';

/** The first two levels of every topic: protocol and its version. */
export const TOPIC_PREFIX = 'coldtrail/v1';

/** The simulation clock: JSON `{"time": RFC 3339, "speed": number | "max"}`, retained. */
export const CLOCK_TOPIC = `${TOPIC_PREFIX}/clock`;

/** What the processor subscribes to on an external broker. */
export const SUBSCRIPTIONS = [`${TOPIC_PREFIX}/+/+/frames`, `${TOPIC_PREFIX}/+/events`, CLOCK_TOPIC] as const;

export type Topic =
  | { readonly kind: 'frames'; readonly org: string; readonly device: DeviceKey }
  | { readonly kind: 'status'; readonly org: string; readonly device: DeviceKey }
  | { readonly kind: 'events'; readonly org: string }
  | { readonly kind: 'clock' };

export function framesTopic(device: DeviceKey): string {
  return `${TOPIC_PREFIX}/${device}/frames`;
}

export function statusTopic(device: DeviceKey): string {
  return `${TOPIC_PREFIX}/${device}/status`;
}

export function eventsTopic(org: string): string {
  return `${TOPIC_PREFIX}/${org}/events`;
}

/** What becomes of the alerts that an org has to see to; published by the processor alone. */
export function alertsTopic(org: string): string {
  return `${TOPIC_PREFIX}/${org}/alerts`;
}

/** Reads a topic; undefined for one that is none of ours or has a bad name in it. */
export function parseTopic(topic: string): Topic | undefined {
  if (topic === CLOCK_TOPIC) return { kind: 'clock' };
  const levels = topic.split('/');
  if (levels.length < 4 || `${levels[0]}/${levels[1]}` !== TOPIC_PREFIX) return undefined;
  const org = levels[2]!;
  if (!NAME_PATTERN.test(org)) return undefined;
  if (levels.length === 4) return levels[3] === 'events' ? { kind: 'events', org } : undefined;
  const device = levels[3]!;
  if (levels.length !== 5 || !NAME_PATTERN.test(device)) return undefined;
  const leaf = levels[4];
  if (leaf !== 'frames' && leaf !== 'status') return undefined;
  return { kind: leaf, org, device: `${org}/${device}` };
}
