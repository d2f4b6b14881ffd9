import { createHash } from 'node:crypto';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { inOrder } from '../run.ts';
import type { OutputFormat, OutputWriter } from './format.ts';

/** Writes nothing but, at the end, the SHA-256 of all packs (SenML JSON) and events in order: equal runs, equal line. */
export const none: OutputFormat = {
  name: 'none',
  doc: 'nothing but, at the end, the SHA-256 digest of all packs and events',
  open: (): OutputWriter => {
    const digest = createHash('sha256');
    return {
      slice: (slice) => {
        for (const item of inOrder(slice)) {
          if ('scan' in item) digest.update(`${item.scan.org} ${JSON.stringify(item.scan.event)}\n`);
          else digest.update(encodeJson(item.pack.frames)).update('\n');
        }
        return '';
      },
      end: () => `${digest.digest('hex')}\n`,
    };
  },
};
