import { encodeJson } from '../../src/contract/senml/encode.ts';
import type { OutputFormat, OutputWriter } from './format.ts';

/** One SenML pack (RFC 8428, JSON) a line, as it would go out over MQTT. Events are not SenML and are left out. */
export const senml: OutputFormat = {
  name: 'senml',
  doc: 'a SenML pack (RFC 8428) a line; no events',
  open: (): OutputWriter => ({
    slice: (slice) => slice.packs.map((pack) => `${encodeJson(pack.frames).toString('utf8')}\n`).join(''),
    end: () => '',
  }),
};
