import { EimError, type ForwardOptions, type LanguageModelShape, type Tensor3D } from '@eim/core/contracts';

/** @throws EimError `width-mismatch` or `invalid-argument` for what a forward pass cannot take */
export function checkForward(
  model: LanguageModelShape,
  embeddings: Tensor3D,
  /** Cached positions and those of this call. */
  keyLength: number,
  { mask, positions }: ForwardOptions,
): void {
  const [batch, length, width] = embeddings.shape;
  if (width !== model.hiddenSize) {
    throw new EimError({
      code: 'width-mismatch',
      message: `LLaMA was given embeddings of width ${width}; its own is ${model.hiddenSize}.`,
      advice: 'Make them with embed, or with an ST built for this model.',
      data: { width, hiddenSize: model.hiddenSize },
    });
  }
  if (positions === undefined && keyLength > model.contextLength) {
    throw new EimError({
      code: 'invalid-argument',
      message: `LLaMA was given ${keyLength} positions; its context holds ${model.contextLength}.`,
      advice: 'Shorten the text or the prefix, or use a preset with a longer context.',
      data: { keyLength, contextLength: model.contextLength },
    });
  }
  checkShape('mask', mask?.shape, [batch, keyLength]);
  checkShape('positions', positions?.shape, [batch, length]);
}

function checkShape(name: string, shape: readonly number[] | undefined, expected: readonly number[]): void {
  if (shape === undefined || String(shape) === String(expected)) return;
  throw new EimError({
    code: 'width-mismatch',
    message: `LLaMA was given a ${name} of shape [${shape}]; it must be [${expected}].`,
    advice:
      name === 'mask'
        ? 'With a cache the mask covers the cached positions too.'
        : 'Positions cover those of this call alone.',
    data: { name, shape, expected },
  });
}
