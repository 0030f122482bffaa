import type { SemanticTransformContext } from '@eim/contracts/model';
import { ParameterScope, parseOptions } from '@eim/nn';
import { Lavin } from './lavin.js';
import { type LavinOptions, type LavinOptionsInput, lavinOptionsSchema } from './lavin-options.js';

/**
 * LaVIN's ST with freshly initialised parameters: its adapters change nothing at first.
 * @param options a preset of `lavinPresets`, or one's own
 * @throws EimError `invalid-argument` for options that cannot be; `invalid-config` where a neighbour has no place for what
 * they ask
 * @example
 * const st = createLavin(lavinPresets['7b'], { random, encoder, llm, tokenizer });
 */
export function createLavin(options: LavinOptionsInput, context: SemanticTransformContext): Lavin {
  const complete = parseOptions<LavinOptions>(lavinOptionsSchema, options, "the ST 'lavin'");
  return new Lavin(complete, context, ParameterScope.of(context));
}
