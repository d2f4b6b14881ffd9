import { channelKind } from '../../src/contract/channel.ts';
import { type OutputFormat, type OutputWriter, timeText } from './format.ts';

/**
 * Long CSV (RFC 4180 but for plain line feeds), one channel reading a line. Names, times, numbers and units need no
 * quotes. Events are left out.
 */
export const csv: OutputFormat = {
  name: 'csv',
  doc: 'a line for each channel reading: time,device,channel,value,unit; no events',
  open: (): OutputWriter => {
    let head = 'time,device,channel,value,unit\n';
    const takeHead = () => {
      const text = head;
      head = '';
      return text;
    };
    return {
      slice: (slice) => {
        let text = takeHead();
        for (const pack of slice.packs) {
          for (const { timeMs, layout, values } of pack.frames) {
            const start = `${timeText(timeMs)},${pack.device},`;
            for (const [i, channel] of layout.channels.entries()) {
              text += `${start}${channel},${values[i]},${channelKind(channel)?.unit ?? ''}\n`;
            }
          }
        }
        return text;
      },
      end: takeHead,
    };
  },
};
