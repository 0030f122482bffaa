import type { SemanticTransformContext } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { tunableLinears } from '@eim/nn';

/** Neighbours of LLaMA-Adapter that exist as shapes alone: a transformer with class tokens, and an LLM of two blocks. */
export function adapterShapes(
  encoder: Partial<SemanticTransformContext['encoder']> = {},
): SemanticTransformContext {
  const llm = { hiddenSize: 8, blockCount: 2, headCount: 2 };
  return {
    random: createRandomStream(1),
    encoder: {
      pooledSize: 6,
      tokenSize: 5,
      tokenCount: 4,
      blockCount: 3,
      insertionPoints: [],
      classToken: true,
      ...encoder,
    },
    llm: {
      ...llm,
      vocabularySize: 10,
      contextLength: 64,
      insertionPoints: [],
      linears: tunableLinears({ ...llm, size: llm.hiddenSize, feedForwardSize: 12, gated: true }),
    },
  };
}
