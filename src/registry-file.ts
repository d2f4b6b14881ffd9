import { readSource, type YamlSource } from './config.ts';
import { type Registry, registrySchema } from './contract/registry.ts';
import { ColdtrailError } from './lib/errors.ts';

/** A registry without anyone in it. */
export const EMPTY_REGISTRY: Registry = registrySchema.parse({});

/** Reads a registry file; all problems at once, with line and column. @throws CONFIG_UNREADABLE, CONFIG_INVALID */
export async function loadRegistry(file: string | undefined): Promise<Registry> {
  if (file === undefined) return EMPTY_REGISTRY;
  const source: YamlSource = await readSource(file);
  const parsed = registrySchema.safeParse(source.value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${source.locate(issue.path)}: ${issue.path.join('.') || '(top level)'}: ${issue.message}`,
  );
  throw new ColdtrailError('CONFIG_INVALID', problems.join('\n'));
}
