import { EimError } from '@eim/contracts';
import { suggest } from '../arguments/suggest.js';
import type { ConfigPath, ConfigSource } from './config-source.js';
import { schemaKeys } from './schema-keys.js';

/** One mistake in a config. */
export interface ConfigMistake {
  readonly path: ConfigPath;
  readonly message: string;
  /** The key of the object at `path` that is the mistake. */
  readonly key?: string;
}

/** An issue as any copy of zod 4 reports it. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string;
  readonly keys?: readonly string[];
}

/** A schema's issues as mistakes below `at`, with suggestions for unknown keys. */
export function schemaMistakes(
  schema: unknown,
  issues: readonly SchemaIssue[],
  at: ConfigPath = [],
): ConfigMistake[] {
  return issues.flatMap((issue): ConfigMistake[] => {
    const path = [...at, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
    const keys = unknownKeys(issue);
    if (!keys) return [{ path, message: sentence(issue.message) }];
    const known = schemaKeys(schema, issue.path);
    return keys.map((key) => ({ path, key, message: unknownKey(key, known) }));
  });
}

/** Issues that come through another package have a message and nothing else. */
function unknownKeys({ code, keys, message }: SchemaIssue): readonly string[] | undefined {
  if (code === 'unrecognized_keys') return keys;
  const listed = /^Unrecognized keys?: (.*)$/.exec(message)?.[1];
  return listed === undefined ? undefined : [...listed.matchAll(/"([^"]*)"/g)].map((match) => match[1]!);
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = suggest(key, known);
  if (meant) return `is not a known key; did you mean "${meant}"?`;
  return known.length === 0 ? 'is not a known key' : `is not a known key; known are ${known.join(', ')}`;
}

/** zod's "Invalid input: expected number, received string" in fewer words. */
function sentence(message: string): string {
  return message.replace(/^Invalid input: /, '').replace(/^Too (small|big): /, '');
}

/** One error for all mistakes, each with its place. */
export function configMistakesError(source: ConfigSource, mistakes: readonly ConfigMistake[]): EimError {
  const issues = mistakes.map(({ path, key, message }) => {
    const name = (key === undefined ? path : [...path, key]).join('.');
    return { at: source.locate(path, key), path: name, message };
  });
  const count = issues.length === 1 ? 'a mistake' : `${issues.length} mistakes`;
  const lines = issues.map(({ at, path, message }) => `  ${at}: ${path}: ${message}`);
  return new EimError({
    code: 'invalid-config',
    message: `${source.path} has ${count}:\n${lines.join('\n')}`,
    data: { path: source.path, issues },
  });
}
