/** Sizes of one block. */
export interface InvertedResidualSizes {
  readonly inputSize: number;
  readonly outputSize: number;
  /** Channels inside; as many as the input where the block does not widen it. */
  readonly innerSize: number;
  /** Of the filter that goes over each channel, in pixels. */
  readonly side: number;
  readonly stride: 1 | 2;
}

/** Blocks with the same output. */
export interface InvertedResidualStage {
  readonly outputSize: number;
  readonly blocks: number;
  /** Of the first block; the others have 1. */
  readonly stride: 1 | 2;
  /** Of the filters, in pixels. @default 3 */
  readonly side?: number | undefined;
}

/**
 * The blocks of all stages in order. The very first does not widen its input.
 * @param stemSize channels that the first block reads
 * @param expansion how much wider a block is inside
 */
export function invertedResiduals(
  stemSize: number,
  expansion: number,
  stages: readonly InvertedResidualStage[],
): InvertedResidualSizes[] {
  let inputSize = stemSize;
  return stages.flatMap(({ outputSize, blocks, stride, side = 3 }, stage) =>
    Array.from({ length: blocks }, (_, index) => {
      const sizes: InvertedResidualSizes = {
        inputSize,
        outputSize,
        innerSize: stage === 0 && index === 0 ? inputSize : inputSize * expansion,
        side,
        stride: index === 0 ? stride : 1,
      };
      inputSize = outputSize;
      return sizes;
    }),
  );
}
