/** `: did you mean 'x'?` for the known name nearest to a wrong one, or nothing when none is near. */
export function nearest(wrong: string, known: readonly string[]): string {
  let best: string | undefined;
  let bestEdits = Math.ceil(wrong.length / 3) + 1;
  for (const name of known) {
    const edits = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (edits < bestEdits) [best, bestEdits] = [name, edits];
  }
  return best === undefined ? '' : `: did you mean '${best}'?`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
