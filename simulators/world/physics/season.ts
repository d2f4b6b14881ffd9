/**
 * A year's course through twelve monthly means that keeps the means: linear between values at mid-month, which are
 * chosen such that each month averages to its own mean (Killworth 1996, J. Phys. Oceanogr. 26, 136–143). Months count
 * as equally long here, each running through its own days.
 */
export function seasonOf(monthlyMeans: readonly number[]): Float64Array {
  // The line through the months before, of and after averages to (before + 6·of + after) / 8. Solved by iteration
  // (Gauss–Seidel): each pass leaves a quarter to a third of the error.
  const middles = Float64Array.from(monthlyMeans);
  for (let pass = 0; pass < 40; pass++) {
    for (let m = 0; m < 12; m++) {
      middles[m] = (8 * monthlyMeans[m]! - middles[(m + 11) % 12]! - middles[(m + 1) % 12]!) / 6;
    }
  }
  return middles;
}

/** The value of a season at an instant. @param yearMonths from {@link yearMonthsOf} */
export function seasonAt(season: Float64Array, yearMonths: number): number {
  const x = yearMonths + 11.5;
  const month = Math.floor(x);
  const share = x - month;
  return (1 - share) * season[month % 12]! + share * season[(month + 1) % 12]!;
}

/** How far into its year (UTC) an instant is, in months: 6.5 in the middle of July. */
export function yearMonthsOf(timeMs: number): number {
  const date = new Date(timeMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const fromMs = Date.UTC(year, month);
  return month + (timeMs - fromMs) / (Date.UTC(year, month + 1) - fromMs);
}
