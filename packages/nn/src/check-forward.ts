import { EimError } from '@eim/contracts';
import type { ForwardOptions, LanguageModelShape, Tensor3D } from '@eim/contracts/model';

/**
 * Checks what a language model's forward pass was given.
 * @param family of the model, for messages
 * @param embeddings `[B, T, hiddenSize]`
 * @throws EimError `width-mismatch` or `invalid-argument` for what it cannot take
 */
export function checkForward(
  family: string,
  model: LanguageModelShape,
  embeddings: Tensor3D,
  /** Cached positions and those of this call. */
  keyLength: number,
  { mask, positions, recomputeBlocks, cache, useCache }: ForwardOptions,
): void {
  if (recomputeBlocks && (cache || useCache)) {
    throw new EimError({
      code: 'invalid-argument',
      message: `${family} was asked for recomputed blocks together with a cache.`,
      advice: 'Recompute blocks in training alone.',
    });
  }
  const [batch, length, width] = embeddings.shape;
  if (width !== model.hiddenSize) {
    throw new EimError({
      code: 'width-mismatch',
      message: `${family} was given embeddings of width ${width}; its own is ${model.hiddenSize}.`,
      advice: 'Make them with embed, or with an ST built for this model.',
      data: { width, hiddenSize: model.hiddenSize },
    });
  }
  if (positions === undefined && keyLength > model.contextLength) {
    throw new EimError({
      code: 'invalid-argument',
      message: `${family} was given ${keyLength} positions; its context holds ${model.contextLength}.`,
      advice: 'Shorten the text or the prefix, or use a preset with a longer context.',
      data: { keyLength, contextLength: model.contextLength },
    });
  }
  checkShape(family, 'mask', mask?.shape, [batch, keyLength]);
  checkShape(family, 'positions', positions?.shape, [batch, length]);
}

function checkShape(
  family: string,
  name: string,
  shape: readonly number[] | undefined,
  expected: readonly number[],
): void {
  if (shape === undefined || String(shape) === String(expected)) return;
  throw new EimError({
    code: 'width-mismatch',
    message: `${family} was given a ${name} of shape [${shape}]; it must be [${expected}].`,
    advice:
      name === 'mask'
        ? 'With a cache the mask covers the cached positions too.'
        : 'Positions cover those of this call alone.',
    data: { name, shape, expected },
  });
}
