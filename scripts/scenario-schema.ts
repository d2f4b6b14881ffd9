import { writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '../simulators/scenario/schema.ts';

/** Writes the JSON Schema that editors check scenario files with: `tsx scripts/scenario-schema.ts`. */
const file = new URL('../simulators/scenario.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
