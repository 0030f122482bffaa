import type { SemanticTransformContext, TransformContext } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { transformerInsertionPoints, tunableLinears } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Neighbours of an ST that exist as widths alone, for this package's tests. */
export function shapes({
  pooledSize = 6,
  tokenSize = 8,
  tokenCount = 5,
  hiddenSize = 12,
}): SemanticTransformContext {
  return {
    random: createRandomStream(1),
    encoder: { pooledSize, tokenSize, tokenCount, blockCount: 1, insertionPoints: [] },
    llm: {
      hiddenSize,
      blockCount: 1,
      headCount: 1,
      vocabularySize: 10,
      contextLength: 64,
      insertionPoints: [],
    },
  };
}

/** The same, as transformers: an encoder of four blocks with class tokens, an LLM of two. Both take adapters. */
export function transformerShapes(
  changes: Partial<SemanticTransformContext['encoder']> = {},
): SemanticTransformContext {
  const { random, encoder, llm } = shapes({});
  const [encoderBlocks, llmBlocks] = [4, 2];
  return {
    random,
    encoder: {
      ...encoder,
      blockCount: encoderBlocks,
      classToken: true,
      insertionPoints: transformerInsertionPoints(encoderBlocks, encoder.tokenSize),
      ...changes,
    },
    llm: {
      ...llm,
      blockCount: llmBlocks,
      headCount: 2,
      insertionPoints: transformerInsertionPoints(llmBlocks, llm.hiddenSize),
      linears: tunableLinears({
        size: llm.hiddenSize,
        blockCount: llmBlocks,
        headCount: 2,
        feedForwardSize: 12,
        gated: true,
      }),
    },
  };
}

/** The context of rows that all have a picture. */
export const imageRows = (batch: number): TransformContext => ({
  batch,
  modality: tf.ones<tf.Rank.R1>([batch], 'int32'),
  embed: () => {
    throw new Error('no ST of this package puts words of its own before a text');
  },
});
