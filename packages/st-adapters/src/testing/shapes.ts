import type { SemanticTransformContext, TransformContext } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { transformerInsertionPoints } from '@eim/nn';
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

/** The same, as transformers of four and of two blocks that take adapters. */
export function transformerShapes(): SemanticTransformContext {
  const { random, encoder, llm } = shapes({});
  const [encoderBlocks, llmBlocks] = [4, 2];
  return {
    random,
    encoder: {
      ...encoder,
      blockCount: encoderBlocks,
      insertionPoints: transformerInsertionPoints(encoderBlocks, encoder.tokenSize),
    },
    llm: {
      ...llm,
      blockCount: llmBlocks,
      insertionPoints: transformerInsertionPoints(llmBlocks, llm.hiddenSize),
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
