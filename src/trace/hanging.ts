/** What fits a plain terminal, and a mail. */
const COLUMNS = 80;

/**
 * Text in lines of at most 80 columns: the first after a mark, the others below its text. A word longer than that stays
 * whole.
 * @param mark how wide it is, where colours make its text longer: `width`
 */
export function hanging(mark: string, text: string, width = mark.length): string {
  return mark + linesOf(text.split(' '), COLUMNS - width).join(`\n${' '.repeat(width)}`);
}

/** Text in lines that fit a cell of a table; a word that does not is broken. */
export function inCell(text: string, columns: number): string {
  return linesOf(
    text.split(' ').flatMap((word) => pieces(word, columns)),
    columns,
  ).join('\n');
}

function linesOf(words: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function pieces(word: string, columns: number): string[] {
  const found = [''];
  for (const character of word) {
    if (columnsOf(found.at(-1)! + character) > columns) found.push(character);
    else found[found.length - 1] += character;
  }
  return found;
}

/** Hangul, kana and ideographs are two columns wide (UAX #11, roughly); all else that stands in our output is one. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += character.codePointAt(0)! >= 0x1100 && !isNarrow(character) ? 2 : 1;
  return columns;
}

/** Punctuation, arrows, boxes and bars lie between the wide ones. */
function isNarrow(character: string): boolean {
  return /[\u1200-\u2e7f]/u.test(character);
}
