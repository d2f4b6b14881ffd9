/** What fits a plain terminal, and a mail. */
const COLUMNS = 80;

/**
 * Text in lines of at most 80 columns: the first after a mark, the others below its text. A word longer than that stays
 * whole.
 * @param mark how wide it is, where colours make its text longer: `width`
 */
export function hanging(mark: string, text: string, width = mark.length): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && width + line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return mark + lines.join(`\n${' '.repeat(width)}`);
}
