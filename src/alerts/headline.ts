import { type AlertContent, severityRank } from '../contract/alert.ts';
import type { Breach } from '../contract/breach.ts';
import { chainPlace, isAlike, mayCause } from '../produce/breach-chain.ts';
import { inSentence, timedText } from '../produce/breach-words.ts';

/**
 * What somebody woken at night reads first: the likely cause, then the gravest of what followed. `Door open for 1 h
 * 15 min, then pulp above 8 °C (3 probes) for over 30 min`. What moves with every frame is not in it: a headline is
 * told again only when there is news. A fold over the breaches as a set.
 */
export function headlineOf(breaches: readonly Breach[]): Pick<AlertContent, 'headline' | 'causeId'> {
  const gravest = [...breaches].sort(byGravity)[0]!;
  const causes = breaches.filter((breach) => mayCause(breach, gravest)).sort(byPlace);
  const [cause] = causes;
  const effect = said(gravest, breaches);
  if (!cause) return { headline: effect, causeId: null };
  return { headline: `${said(cause, causes)}, then ${inSentence(effect)}`, causeId: cause.id };
}

function said(breach: Breach, among: readonly Breach[]): string {
  return timedText(
    breach,
    among.filter((other) => isAlike(other, breach)),
  );
}

/** The most severe first; of those the one furthest from the cause, for that is what the fruit suffers. */
function byGravity(a: Breach, b: Breach): number {
  return severityRank(b.severity) - severityRank(a.severity) || chainPlace(b) - chainPlace(a) || byStart(a, b);
}

function byPlace(a: Breach, b: Breach): number {
  return chainPlace(a) - chainPlace(b) || byStart(a, b);
}

function byStart(a: Breach, b: Breach): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
