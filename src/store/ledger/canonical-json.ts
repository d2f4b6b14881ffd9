/**
 * JSON with the keys of every object in code-unit order and no white space: equal values, equal bytes.
 * After RFC 8785 (JCS), for values that come from JSON or hold no NaN, infinity or lone surrogate.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // fromEntries defines each key as an own property, so `__proto__` from a message stays data.
  return Object.fromEntries(entries.map(([key, v]) => [key, sorted(v)]));
}
