import type { Finding } from '../../lib/data-file.ts';
import { lengthText } from '../breach-words.ts';
import type { ProduceLimits } from '../profiles/schema.ts';
import { type Folds, knownParams } from './check.ts';
import { resolveParams, writtenAs } from './params.ts';
import type { Pack } from './schema.ts';

/**
 * Every parameter by which a rule looks back on more than is kept: judged anew, after a restart or for late data, it
 * would come to something else. A fold's schema marks them: `looksBack`.
 */
export function* windowsBeyond(pack: Pack, keptMs: number, limits: ProduceLimits, folds: Folds): Generator<Finding> {
  for (const [i, { name, rule, params }] of pack.rules.entries()) {
    const schema = folds.get(rule);
    if (!schema) continue;
    const given = resolveParams(params, limits).params;
    for (const [param, { looksBack, default: byDefault }] of Object.entries(knownParams(schema))) {
      const ms = given[param] ?? Number(byDefault);
      if (!looksBack || !(ms > keptMs)) continue;
      const path = param in given ? ['rules', i, 'params', writtenAs(param, params)] : ['rules', i];
      const own = param in given ? '' : `, the default of ${param}`;
      yield { path, message: `${name} looks back on ${lengthText(ms)}${own}, and only ${lengthText(keptMs)} are kept` };
    }
  }
}
