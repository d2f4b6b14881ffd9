/** An interval whose end may be still open (`null`); half-open. */
interface OpenEnded {
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** The last of the spans where it is still open. */
export function openSpan<T extends OpenEnded>(spans: readonly T[]): T | undefined {
  const last = spans.at(-1);
  return last?.toMs === null ? last : undefined;
}

/** Ends the open span, if there is one; it goes where that leaves it empty. */
export function closeOpenSpan<T extends OpenEnded>(spans: T[], toMs: number): void {
  const open = openSpan(spans);
  if (!open) return;
  if (open.fromMs < toMs) spans[spans.length - 1] = { ...open, toMs };
  else spans.pop();
}

/** Adds an open span; it goes on with the last one where that ended at the same instant and is `same`. */
export function openNextSpan<T extends OpenEnded>(spans: T[], next: T, same: (last: T) => boolean): void {
  const last = spans.at(-1);
  if (last?.toMs === next.fromMs && same(last)) spans[spans.length - 1] = { ...last, toMs: null };
  else spans.push(next);
}

/** A stretch of time with something about it that matters. */
export interface Span extends OpenEnded {
  /** What matters; spans that touch and agree in it count as one. */
  readonly key: string;
}

/**
 * The first instant at which two timelines say different things; null where they never do.
 * @param a ascending and disjoint, as is b
 */
export function firstDifferenceMs(a: readonly Span[], b: readonly Span[]): number | null {
  const left = joined(a);
  const right = joined(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const l = left[i];
    const r = right[i];
    if (!l || !r) return (l ?? r)!.fromMs;
    if (l.fromMs !== r.fromMs || l.key !== r.key) return Math.min(l.fromMs, r.fromMs);
    if (l.toMs !== r.toMs) return Math.min(l.toMs ?? Number.POSITIVE_INFINITY, r.toMs ?? Number.POSITIVE_INFINITY);
  }
  return null;
}

function joined(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last && last.toMs === span.fromMs && last.key === span.key) out[out.length - 1] = { ...last, toMs: span.toMs };
    else out.push(span);
  }
  return out;
}
