import type { PackRuleTold } from './explanation.ts';
import { paramText } from './param-text.ts';

/** Drawings of how a rule raises and clears, in ASCII, for those that have a limit and a time. */

const HIGH = [
  '            ______________',
  '           /              \\',
  '----------/----------------\\----------{limit}',
  '         /                  \\',
  '--------/--------------------\\--------{clear}',
  '_______/                      \\_______',
];

const LOW = [
  '_______                        _______',
  '       \\                      /',
  '--------\\--------------------/--------{clear}',
  '         \\                  /',
  '----------\\----------------/----------{limit}',
  '           \\______________/',
];

/** Below either of them. */
const SPELL = ['          |<{time}>|    |', '          begins   raised    cleared'];

const SUM = [
  '           ___          ____',
  '          /   \\        /    \\',
  '---------/-----\\------/------\\--------{limit}',
  '________/       \\____/        \\_______',
  '         |<===>|      |<====>|',
  '         counts    +  counts  =  {time}: raised',
];

interface Labels {
  readonly limit: string;
  readonly clear: string;
  readonly time: string;
}

/** The picture of a rule as a pack has it, line by line; none where a drawing tells nothing. */
export function pictureOf({ rule, params, channels }: PackRuleTold): string[] {
  return drawn(rule, (names) => {
    const param = (name: string) => params.find((one) => one.name === name);
    const level = (name: string) => param(name)?.value ?? param(name)?.default ?? 0;
    const clear = level(names.limit) + (rule === 'high' ? -1 : 1) * level('hysteresisC');
    return {
      limit: param(names.limit)?.text ?? '',
      clear: paramText('limitC', Number(clear.toFixed(3)), channels),
      time: param(names.time)?.text ?? '',
    };
  });
}

/** The same with the names of the parameters, for the rule itself. */
export function pictureOfRule(rule: string): string[] {
  return drawn(rule, (names) => names);
}

/** @param labels what stands in the picture, by the names of the parameters that it shows */
function drawn(rule: string, labels: (names: Labels) => Labels): string[] {
  switch (rule) {
    case 'high':
      return labelled([...HIGH, ...SPELL], labels({ limit: 'limitC', clear: 'limitC - hysteresisC', time: 'dwellMs' }));
    case 'low':
    case 'freezing':
      return labelled([...LOW, ...SPELL], labels({ limit: 'limitC', clear: 'limitC + hysteresisC', time: 'dwellMs' }));
    case 'time-out-of-range':
      return labelled(SUM, labels({ limit: 'highC', clear: '', time: 'budgetMs' }));
    case 'degree-minutes':
      return labelled(SUM, labels({ limit: 'limitC', clear: '', time: 'budgetCMin' }));
    default:
      return [];
  }
}

function labelled(lines: readonly string[], { limit, clear, time }: Labels): string[] {
  return lines.map((line) =>
    line
      .replace('{limit}', `  limit ${limit}`)
      .replace('{clear}', `  clears at ${clear}`)
      .replace('<{time}>', `<${centred(` ${time} `, 11)}>`)
      .replace('{time}', time),
  );
}

function centred(text: string, width: number): string {
  const left = Math.max(0, Math.floor((width - text.length) / 2));
  return `${'-'.repeat(left)}${text}`.padEnd(width, '-');
}
