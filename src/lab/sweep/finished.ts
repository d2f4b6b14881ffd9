import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ColdtrailError } from '../../lib/errors.ts';
import type { SeedTally } from '../seed-tally.ts';
import type { SeedRequest } from '../seed-worker.ts';

/**
 * The file of finished work of a sweep: a line for what is swept, then a line for each seed with the tallies of all
 * points. A sweep that was stopped goes on with the seeds that are not in it.
 */
export class FinishedSeeds {
  readonly #file: string;
  readonly #key: string;

  constructor(file: string, request: SeedRequest) {
    this.#file = file;
    this.#key = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  }

  /**
   * What is finished. A last line that was cut short, as by a power cut, is taken away.
   * @throws ColdtrailError CONFIG_INVALID where the file is of another sweep
   */
  read(): SeedTally[] {
    if (!existsSync(this.#file)) return [];
    const [head = '', ...lines] = readFileSync(this.#file, 'utf8').split('\n');
    if (head !== this.#head()) {
      throw new ColdtrailError(
        'CONFIG_INVALID',
        `${this.#file} is not of this sweep: scenario, rules or points differ`,
        {
          hint: 'Name another file, or take this one away to begin anew',
        },
      );
    }
    const cut = lines.pop();
    // What is added next must begin a line of its own.
    if (cut !== '') writeFileSync(this.#file, [head, ...lines, ''].join('\n'));
    return lines.map((line) => JSON.parse(line) as SeedTally);
  }

  add(tally: SeedTally): void {
    if (!existsSync(this.#file)) appendFileSync(this.#file, `${this.#head()}\n`);
    appendFileSync(this.#file, `${JSON.stringify(tally)}\n`);
  }

  #head(): string {
    return JSON.stringify({ coldtrail: 'lab sweep', key: this.#key });
  }
}
