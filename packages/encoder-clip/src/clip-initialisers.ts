import { type BlockInitialisers, normal } from '@eim/nn';

/** OpenAI's `initialize_parameters` (clip/model.py): each layer's deviation from the width and depth. */
export function clipBlockInitialisers(width: number, blockCount: number): BlockInitialisers {
  const residual = normal(width ** -0.5 * (2 * blockCount) ** -0.5);
  return {
    queryKeyValue: normal(width ** -0.5),
    attentionOutput: residual,
    feedForwardInput: normal((2 * width) ** -0.5),
    feedForwardOutput: residual,
  };
}
