import type { OutputFormat, OutputWriter } from './format.ts';

/**
 * InfluxDB line protocol with millisecond times: measurement `telemetry`, tag `device`, a field for each channel
 * and `seq`. Events are left out.
 */
export const influx: OutputFormat = {
  name: 'influx',
  doc: 'InfluxDB line protocol, write it with precision=ms; no events',
  open: (): OutputWriter => ({
    slice: (slice) => {
      let text = '';
      for (const pack of slice.packs) {
        const head = `telemetry,device=${escapeKey(pack.device)} `;
        for (const { timeMs, seq, layout, values } of pack.frames) {
          const fields = layout.channels.map((channel, i) => `${escapeKey(channel)}=${values[i]}`);
          if (seq !== null) fields.push(`seq=${seq}`);
          text += `${head}${fields.join(',')} ${timeMs}\n`;
        }
      }
      return text;
    },
    end: () => '',
  }),
};

/** Tag values and field keys: comma, equals sign and space take a backslash; a line break cannot be written at all. */
export function escapeKey(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[,= ]/g, '\\$&');
}
