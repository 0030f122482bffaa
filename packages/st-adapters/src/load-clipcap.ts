import { EimError, type PublishedWeights } from '@eim/contracts';
import type { SemanticTransformContext } from '@eim/contracts/model';
import { parseOptions } from '@eim/nn';
import { ClipCapMlp } from './clipcap-mlp.js';
import {
  type ClipCapMlpOptions,
  type ClipCapMlpOptionsInput,
  clipCapMlpOptionsSchema,
} from './clipcap-mlp-options.js';
import { ClipCapTransformer } from './clipcap-transformer.js';
import {
  type ClipCapTransformerOptions,
  type ClipCapTransformerOptionsInput,
  clipCapTransformerOptionsSchema,
} from './clipcap-transformer-options.js';
import { requireClipCap } from './weights/clipcap-layout.js';
import { clipCapMlpWeightsMap, clipCapTransformerWeightsMap } from './weights/clipcap-weights-map.js';
import { describeClipCapMlp, describeClipCapTransformer } from './weights/describe-clipcap.js';
import { loadTransform } from './weights/load-transform.js';

/** The widths that a mapper was published for, and those of the parts beside it. */
type Neighbours = Pick<SemanticTransformContext, 'encoder' | 'llm'>;

/**
 * ClipCap's MLP mapper with the weights of a checkpoint that `train.py` saved: a flat state dict, with or without
 * GPT-2 beside the mapper.
 * @param options absent: as {@link describeClipCapMlp} has them
 * @throws EimError `width-mismatch` where it was trained between other widths; `invalid-file` listing every tensor that
 * does not fit
 */
export async function loadClipCapMlp(
  weights: PublishedWeights,
  neighbours: Neighbours,
  options?: ClipCapMlpOptionsInput,
): Promise<ClipCapMlp> {
  const prefix = requireClipCap(weights, 'mlp');
  checkWidth(
    weights,
    `${prefix}model.0.weight`,
    "the encoder's pooled vector",
    neighbours.encoder.pooledSize,
  );
  const input = options ?? describeClipCapMlp(weights, neighbours);
  const complete = parseOptions<ClipCapMlpOptions>(clipCapMlpOptionsSchema, input, "the ST 'clipcap-mlp'");
  const map = clipCapMlpWeightsMap(complete, widthsOf(neighbours), prefix);
  return await loadTransform(weights, map, (scope) => new ClipCapMlp(complete, neighbours, scope));
}

/**
 * ClipCap's transformer mapper with the weights of a checkpoint that `train.py` saved: a flat state dict, with or
 * without GPT-2 beside the mapper.
 * @param options absent: as {@link describeClipCapTransformer} has them
 * @throws EimError `width-mismatch` where it was trained between other widths; `invalid-file` listing every tensor that
 * does not fit
 */
export async function loadClipCapTransformer(
  weights: PublishedWeights,
  neighbours: Neighbours,
  options?: ClipCapTransformerOptionsInput,
): Promise<ClipCapTransformer> {
  const prefix = requireClipCap(weights, 'transformer');
  checkWidth(weights, `${prefix}linear.weight`, "the encoder's pooled vector", neighbours.encoder.pooledSize);
  checkWidth(weights, `${prefix}prefix_const`, "the LLM's embeddings", neighbours.llm.hiddenSize);
  const complete = parseOptions<ClipCapTransformerOptions>(
    clipCapTransformerOptionsSchema,
    options ?? describeClipCapTransformer(weights),
    "the ST 'clipcap-transformer'",
  );
  const map = clipCapTransformerWeightsMap(complete, widthsOf(neighbours), prefix);
  return await loadTransform(weights, map, (scope) => new ClipCapTransformer(complete, neighbours, scope));
}

const widthsOf = ({ encoder, llm }: Neighbours) => ({
  pooledSize: encoder.pooledSize,
  hiddenSize: llm.hiddenSize,
});

/** A checkpoint for another neighbour is told in one sentence, not by every tensor that does not fit. */
function checkWidth(weights: PublishedWeights, name: string, what: string, expected: number): void {
  const width = weights.has(name) ? weights.info(name).shape[1] : undefined;
  if (width === undefined || width === expected) return;
  throw new EimError({
    code: 'width-mismatch',
    message: `${weights.name} was trained where ${what} has a width of ${width} (${name}); here it is ${expected}.`,
    advice: 'Use it between the encoder and the LLM that it was trained with.',
    data: { file: weights.name, name, width, expected },
  });
}
