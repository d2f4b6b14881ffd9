import { z } from 'zod';
import { configSchema, envVariable } from '../../src/config.ts';
import { code, table } from './markdown.ts';

/** What we read of a JSON Schema. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

interface Setting {
  readonly path: readonly string[];
  readonly description: string;
  readonly byDefault: string;
}

/** The configuration table, from the schema that checks it. */
export function settingsTable(): string {
  return table(
    ['Setting', 'Default', 'Environment variable', 'Meaning'],
    settings().map(({ path, description, byDefault }) => [
      code(path.join('.')),
      byDefault,
      code(envVariable(path)),
      description,
    ]),
  );
}

/** Every setting once; of a section with variants, those of each variant, which is named in the meaning. */
function settings(): Setting[] {
  const found: Setting[] = [];
  walk(z.toJSONSchema(configSchema, { io: 'input' }) as Schema, [], '', found);
  return found;
}

function walk(schema: Schema, path: readonly string[], variant: string, found: Setting[]): void {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const childPath = [...path, key];
    if (child.properties) walk(child, childPath, '', found);
    else if (child.oneOf) walkVariants(child, childPath, found);
    else found.push(setting(child, childPath, variant, schema.required?.includes(key) ?? false));
  }
}

/** A section whose settings depend on one of them: `broker.mode`, `store.kind`. */
function walkVariants(section: Schema, path: readonly string[], found: Setting[]): void {
  const variants = section.oneOf!;
  const [decisive, byDefault] = Object.entries(section.default as Record<string, string>)[0]!;
  const choices = variants.map((variant) => code(String(variant.properties![decisive]!.const)));
  found.push({
    path: [...path, decisive],
    description: `${described(variants[0]!.properties![decisive]!)}; one of ${choices.join(', ')}`,
    byDefault: code(byDefault),
  });
  const own: Setting[] = [];
  for (const variant of variants) {
    const { [decisive]: choice, ...properties } = variant.properties!;
    walk({ ...variant, properties }, path, code(String(choice!.const)), own);
  }
  // One row for a setting of two variants, such as the URL of either InfluxDB.
  for (const row of own) {
    const before = found.findIndex((other) => other.path.join('.') === row.path.join('.'));
    if (before < 0) found.push(row);
    else found[before] = merged(found[before]!, row);
  }
}

function merged(a: Setting, b: Setting): Setting {
  const [variantA, ...meaning] = a.description.split(': ');
  const [variantB, ...other] = b.description.split(': ');
  if (a.byDefault !== b.byDefault || meaning.join(': ') !== other.join(': ')) {
    throw new Error(`${a.path.join('.')} means two things: ${a.description}; ${b.description}`);
  }
  return { ...a, description: `${variantA}, ${variantB}: ${meaning.join(': ')}` };
}

function setting(schema: Schema, path: readonly string[], variant: string, required: boolean): Setting {
  const byDefault =
    schema.default === undefined ? (required ? 'must be given' : 'none') : code(defaultText(schema.default));
  const choices = schema.enum ? `; one of ${schema.enum.map((value) => code(String(value))).join(', ')}` : '';
  return { path, byDefault, description: `${variant ? `${variant}: ` : ''}${described(schema, path)}${choices}` };
}

function described(schema: Schema, path: readonly string[] = []): string {
  if (schema.description === undefined) throw new Error(`${path.join('.')} has no description in src/config.ts`);
  return schema.description;
}

/** A list that is empty reads as one. */
function defaultText(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}
