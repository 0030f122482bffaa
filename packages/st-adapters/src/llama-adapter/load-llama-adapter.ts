import { EimError, type PublishedWeights } from '@eim/contracts';
import type { SemanticTransformContext } from '@eim/contracts/model';
import { parseOptions } from '@eim/nn';
import { blockWidth } from '../block-width.js';
import { loadTransform } from '../weights/load-transform.js';
import { LlamaAdapter } from './llama-adapter.js';
import {
  type LlamaAdapterOptions,
  type LlamaAdapterOptionsInput,
  llamaAdapterOptionsSchema,
} from './llama-adapter-options.js';
import { checkEncoder } from './visual-token.js';
import { describeLlamaAdapter } from './weights/describe-llama-adapter.js';
import { gateCount, requireLlamaAdapter } from './weights/llama-adapter-layout.js';
import { llamaAdapterWeightsMap } from './weights/llama-adapter-weights-map.js';

/**
 * LLaMA-Adapter V1 with the weights of its adapter file, or of a training state that holds LLaMA too.
 * @param options absent: as {@link describeLlamaAdapter} has them; `compat.plainGate` the file never says
 * @throws EimError `width-mismatch` where it was trained with another LLM; `invalid-file` listing every tensor that does not fit
 */
export async function loadLlamaAdapter(
  weights: PublishedWeights,
  neighbours: Pick<SemanticTransformContext, 'encoder' | 'llm'>,
  options?: LlamaAdapterOptionsInput,
): Promise<LlamaAdapter> {
  requireLlamaAdapter(weights, 1);
  const { encoder, llm } = neighbours;
  checkBlocks(weights, gateCount(weights), llm.blockCount);
  const complete = parseOptions<LlamaAdapterOptions>(
    llamaAdapterOptionsSchema,
    options ?? describeLlamaAdapter(weights),
    "the ST 'llama-adapter'",
  );
  if (complete.visual) checkEncoder('llama-adapter', complete.visual, encoder);
  const visualSize = (complete.visual?.blocks ?? []).reduce(
    (sum, block) => sum + blockWidth(encoder, block),
    0,
  );
  const map = llamaAdapterWeightsMap(complete, { ...complete, ...llm, visualSize });
  return await loadTransform(weights, map, (scope) => new LlamaAdapter(complete, neighbours, scope));
}

/** A file for another LLM is told in one sentence. @throws EimError `width-mismatch` */
export function checkBlocks(
  weights: Pick<PublishedWeights, 'name'>,
  found: number,
  blockCount: number,
): void {
  if (found === blockCount) return;
  throw new EimError({
    code: 'width-mismatch',
    message: `${weights.name} has gates for ${found} blocks of an LLM; the one here has ${blockCount}.`,
    advice: 'Use it with the LLM that it was trained with.',
    data: { file: weights.name, found, blockCount },
  });
}
