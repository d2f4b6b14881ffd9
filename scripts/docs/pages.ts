import { readFileSync } from 'node:fs';
import { alertTables } from './alerts.ts';
import { channelsTable } from './channels.ts';
import { errorsPage, reasonsPage } from './codes.ts';
import { filled } from './markdown.ts';
import { rulesPage } from './rules.ts';
import { settingsTable } from './settings.ts';
import { validationPage } from './validation/page.ts';

/** Every page that is generated, or has a generated part, as it should be: path from the root → text. */
export function docPages(): ReadonlyMap<string, string> {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const alerts = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
  return new Map([
    ['README.md', filled(filled(readme, 'settings', settingsTable()), 'channels', channelsTable())],
    [
      'docs/alerts.md',
      Object.entries(alertTables()).reduce((page, [name, content]) => filled(page, name, content), alerts),
    ],
    ['docs/errors.md', errorsPage()],
    ['docs/reason-codes.md', reasonsPage()],
    ['docs/rules.md', rulesPage()],
    ['docs/validation.md', validationPage()],
  ]);
}
