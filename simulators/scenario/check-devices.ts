import { channelKind } from '../../src/contract/channel.ts';
import type { AssetKind } from '../../src/contract/words.ts';
import type { Finding } from '../../src/lib/data-file.ts';
import { nearest } from '../../src/lib/nearest.ts';
import { CHANNELS } from '../plan/channels.ts';
import type { ScenarioData } from './schema.ts';

/** What is wrong with devices and links. */
export function* checkDevices(s: ScenarioData): Generator<Finding> {
  const { devices, links } = s;
  for (const key of ['sampleEvery', 'roomsEvery', 'railEvery'] as const) {
    const everyMs = devices[key];
    if (everyMs === undefined) continue;
    if (everyMs < 1000) yield { path: ['devices', key], message: 'must be at least 1s' };
    else if (devices.bufferFor < everyMs) {
      yield { path: ['devices', 'bufferFor'], message: `must hold at least one frame (${key})` };
    }
  }
  if (devices.reportEvery !== undefined && devices.reportEvery < devices.sampleEvery) {
    yield { path: ['devices', 'reportEvery'], message: 'must be at least as long as sampleEvery' };
  }
  for (const [kind, names] of Object.entries(devices.channels ?? {}) as [AssetKind, string[]][]) {
    for (const [i, name] of names.entries()) {
      const path = ['devices', 'channels', kind, i];
      const message = channelProblem(name) ?? (names.indexOf(name) < i ? `'${name}' is listed twice` : undefined);
      if (message !== undefined) yield { path, message };
    }
  }
  for (const [i, outage] of links.brokerOutages.entries()) {
    const path = ['links', 'brokerOutages', i];
    if (outage.at >= s.duration) yield { path: [...path, 'at'], message: 'begins after the end of the run' };
    if (outage.for <= 0) yield { path: [...path, 'for'], message: 'must last longer than nothing' };
  }
}

/** Why a device cannot report a channel; undefined where it can. */
export function channelProblem(name: string): string | undefined {
  const known = Object.keys(CHANNELS);
  if (!channelKind(name)) return `channel '${name}' has no unit: no such channel is known${nearest(name, known)}`;
  return CHANNELS[name] ? undefined : `nothing measures the channel '${name}'${nearest(name, known)}`;
}
