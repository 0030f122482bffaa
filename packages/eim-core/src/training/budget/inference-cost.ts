import type { ModelParts } from '@eim/contracts/model';
import type { ShapesPass } from '@eim/engine';
import type { PartName } from '../../compose/composed-model.js';
import { rowLogits } from '../../compose/row-logits.js';
import { chargedParts } from './charged-parts.js';
import { shapeBatch } from './shape-batch.js';
import { longestSplitShape } from './split-shape.js';

/** What using a model costs. */
export interface InferenceCost {
  /** Multiply-adds of one picture and one text through encoder, ST and LLM. */
  readonly multiplyAdds: number;
  readonly multiplyAddsBy: Readonly<Record<PartName, number>>;
  /** Estimated bytes: all parameters, and tensors at their greatest. */
  readonly peakBytes: number;
}

/**
 * Cost of one picture and a text of some tokens, each of which is predicted. Decoding the text token by token with a
 * cache takes the same products, except those of attention to positions that are not there yet.
 * @example
 * const { multiplyAddsBy } = inferenceCost(new ShapesPass(), model, 26);
 */
export function inferenceCost(pass: ShapesPass, model: ModelParts, textLength: number): InferenceCost {
  const parts = chargedParts(model);
  const cost = pass.measure(() => {
    const split = longestSplitShape({ pictures: 1, textLength }, false);
    const one = { split, length: split.lengths[0]!, batchSize: 1, captionsPerPicture: 1 };
    return rowLogits(parts, shapeBatch(parts, { ...one, images: 'pixels' }));
  });
  const by = (name: PartName) => cost.multiplyAddsBy[name] ?? 0;
  const parameters = [model.encoder, model.st, model.llm].flatMap((part) => part.parameters());
  return {
    multiplyAdds: cost.multiplyAdds,
    multiplyAddsBy: { encoder: by('encoder'), st: by('st'), llm: by('llm') },
    peakBytes: cost.peakBytes + 4 * parameters.reduce((sum, { variable }) => sum + variable.size, 0),
  };
}
