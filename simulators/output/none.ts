import type { OutputFormat } from './format.ts';

/** Writes nothing but, at the end, the digest of all that was measured and scanned: equal runs, equal line. */
export const none: OutputFormat = {
  name: 'none',
  doc: 'nothing but, at the end, the SHA-256 digest of all frames and events; as fast as it goes',
  open: null,
};
