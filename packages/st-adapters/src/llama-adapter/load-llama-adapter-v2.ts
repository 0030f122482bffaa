import { EimError, type PublishedWeights } from '@eim/contracts';
import type { SemanticTransformContext } from '@eim/contracts/model';
import { parseOptions } from '@eim/nn';
import { floatValues, type WeightTensor } from '@eim/weights';
import { loadTransform } from '../weights/load-transform.js';
import { LlamaAdapterV2 } from './llama-adapter-v2.js';
import {
  type LlamaAdapterV2Options,
  type LlamaAdapterV2OptionsInput,
  llamaAdapterV2OptionsSchema,
} from './llama-adapter-v2-options.js';
import { checkBlocks } from './load-llama-adapter.js';
import { checkDescription, describeLlamaAdapterV2, hasBiases } from './weights/describe-llama-adapter-v2.js';
import { gateCount, requireLlamaAdapter } from './weights/llama-adapter-layout.js';
import { llamaAdapterV2WeightsMap } from './weights/llama-adapter-v2-weights-map.js';
import { llamaNormNames } from './weights/llama-norm-names.js';

/**
 * LLaMA-Adapter V2 with the weights of its adapter file, or of a training state of either phase, which holds LLaMA and CLIP
 * too. Biases that a file of the first phase has not begin at 0. The norms of LLaMA in the same file are for the
 * LLM (`llmValues`).
 * @param options absent: as {@link describeLlamaAdapterV2} has them
 * @throws EimError `width-mismatch` where it was trained between other neighbours; `invalid-file` listing every tensor that
 * does not fit
 */
export async function loadLlamaAdapterV2(
  weights: PublishedWeights,
  neighbours: Pick<SemanticTransformContext, 'encoder' | 'llm'>,
  options?: LlamaAdapterV2OptionsInput,
): Promise<LlamaAdapterV2> {
  requireLlamaAdapter(weights, 2);
  checkDescription(weights);
  const { encoder, llm } = neighbours;
  checkBlocks(weights, gateCount(weights, 'llama.'), llm.blockCount);
  checkTokens(weights, encoder);
  const complete = parseOptions<LlamaAdapterV2Options>(
    llamaAdapterV2OptionsSchema,
    options ?? describeLlamaAdapterV2(weights),
    "the ST 'llama-adapter-v2'",
  );
  const { hiddenSize, headCount, blockCount, linears = [] } = llm;
  const sizes = { ...complete, hiddenSize, headCount, blockCount, linears, tokenSize: encoder.tokenSize };
  const map = llamaAdapterV2WeightsMap(complete, sizes, { biases: hasBiases(weights) });
  const norms = await readNorms(weights, blockCount);
  return await loadTransform(weights, map, (scope) => new LlamaAdapterV2(complete, neighbours, scope, norms));
}

/** LLaMA's norms, which learn with the biases, by our names; those that the file has. */
async function readNorms(
  weights: PublishedWeights,
  blockCount: number,
): Promise<ReadonlyMap<string, Float32Array>> {
  const norms = new Map<string, Float32Array>();
  for (const [ours, theirs] of llamaNormNames(blockCount).filter(([, name]) => weights.has(name)))
    norms.set(ours, floatValues((await weights.read(theirs)) as WeightTensor));
  return norms;
}

/** It was trained on CLIP's projected tokens, which the encoder gives where it is told to. */
function checkTokens(
  weights: PublishedWeights,
  { tokenSize }: Pick<SemanticTransformContext['encoder'], 'tokenSize'>,
): void {
  const name = 'clip_proj.weight';
  const width = weights.has(name) ? weights.info(name).shape[1] : undefined;
  if (width === undefined || width === tokenSize) return;
  throw new EimError({
    code: 'width-mismatch',
    message: `${weights.name} was trained on tokens of width ${width} (${name}); the encoder's here have ${tokenSize}.`,
    advice:
      "It reads CLIP's tokens behind the last norm and the projection: set the encoder's option projectedTokens to true.",
    data: { file: weights.name, name, width, expected: tokenSize },
  });
}
