import type { Breach } from '../contract/breach.ts';
import { CHAIN, kindOf, quantityOf, type Stage, stageOf } from './breach-kinds.ts';

/** Where breaches stand to each other: in the chain from what goes wrong to what it does to the fruit. */

/** What may be the reason for something further down the chain. */
const CAUSES: ReadonlySet<Stage> = new Set(['battery', 'sensor', 'setting', 'door', 'defrost', 'air', 'airflow']);
const INSTRUMENTS: ReadonlySet<Stage> = new Set(['battery', 'silence', 'sensor']);

/** Whether a breach is about what measures, and not about what is measured. */
export function aboutInstruments(breach: Breach): boolean {
  const kind = kindOf(breach);
  return kind ? INSTRUMENTS.has(stageOf(kind, breach)) : breach.about !== 'cargo';
}

/** True for a breach of a sensor rule: what the sensor says is not to be believed. */
export function doubtsSensor(breach: Breach): boolean {
  const kind = kindOf(breach);
  return kind ? kind.stage === 'sensor' : breach.about === 'sensor';
}

/** Whether two breaches say the same of different channels or devices. */
export function isAlike(a: Breach, b: Breach): boolean {
  return a.rule === b.rule && a.limit === b.limit && quantityOf(a) === quantityOf(b);
}

/** How far down the chain from cause to effect: 0 is its beginning. A rule that is not known stands at the end. */
export function chainPlace(breach: Breach): number {
  const kind = kindOf(breach);
  return kind ? CHAIN.indexOf(stageOf(kind, breach)) : CHAIN.length;
}

/** Whether the first is likely to be why the second is: further up the chain, and there when it began. */
export function mayCause(first: Breach, second: Breach): boolean {
  const kind = kindOf(first);
  if (!kind || first.startMs > second.startMs || chainPlace(first) >= chainPlace(second)) return false;
  const stage = stageOf(kind, first);
  if (!CAUSES.has(stage)) return false;
  if (stage === 'battery') return first.device === second.device;
  return stage !== 'sensor' || (first.device === second.device && first.channel === second.channel);
}
