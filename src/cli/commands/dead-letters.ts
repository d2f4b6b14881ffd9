import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { loadConfig } from '../../config.ts';
import { REASONS, type Reason } from '../../contract/reason.ts';
import { countDeadLettersByReason, type DeadLetter, listDeadLetters } from '../../store/ledger/dead-letters.ts';
import { openReadLedger } from '../../stores.ts';
import { plainTable } from '../../trace/plain-table.ts';
import { localTime, parseZone, ZONE_DEFAULT } from '../../trace/zone.ts';

/** How much of a payload a table shows; `--json` shows all that is kept. */
const PAYLOAD_SHOWN_CHARS = 60;

/** `coldtrail dead-letters list`: input that was refused, and why. */
export function deadLettersCommand(): Command {
  const list = new Command('list')
    .description('list refused input with its reason, newest first')
    .addOption(new Option('--reason <code>', 'only these').choices(Object.keys(REASONS) as Reason[]))
    .option('--limit <n>', 'at most so many', limitOf, 50)
    .option('--json', 'one JSON object a line, payload as base64')
    .option('-c, --config <file>', 'configuration file')
    .option('--data <dir>', 'data directory')
    .action(async (options) => {
      const config = await loadConfig({ file: options.config, env: process.env, flags: { dataDir: options.data } });
      const ledger = await openReadLedger(config);
      try {
        const { limit, reason } = options;
        const letters = await listDeadLetters(ledger.db, { limit, ...(reason && { reason }) });
        const text = options.json ? asJson(letters) : asTable(letters, await countDeadLettersByReason(ledger.db));
        process.stdout.write(text);
      } finally {
        await ledger.close();
      }
    });
  return new Command('dead-letters')
    .description('input that was refused, kept with its reason')
    .addCommand(list as unknown as Command);
}

function asJson(letters: readonly DeadLetter[]): string {
  return letters
    .map((letter) => `${JSON.stringify({ ...letter, payload: Buffer.from(letter.payload).toString('base64') })}\n`)
    .join('');
}

function asTable(letters: readonly DeadLetter[], counts: ReadonlyMap<Reason, number>): string {
  if (counts.size === 0) return 'nothing was refused\n';
  const table = plainTable(['Arrived', 'Reason', 'Topic', 'Payload', 'Detail']);
  const zoneMin = parseZone(ZONE_DEFAULT)!;
  for (const { arrivedMs, reason, topic, payload, payloadBytes, detail } of letters) {
    table.push([localTime(arrivedMs, zoneMin), reason, topic, shown(payload, payloadBytes), detail ?? '']);
  }
  const totals = [...counts].map(([reason, count]) => `${reason} ${count}`).join(', ');
  return `${table.toString()}\nIn all: ${totals}\n`;
}

/** Printable characters only: a payload comes from outside and may hold terminal codes. */
function shown(payload: Uint8Array, payloadBytes: number): string {
  const text = Buffer.from(payload.subarray(0, PAYLOAD_SHOWN_CHARS))
    .toString('latin1')
    .replace(/[^ -~]/g, '·');
  return payloadBytes > PAYLOAD_SHOWN_CHARS ? `${text}… (${payloadBytes} bytes)` : text;
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit === 0) throw new InvalidArgumentError('It must be a whole number above 0.');
  return limit;
}
