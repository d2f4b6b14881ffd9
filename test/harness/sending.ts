import type { MqttClient } from 'mqtt';
import type { Breach } from '../../src/contract/breach.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { CLOCK_TOPIC, eventsTopic, framesTopic } from '../../src/contract/topics.ts';
import type { FrameStore } from '../../src/store/frames/store.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import type { SmallChain } from './chain.ts';
import { frameText, storedFrames, swingingFrames } from './load.ts';
import { startTestPipeline } from './pipeline.ts';

const FRAMES_PER_PACK = 500;

/** The chain's placements and custodies; acknowledged when this resolves. */
export async function sendEvents(client: MqttClient, chain: SmallChain): Promise<void> {
  await client.publishAsync(eventsTopic('carrier'), JSON.stringify(chain.events), { qos: 1 });
}

/** Says which time it is in the simulation; taken when this resolves. */
export async function sendClock(client: MqttClient, timeMs: number): Promise<void> {
  await client.publishAsync(CLOCK_TOPIC, JSON.stringify({ time: new Date(timeMs) }), { qos: 1 });
}

/** Swinging frames of every device of the chain, in the order of sending: all devices minute by minute. */
export function chainFrames(chain: SmallChain, perDevice: number): Frame[] {
  const byDevice = chain.devices.map((device) => swingingFrames(device, perDevice));
  return Array.from({ length: perDevice }, (_, n) => byDevice.map((of) => of[n]!)).flat();
}

/**
 * Publishes frames one a message at QoS 1, so many in flight; resolves when all are acknowledged. A client that
 * reconnects sends what is in flight again.
 */
export async function sendOneByOne(
  client: MqttClient,
  frames: readonly Frame[],
  inFlight: number,
  onAcked: (acked: number) => void = () => {},
): Promise<void> {
  let acked = 0;
  const toSend = frames.values();
  const sender = async () => {
    for (const frame of toSend) {
      await client.publishAsync(framesTopic(frame.device), encodeJson([frame]), { qos: 1 });
      onAcked(++acked);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, sender));
}

/** Publishes frames in packs of many, each device's in the order given. */
export async function sendPacked(client: MqttClient, frames: readonly Frame[]): Promise<void> {
  for (const device of new Set(frames.map((frame) => frame.device))) {
    const own = frames.filter((frame) => frame.device === device);
    for (let from = 0; from < own.length; from += FRAMES_PER_PACK) {
      await client.publishAsync(framesTopic(device), encodeJson(own.slice(from, from + FRAMES_PER_PACK)), { qos: 1 });
    }
  }
}

/** What a store holds against what was sent; all empty when every frame is stored once and nothing else is. */
export interface StoreCheck {
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  readonly unexpected: readonly string[];
}

export const ALL_STORED_ONCE: StoreCheck = { lost: [], twice: [], unexpected: [] };

/** Compares every frame that the store holds of the chain's devices with those sent. */
export async function checkStored(
  store: Pick<FrameStore, 'range'>,
  chain: SmallChain,
  sent: readonly Frame[],
): Promise<StoreCheck> {
  const stored = await storedFrames(store, chain.devices);
  const found = new Set(stored);
  const expected = new Set(sent.map(frameText));
  return {
    lost: [...expected].filter((text) => !found.has(text)),
    twice: stored.filter((text, i) => text === stored[i - 1]),
    unexpected: [...found].filter((text) => !expected.has(text)),
  };
}

/** The breaches that an undisturbed run over the same input finds. */
export async function quietBreaches(chain: SmallChain, frames: readonly Frame[]): Promise<Breach[]> {
  const pipeline = await startTestPipeline({}, chain.registry);
  try {
    const client = await pipeline.client();
    await sendEvents(client, chain);
    await sendPacked(client, frames);
    return await pipeline.look(({ ledger }) => listBreaches(ledger.db));
  } finally {
    await pipeline.end();
  }
}
