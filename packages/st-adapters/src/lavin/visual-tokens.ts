import { EimError } from '@eim/contracts';
import type { EncodedImages, FeatureName, ImageEncoderShape, Tensor2D, Tensor3D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { blockWidth } from '../block-width.js';
import { featureOfWidth } from '../feature-of-width.js';
import type { LavinOptions } from './lavin-options.js';

/** What a picture's visual tokens are made of. */
export interface VisualTokens {
  readonly reads: readonly FeatureName[];
  readonly hiddenLayers?: readonly number[];
  /** Tokens of a picture. */
  readonly count: number;
  /** Of each of them. */
  readonly width: number;
  /** @returns `[B * count, width]`, picture by picture */
  from(features: EncodedImages): Tensor2D;
}

/**
 * The visual tokens that the options ask of an encoder.
 * @throws EimError `invalid-config` where the encoder has no class tokens, or none at that interval
 */
export function visualTokensOf(
  { visualTokens, classTokenInterval }: LavinOptions,
  encoder: ImageEncoderShape,
): VisualTokens {
  return visualTokens === 'mean' ? meanToken(encoder) : classTokens(encoder, classTokenInterval);
}

function meanToken({ tokenSize }: ImageEncoderShape): VisualTokens {
  return {
    reads: ['tokens'],
    count: 1,
    width: tokenSize,
    from: (features) => tf.mean(featureOfWidth('lavin', features, 'tokens', tokenSize), 1), // [B, tokenSize]
  };
}

function classTokens(encoder: ImageEncoderShape, interval: number): VisualTokens {
  const { blockCount, classToken } = encoder;
  if (!classToken) {
    throw new EimError({
      code: 'invalid-config',
      message:
        "The ST 'lavin' reads class tokens (visualTokens: class-tokens), but the encoder says that it has none.",
      advice:
        "Set visualTokens: mean and encoderAdapters: false (preset 'mean'), or take a vision transformer. An encoder of one's own that has class tokens says so by classToken.",
      data: { option: 'visualTokens' },
    });
  }
  const count = Math.floor(blockCount / interval);
  if (count === 0) {
    throw new EimError({
      code: 'invalid-config',
      message: `The ST 'lavin' reads a class token every ${interval} blocks (classTokenInterval), but the encoder has ${blockCount}.`,
      advice: 'Make classTokenInterval smaller.',
      data: { option: 'classTokenInterval', interval, blockCount },
    });
  }
  const hiddenLayers = Array.from({ length: count }, (_, index) => (index + 1) * interval);
  const width = blockWidth(encoder, interval);
  return {
    reads: [],
    hiddenLayers,
    count,
    width,
    from: ({ hidden }) => {
      const tokens = hiddenLayers.map((block) => firstToken(stateAfter(block, hidden), width)); // [B, D] each
      return tf.reshape(tf.stack(tokens, 1), [-1, width]); // [B*count, D]
    },
  };
}

function stateAfter(block: number, hidden: EncodedImages['hidden']): Tensor3D {
  const state = hidden?.get(block);
  if (state) return state;
  throw new EimError({
    code: 'invalid-argument',
    message: `The ST 'lavin' was called without the encoder's states after block ${block}.`,
    advice: "Pass what the ST's `hiddenLayers` name, zeros for the rows of text alone.",
    data: { block },
  });
}

/** @param states `[B, N, D]` @returns `[B, D]` */
function firstToken(states: Tensor3D, width: number): Tensor2D {
  const [batch] = states.shape;
  return tf.reshape(tf.slice(states, [0, 0, 0], [batch, 1, width]), [batch, width]);
}
