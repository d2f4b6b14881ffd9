import { channelKind } from '../../src/contract/channel.ts';
import type { Frame, Layout } from '../../src/contract/frame.ts';
import { ByteWriter } from './byte-writer.ts';
import type { OutputFormat, OutputWriter } from './format.ts';

/**
 * InfluxDB line protocol with millisecond times: measurement `telemetry`, tag `device`, a field for each channel
 * and `seq`. Events are left out. Written as bytes, since this is what fills a database as fast as it takes it.
 */
export const influx: OutputFormat = {
  name: 'influx',
  doc: 'InfluxDB line protocol, write it with precision=ms; no events',
  open: (): OutputWriter => {
    const writer = new LineWriter();
    return {
      slice: (slice) => {
        for (const pack of slice.packs) for (const frame of pack.frames) writer.line(frame);
        return writer.take();
      },
      end: () => '',
    };
  },
};

/** The fields of a layout: what comes before each value, and its decimals. */
interface FieldHeads {
  readonly heads: readonly Uint8Array[];
  readonly decimals: Uint8Array;
}

const SEQ = ascii(',seq=');
const SPACE = ascii(' ');
const NEWLINE = ascii('\n');

class LineWriter {
  readonly #out = new ByteWriter();
  readonly #lineHeads = new Map<string, Uint8Array>();
  readonly #fields = new Map<Layout, FieldHeads>();

  line({ device, timeMs, seq, layout, values }: Frame): void {
    const out = this.#out;
    const { heads, decimals } = this.#fieldsOf(layout);
    out.bytes(this.#lineHeadOf(device));
    for (let c = 0; c < heads.length; c++) {
      out.bytes(heads[c]!);
      out.decimal(values[c]!, decimals[c]!);
    }
    if (seq !== null) {
      out.bytes(SEQ);
      out.integer(seq);
    }
    out.bytes(SPACE);
    out.integer(timeMs);
    out.bytes(NEWLINE);
  }

  take(): Buffer {
    const bytes = this.#out.take();
    this.#out.reset();
    return bytes;
  }

  #lineHeadOf(device: string): Uint8Array {
    let head = this.#lineHeads.get(device);
    if (!head) {
      head = Buffer.from(`telemetry,device=${escapeKey(device)} `);
      this.#lineHeads.set(device, head);
    }
    return head;
  }

  #fieldsOf(layout: Layout): FieldHeads {
    let fields = this.#fields.get(layout);
    if (!fields) {
      const heads = layout.channels.map((channel, c) => ascii(`${c === 0 ? '' : ','}${escapeKey(channel)}=`));
      fields = { heads, decimals: Uint8Array.from(layout.channels, (name) => channelKind(name)?.decimals ?? 0) };
      this.#fields.set(layout, fields);
    }
    return fields;
  }
}

/** Tag values and field keys: comma, equals sign and space take a backslash; a line break cannot be written at all. */
export function escapeKey(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[,= ]/g, '\\$&');
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
