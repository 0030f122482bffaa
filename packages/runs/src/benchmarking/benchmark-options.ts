import type { Benchmark, BenchmarkOptions } from '@eim/contracts';
import { argumentError } from '../arguments/argument-error.js';
import { suggest } from '../arguments/suggest.js';

/**
 * A benchmark's options from `name=value` words, with every default filled in.
 * @throws EimError `invalid-argument` for a name or a value that the benchmark does not have
 */
export function readBenchmarkOptions(
  { name, options = {} }: Pick<Benchmark, 'name' | 'options'>,
  words: readonly string[],
): BenchmarkOptions {
  const chosen = new Map(Object.entries(options).map(([option, rule]) => [option, rule.default]));
  for (const word of words) {
    const at = word.indexOf('=');
    const option = at < 0 ? word : word.slice(0, at);
    const rule = Object.hasOwn(options, option) ? options[option] : undefined;
    const known = Object.keys(options);
    if (at < 0 || rule === undefined) {
      const meant = suggest(option, known);
      throw argumentError(
        at < 0
          ? `"${word}" is no option: it has no value.`
          : `The benchmark ${name} has no option "${option}".`,
        known.length === 0
          ? 'It has none.'
          : meant
            ? `Did you mean ${meant}=...?`
            : `Write ${known.map((one) => `${one}=...`).join(', ')}.`,
      );
    }
    const value = word.slice(at + 1);
    if (rule.values && !rule.values.includes(value)) {
      throw argumentError(`${option} is "${value}".`, `It is one of ${rule.values.join(', ')}.`);
    }
    chosen.set(option, value);
  }
  return Object.fromEntries(chosen);
}
