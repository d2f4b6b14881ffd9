import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ColdtrailError } from './lib/errors.ts';

/** A file that holds one mapping of settings: its value, and where each path stands in it. */
export interface SettingsFile {
  readonly value: Record<string, unknown>;
  /** Where a path stands, or its nearest parent that is in the file; with `key`, where that key of the path stands. */
  locate(path: readonly PropertyKey[], key?: string): Place;
}

/** A place in a file: `text` is `file:line:column`. */
export interface Place {
  readonly text: string;
  readonly offset: number;
}

/** Reads a YAML or JSON file that holds one mapping. @throws ColdtrailError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function readSettings(file: string): Promise<SettingsFile> {
  let text: string;
  try {
    text = await readFile(resolve(file), 'utf8');
  } catch (cause) {
    throw new ColdtrailError('CONFIG_UNREADABLE', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { text: `${file}:${line}:${col}`, offset };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const what = error.code === 'DUPLICATE_KEY' ? 'this key is written twice' : error.message.split('\n')[0]!;
      return `${at(error.pos[0]).text}: ${what.replace(/ at line \d+, column \d+:$/, '')}`;
    });
    throw new ColdtrailError('CONFIG_INVALID', problems.join('\n'));
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new ColdtrailError('CONFIG_INVALID', `${at(0).text}: the file must hold a mapping of settings`);
  }
  return {
    value: (document.toJS() as Record<string, unknown> | null) ?? {},
    locate: (path, key) => at(offsetOf(document, path, key)),
  };
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], key?: string): number {
  for (let n = path.length; n >= 0; n--) {
    const node = n === 0 ? document.contents : document.getIn(path.slice(0, n), true);
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    if (!range) continue;
    const pair = isMap(node) ? node.items.find((p) => isScalar(p.key) && p.key.value === key) : undefined;
    return isScalar(pair?.key) ? (pair.key.range?.[0] ?? range[0]) : range[0];
  }
  return 0;
}

/** One thing that is wrong with settings: the path, the name of an unknown key where that is it, and what is wrong. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly key: string | undefined;
  readonly message: string;
}

/** zod's issues as problems: one for each unknown key, one for any other issue. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, key: undefined, message: issue.message }];
    return issue.keys.map((key) => ({ path: issue.path, key, message: 'is no known setting' }));
  });
}

/** `broker.port`, with the unknown key at its end. */
export function dotted({ path, key }: Problem): string {
  return [...path, ...(key === undefined ? [] : [key])].map(String).join('.') || '(top level)';
}
