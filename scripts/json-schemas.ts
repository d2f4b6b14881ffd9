import { writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '../simulators/scenario/schema.ts';
import { packJsonSchema } from '../src/produce/pack/schema.ts';

/** Writes the JSON Schemas that editors check scenarios and rule packs with: `npm run schema`. */
for (const [path, schema] of [
  ['simulators/scenario.schema.json', scenarioJsonSchema()],
  ['src/produce/pack.schema.json', packJsonSchema()],
] as const) {
  writeFileSync(new URL(`../${path}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
