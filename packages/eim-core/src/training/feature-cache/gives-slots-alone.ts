import type { ModelParts } from '@eim/contracts/model';
import { ShapesPass } from '@eim/engine';
import { zeroFeatures } from '../../compose/expand-rows.js';
import { injectPictures } from '../../compose/inject-rows.js';
import { withMethods } from '../../compose/with-methods.js';

/**
 * Whether an ST gives a prefix for each picture and nothing else: no mask, prompts, adapters or tunings, and no words of
 * the LLM, whose embeddings may learn. Found by running it on shapes, as the contract has it say so nowhere.
 */
export function givesSlotsAlone(model: ModelParts, pass = new ShapesPass()): boolean {
  let embeds = false;
  const llm = withMethods(model.llm, {
    embed: (ids) => {
      embeds = true;
      return model.llm.embed(ids);
    },
  });
  try {
    return pass.run(() => {
      const features = zeroFeatures(model.encoder, model.st, 1);
      const { prefix, ...others } = injectPictures({ ...model, llm }, features, 1);
      if (!prefix || embeds) return false;
      const { embeddings: _, ...more } = prefix;
      return [...Object.values(others), ...Object.values(more)].every((value) => value === undefined);
    });
  } catch {
    // What cannot run on shapes alone is left to run at every step.
    return false;
  }
}
