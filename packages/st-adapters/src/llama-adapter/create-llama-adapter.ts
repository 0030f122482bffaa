import type { SemanticTransformContext } from '@eim/contracts/model';
import { ParameterScope, parseOptions } from '@eim/nn';
import { LlamaAdapter } from './llama-adapter.js';
import {
  type LlamaAdapterOptions,
  type LlamaAdapterOptionsInput,
  llamaAdapterOptionsSchema,
} from './llama-adapter-options.js';

/**
 * LLaMA-Adapter V1 with freshly initialised parameters, before which the LLM is as it was.
 * @throws EimError `invalid-argument` for options that cannot be, `width-mismatch` where they do not fit the neighbours
 */
export function createLlamaAdapter(
  options: LlamaAdapterOptionsInput,
  context: SemanticTransformContext,
): LlamaAdapter {
  const what = "the ST 'llama-adapter'";
  return new LlamaAdapter(
    parseOptions<LlamaAdapterOptions>(llamaAdapterOptionsSchema, options, what),
    context,
    ParameterScope.of(context),
  );
}
