import type { PublishedWeights } from '@eim/contracts';
import type { SemanticTransformContext } from '@eim/contracts/model';
import { parseOptions } from '@eim/nn';
import { loadTransform } from '../weights/load-transform.js';
import { Lavin } from './lavin.js';
import { type LavinOptions, type LavinOptionsInput, lavinOptionsSchema } from './lavin-options.js';
import { describeLavin } from './weights/describe-lavin.js';
import { requireLavin } from './weights/lavin-layout.js';
import { lavinWeightsMap } from './weights/lavin-weights-map.js';

/**
 * LaVIN's ST with the weights of a checkpoint that `train.py` saved, with or without `module.` before its names.
 * @param options absent: as {@link describeLavin} has them
 * @throws EimError `invalid-file` listing every tensor that does not fit; `invalid-config` where a neighbour has no place
 * for the adapters
 */
export async function loadLavin(
  weights: PublishedWeights,
  neighbours: Pick<SemanticTransformContext, 'encoder' | 'llm' | 'tokenizer'>,
  options?: LavinOptionsInput,
): Promise<Lavin> {
  const layout = requireLavin(weights);
  const input = options ?? describeLavin(weights);
  const complete = parseOptions<LavinOptions>(lavinOptionsSchema, input, "the ST 'lavin'");
  return loadTransform(
    weights,
    lavinWeightsMap(complete, neighbours, layout),
    (scope) => new Lavin(complete, neighbours, scope),
  );
}
