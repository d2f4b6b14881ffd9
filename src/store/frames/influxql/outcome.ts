import { serverMessage } from './server-message.ts';

/** What became of one write request. */
export type WriteOutcome =
  | { readonly kind: 'written' }
  /** The server is not there, or busy: the same request may succeed later. */
  | { readonly kind: 'away'; readonly message: string; readonly retryAfterMs: number | undefined }
  /** Some of the points are refused for good; the others may or may not be written. */
  | { readonly kind: 'points-refused'; readonly message: string; readonly dropped: number | undefined }
  /** The body is longer than the server takes. */
  | { readonly kind: 'too-large'; readonly message: string }
  /** The request is refused whatever its points are: credentials, database, a wrong address. */
  | { readonly kind: 'request-refused'; readonly message: string; readonly status: number };

/** Writes a body of line protocol. Never rejects: failures are outcomes. */
export type WriteLines = (body: string) => Promise<WriteOutcome>;

/** Reads a response that was not 204. @param retryAfter the header's text: seconds are honoured, dates are not */
export function writeOutcome(status: number, body: string, retryAfter: string | undefined): WriteOutcome {
  const message = `${status} ${serverMessage(body)}`;
  switch (status) {
    case 400: // 1.x: partial write; 3.x: some lines rejected
    case 422: // 2.x: partial write (InfluxDB 2 API, POST /api/v2/write)
      return { kind: 'points-refused', message, dropped: droppedPoints(body) };
    case 413:
      return { kind: 'too-large', message };
    case 408:
    case 429:
      return { kind: 'away', message, retryAfterMs: seconds(retryAfter) };
    default:
      return status >= 500
        ? { kind: 'away', message, retryAfterMs: seconds(retryAfter) }
        : { kind: 'request-refused', message, status };
  }
}

/** Retry-After in seconds (RFC 9110 §10.2.3). */
function seconds(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
}

/** `partial write: … dropped=3`, as tsdb.PartialWriteError words it. */
function droppedPoints(body: string): number | undefined {
  const found = /\bdropped=(\d+)/.exec(body);
  return found ? Number(found[1]) : undefined;
}
