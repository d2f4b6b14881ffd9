import { inOrder } from '../run.ts';
import { type OutputFormat, type OutputWriter, timeText } from './format.ts';

/** One JSON object a line: a frame `{device, time, seq, values}` or an event `{org, event}`. */
export const ndjson: OutputFormat = {
  name: 'ndjson',
  doc: 'a JSON object a line: frames {device, time, seq, values} and events {org, event}',
  open: (): OutputWriter => ({
    slice: (slice) => {
      let text = '';
      for (const item of inOrder(slice)) {
        if ('scan' in item) {
          text += `${JSON.stringify({ org: item.scan.org, event: item.scan.event })}\n`;
          continue;
        }
        for (const { device, timeMs, seq, layout, values } of item.pack.frames) {
          const named = Object.fromEntries(layout.channels.map((channel, i) => [channel, values[i]]));
          text += `${JSON.stringify({ device, time: timeText(timeMs), seq, values: named })}\n`;
        }
      }
      return text;
    },
    end: () => '',
  }),
};
