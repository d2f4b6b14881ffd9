import { LAYOUT, STEADY } from './truck-frames.ts';

/** A door is open for some minutes of every so many. */
const DOOR_EVERY_MIN = 480;
const DOOR_OPEN_MIN = 8;
/** One truck in so many warms up for a while, every second day: a fleet is mostly well. */
const TROUBLED_EVERY = 20;
const TROUBLE_EVERY_MIN = 2880;
const TROUBLE_MIN = 480;

/**
 * What a loaded truck of a fleet that is mostly well reports at a minute: air that swings with its compressor, pulp that
 * follows slowly, sensor noise, doors, and now and then a unit that fails. A function of truck and minute.
 * @returns one value for each channel of LAYOUT
 */
export function truckValues(truck: number, minute: number): number[] {
  const isOpen = (minute + truck * 37) % DOOR_EVERY_MIN < DOOR_OPEN_MIN;
  const troubleMin = (minute + truck * 479) % TROUBLE_EVERY_MIN;
  const isTroubled = truck % TROUBLED_EVERY === 0 && troubleMin < TROUBLE_MIN;
  const troubleC = isTroubled ? Math.min(troubleMin, TROUBLE_MIN - troubleMin) / 30 : 0;
  const swingC = 0.6 * Math.sin(minute / 8 + truck);
  return LAYOUT.channels.map((channel, c) => {
    const noise = noiseOf(truck, minute, c);
    if (channel === 'door') return isOpen ? 1 : 0;
    if (channel === 'air-return') return rounded(-0.3 + swingC + 0.2 * noise + troubleC + (isOpen ? 2 : 0));
    if (channel === 'air-supply') return rounded(-0.9 + swingC + 0.2 * noise + troubleC);
    if (channel.startsWith('pulp')) return rounded(0.2 + 0.1 * noise + 0.5 * troubleC);
    if (channel === 'humidity') return rounded(92 + noise);
    return STEADY[channel]!;
  });
}

/** −1 to 1, the same for the same truck, minute and channel. */
function noiseOf(truck: number, minute: number, column: number): number {
  let h = Math.imul(truck + 1, 0x9e3779b1) ^ Math.imul(minute + 1, 0x85ebca6b) ^ Math.imul(column + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) | 0) / 2 ** 31;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
