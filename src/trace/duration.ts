/** `2 d 03 h`, `5 h 07 min`, `12 min`. */
export function duration(ms: number): string {
  const min = Math.round(ms / 60_000);
  const h = Math.floor(min / 60);
  const two = (n: number) => String(n).padStart(2, '0');
  if (h >= 48) return `${Math.floor(h / 24)} d ${two(h % 24)} h`;
  return h > 0 ? `${h} h ${two(min % 60)} min` : `${min} min`;
}
