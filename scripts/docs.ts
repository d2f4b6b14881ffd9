import { writeFileSync } from 'node:fs';
import { docPages } from './docs/pages.ts';

/** Writes the generated pages and the generated parts of the README: `npm run docs`. */
for (const [file, text] of docPages()) writeFileSync(new URL(`../${file}`, import.meta.url), text);
