import type { SemanticTransformContext } from '@eim/contracts/model';
import { ParameterScope, parseOptions } from '@eim/nn';
import { LlamaAdapter } from './llama-adapter.js';
import {
  type LlamaAdapterOptions,
  type LlamaAdapterOptionsInput,
  llamaAdapterOptionsSchema,
} from './llama-adapter-options.js';
import { LlamaAdapterV2 } from './llama-adapter-v2.js';
import {
  type LlamaAdapterV2Options,
  type LlamaAdapterV2OptionsInput,
  llamaAdapterV2OptionsSchema,
} from './llama-adapter-v2-options.js';

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

/**
 * LLaMA-Adapter V2 with freshly initialised parameters, before which the LLM is as it was.
 * @throws EimError `invalid-argument` for options that cannot be, `width-mismatch` where they do not fit the neighbours
 */
export function createLlamaAdapterV2(
  options: LlamaAdapterV2OptionsInput,
  context: SemanticTransformContext,
): LlamaAdapterV2 {
  const what = "the ST 'llama-adapter-v2'";
  return new LlamaAdapterV2(
    parseOptions<LlamaAdapterV2Options>(llamaAdapterV2OptionsSchema, options, what),
    context,
    ParameterScope.of(context),
  );
}
