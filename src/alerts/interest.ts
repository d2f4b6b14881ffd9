import { type AlertNotice, severityRank } from '../contract/alert.ts';
import type { Severity } from '../contract/breach.ts';

/** What a receiver wants to be told of. */
export interface Interest {
  /** As people see it: escalation counted in. */
  readonly minSeverity: Severity;
  /** None: every org. */
  readonly orgs?: readonly string[] | undefined;
}

/**
 * The orgs that a change concerns, of those a receiver asks for; none where it is not to be told. What it was told of
 * and is no concern of its own any longer, since the alert became less severe or went to another org, is told once
 * more: else it would wait for ever for an end.
 */
export function orgsConcerned({ severity, alert, before }: AlertNotice, { minSeverity, orgs }: Interest): string[] {
  const isGrave = (one: Severity) => severityRank(one) >= severityRank(minSeverity);
  const concerned = new Set<string>();
  if (isGrave(severity)) for (const org of alert.orgs) concerned.add(org);
  if (before && isGrave(before.severity)) for (const org of before.orgs) concerned.add(org);
  return [...concerned].filter((org) => orgs === undefined || orgs.includes(org)).sort();
}
