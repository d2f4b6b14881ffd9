import type { Principal } from './principals.ts';

/** A publish as it came from a broker. */
export interface Inbound {
  readonly topic: string;
  readonly payload: Buffer;
  /** Who published it; null where the broker has already decided (an external one). */
  readonly principal: Principal | null;
}

/**
 * What a broker calls for every publish on our topics. It calls `done` once, when the input is durable (accepted or
 * refused alike); only then may the publish be acknowledged. `forward` false: it was refused, nobody else shall see it.
 */
export type Intake = (message: Inbound, done: (forward: boolean) => void) => void;
