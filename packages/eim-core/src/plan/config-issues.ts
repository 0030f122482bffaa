import { EimError } from '@eim/contracts';

/** One mistake in a config: its place, and what is wrong. */
export interface ConfigIssue {
  /** `segments.0.learn.st.learningRate`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Turns issues of a schema into mistakes with paths below `at`.
 * @example
 * const result = schema.safeParse(options);
 * if (!result.success) throw configError('the options', describeIssues(result.error.issues, 'encoder'));
 */
export function describeIssues(issues: readonly SchemaIssue[], at = ''): ConfigIssue[] {
  return issues.map(({ path, message }) => ({
    path: [at, ...path.map(String)].filter((step) => step !== '').join('.'),
    message,
  }));
}

/**
 * Makes one error of all mistakes in a config.
 * @param what what was read: `the plan`, `options of @acme/x`
 * @example
 * throw configError('the plan', [{ path: 'segments.0.name', message: 'is missing' }]);
 */
export function configError(what: string, issues: readonly ConfigIssue[], advice?: string): EimError {
  const lines = issues.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`);
  const count = issues.length === 1 ? 'a mistake' : `${issues.length} mistakes`;
  return new EimError({
    code: 'invalid-config',
    message: `There ${issues.length === 1 ? 'is' : 'are'} ${count} in ${what}:\n${lines.join('\n')}`,
    data: { issues },
    ...(advice === undefined ? {} : { advice }),
  });
}
