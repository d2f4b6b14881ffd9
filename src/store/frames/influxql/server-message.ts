const MESSAGE_LENGTH_MAX = 500;

interface ErrorBody {
  readonly error?: unknown;
  readonly message?: unknown;
  readonly data?: readonly { readonly error_message?: unknown }[];
}

/**
 * What a server said, from its error's body: `{"error"}` in 1.x, `{"code","message"}` in 2.x, `{"error","data"}`
 * with a message for each rejected line in 3.x, or plain text.
 */
export function serverMessage(body: string): string {
  const text = body.trim();
  let said = text;
  try {
    const json: unknown = JSON.parse(text);
    if (json !== null && typeof json === 'object') {
      const { error, message, data } = json as ErrorBody;
      said = typeof message === 'string' ? message : typeof error === 'string' ? error : text;
      const ofFirstLine = Array.isArray(data) ? (data as ErrorBody['data'])?.[0]?.error_message : undefined;
      if (typeof ofFirstLine === 'string') said += `: ${ofFirstLine}`;
    }
  } catch {
    // Not JSON: a proxy's page, or an old server's plain text.
  }
  return said.length > MESSAGE_LENGTH_MAX ? `${said.slice(0, MESSAGE_LENGTH_MAX)}…` : said;
}
