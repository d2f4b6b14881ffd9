import type { BatchReport } from '../contract/batch-report.ts';
import type { Breach } from '../contract/breach.ts';
import type { AssetKey, AssetKind, DeviceKey, Interval } from '../contract/words.ts';
import type { Kin } from '../store/ledger/genealogy.ts';
import type { Band, Summary } from './summary.ts';

/** The history of a batch: who held it, what it went through, who answers for what, and where it came from. */
export interface Trace extends BatchTrace {
  /**
   * With the whole chain asked for: every batch it was made from, directly or not, ascending by when its custody
   * began; else null.
   */
  readonly ancestors: readonly BatchTrace[] | null;
  /** How many ancestors, the furthest ones, were left out since there are too many. */
  readonly ancestorsLeftOut: number;
}

/** What is known of one batch by itself. Its breaches are its own: those of its ancestors stay with them. */
export interface BatchTrace {
  readonly batch: TracedBatch;
  /** Up to and including this instant evidence was read where the custody is still open; else the custody's end. */
  readonly asOfMs: number | null;
  readonly verdict: Verdict;
  /** The band for fruit temperature that `outOfRangeMs` is measured against; null where the produce has no profile. */
  readonly band: Band | null;
  /** Custody, ascending in time. */
  readonly legs: readonly TraceLeg[];
  /** Every breach the batch went through, once, ascending by (start, id); withdrawn ones are not among them. */
  readonly breaches: readonly TracedBreach[];
  /**
   * What it has used of its produce's budgets over all legs, and how its pre-cooling went; null where it was not judged:
   * its produce has none, or no event of it has come yet.
   */
  readonly budgets: BatchReport | null;
  /** The batches that went into it, with how much of each; ascending by (time, id). Empty where it was harvested. */
  readonly madeFrom: readonly TracedKin[];
  /** The batches that came out of what it went into, with how much there is of each. */
  readonly became: readonly TracedKin[];
}

export interface TracedKin extends Kin {
  readonly lot: string;
}

interface TracedBatch {
  /** LGTIN class URI. */
  readonly id: string;
  readonly lot: string;
  readonly produce: string | null;
  readonly quantityKg: number | null;
  readonly commissionedMs: number | null;
}

/** One custody interval with what is known about it. */
export interface TraceLeg {
  readonly org: string;
  readonly orgName: string;
  readonly asset: AssetKey;
  readonly assetName: string;
  /** Null where the registry does not know the asset. */
  readonly assetKind: AssetKind | null;
  readonly fromMs: number;
  /** Null where the batch is still there. */
  readonly toMs: number | null;
  /** What of the leg evidence was looked for in. */
  readonly evidenceMs: Interval;
  /** The devices that spoke for the asset meanwhile, by key. */
  readonly devices: readonly DeviceKey[];
  readonly pulp: Summary;
  /** Return air, or air where the place is not told apart: what surrounds the fruit. */
  readonly air: Summary;
  /** Covered by pulp or air. */
  readonly coveredMs: number;
  readonly gaps: readonly Interval[];
}

export interface TracedBreach extends Breach {
  /** Who held the batch when the breach began, or when the batch came into it. */
  readonly heldBy: string;
  /** The part of the breach the batch was there for; `toMs` null while both last. */
  readonly exposedFromMs: number;
  readonly exposedToMs: number | null;
  /** Indices into `legs`. */
  readonly legs: readonly number[];
}

/**
 * `breached`: an alarm or a critical breach; `warning`: warnings only, or a budget that was used up before the batch was
 * made; `ok`: watched, no breach; `no-evidence`: not a single temperature. Mean kinetic temperature takes no part: it
 * calls colder better, and plums freeze. Coverage is said, not judged: a gap is neither good nor bad.
 */
export interface Verdict {
  readonly result: 'ok' | 'warning' | 'breached' | 'no-evidence';
  /** Plain sentences, the gravest first. */
  readonly reasons: readonly string[];
}
