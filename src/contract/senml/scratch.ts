/** Bytes kept behind a payload, so that the reads of one token never leave the array. */
const PADDING = 16;

/**
 * The payload being read, copied and closed by a NUL: that is no part of any JSON token, so every scan ends there
 * without a bounds check, and readers see one kind of array whatever the transport hands over.
 */
export class Scratch {
  bytes = Buffer.alloc(4096);
  view = viewOf(this.bytes);
  /** Bytes of the payload. */
  end = 0;

  load(payload: Uint8Array): void {
    if (payload.length + PADDING > this.bytes.length) {
      this.bytes = Buffer.alloc(2 * (payload.length + PADDING));
      this.view = viewOf(this.bytes);
    }
    this.bytes.set(payload);
    this.end = payload.length;
    this.bytes[this.end] = 0;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
