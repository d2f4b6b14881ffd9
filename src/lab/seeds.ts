/** The most seeds of one run. */
const SEEDS_MAX = 10_000;

/** Reads `1..100`, `7` or `1,2,5..9`; undefined where it is none of these. Each seed once, in their order. */
export function parseSeeds(text: string): number[] | undefined {
  const seeds = new Set<number>();
  for (const part of text.split(',')) {
    const range = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(part.trim());
    if (!range) return undefined;
    const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (to < from || to - from >= SEEDS_MAX) return undefined;
    for (let seed = from; seed <= to; seed++) seeds.add(seed);
  }
  return seeds.size <= SEEDS_MAX ? [...seeds] : undefined;
}
