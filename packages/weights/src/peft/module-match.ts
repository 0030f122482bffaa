/**
 * Whether a config's `target_modules` or the like means a module, as peft matches it: a list has whole names or their last
 * parts, a text is a regular expression of the whole name.
 * @throws RangeError for a text that is no regular expression
 */
export function matchesModules(wanted: string | readonly string[], module: string): boolean {
  if (typeof wanted !== 'string')
    return wanted.some((name) => module === name || module.endsWith(`.${name}`));
  if (wanted.toLowerCase() === 'all-linear') return !/(^|\.)(lm_head|wte|wpe|embed_tokens)$/.test(module);
  return expression(wanted, (source) => `^(?:${source})$`).test(module);
}

/** The first of some patterns that ends a module's name, by which peft finds its rank or alpha. */
export const patternOf = (patterns: readonly string[], module: string): string | undefined =>
  patterns.find((pattern) => expression(pattern, (source) => `^(.*\\.)?(${source})$`).test(module));

function expression(source: string, around: (source: string) => string): RegExp {
  try {
    return new RegExp(around(source));
  } catch {
    throw new RangeError(`${JSON.stringify(source)} is no regular expression`);
  }
}
