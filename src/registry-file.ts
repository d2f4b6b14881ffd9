import { type Registry, registrySchema } from './contract/registry.ts';
import { ColdtrailError } from './lib/errors.ts';
import { dotted, problemsOf, readSettings } from './settings-file.ts';

/** A registry without anyone in it. */
export const EMPTY_REGISTRY: Registry = registrySchema.parse({});

/** Reads a registry file; all problems at once, with line and column. @throws CONFIG_UNREADABLE, CONFIG_INVALID */
export async function loadRegistry(file: string | undefined): Promise<Registry> {
  if (file === undefined) return EMPTY_REGISTRY;
  const source = await readSettings(file);
  const parsed = registrySchema.safeParse(source.value);
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error)
    .map((problem) => ({ problem, place: source.locate(problem.path, problem.key) }))
    .sort((a, b) => a.place.offset - b.place.offset)
    .map(({ problem, place }) => `${place.text}: ${dotted(problem)}: ${problem.message}`);
  throw new ColdtrailError('CONFIG_INVALID', problems.join('\n'));
}
