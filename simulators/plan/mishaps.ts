import type { PlannedFault } from './types.ts';

/** What goes wrong with a load before it leaves: what faults of loading come to. */
export interface Mishap {
  /** It never saw the pre-cooling room. */
  readonly skipped: boolean;
  /** Share of the pre-cooling that was cut off. */
  readonly hurriedShare: number;
  /** How much warmer it came on board than it left the store. */
  readonly warmerK: number;
}

const NONE: Mishap = { skipped: false, hurriedShare: 0, warmerK: 0 };

/** By load: what the faults that strike it do to it. @param loadsOf the loads that a fault strikes */
export function mishapsOf(
  faults: readonly PlannedFault[],
  loadsOf: (fault: PlannedFault) => readonly number[],
): Map<number, Mishap> {
  const mishaps = new Map<number, Mishap>();
  for (const fault of faults) {
    for (const load of loadsOf(fault)) mishaps.set(load, withFault(mishaps.get(load) ?? NONE, fault));
  }
  return mishaps;
}

function withFault(mishap: Mishap, { kind, severity }: PlannedFault): Mishap {
  switch (kind) {
    case 'warm-loading':
      return { ...mishap, warmerK: mishap.warmerK + severity };
    case 'skipped-pre-cooling':
      return { ...mishap, skipped: true };
    case 'hurried-pre-cooling':
      return { ...mishap, hurriedShare: Math.max(mishap.hurriedShare, severity) };
    default:
      return mishap;
  }
}
