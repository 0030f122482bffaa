import type { MobileNetOptions } from './mobilenet-options.js';

/** Sizes of one block. */
export interface InvertedResidualSizes {
  readonly inputSize: number;
  readonly outputSize: number;
  /** Channels inside; as many as the input where the block does not widen it. */
  readonly innerSize: number;
  readonly stride: 1 | 2;
}

/** Channels are multiples of this (`_make_divisible` of the published code), and never lose a tenth by it. */
const DIVISOR = 8;

/** A number of channels under a width multiplier. */
export function scaledChannels(channels: number, multiplier: number): number {
  const wanted = channels * multiplier;
  const rounded = Math.max(DIVISOR, Math.floor((wanted + DIVISOR / 2) / DIVISOR) * DIVISOR);
  return rounded < 0.9 * wanted ? rounded + DIVISOR : rounded;
}

/** The blocks in order. The first does not widen its input. */
export function invertedResiduals(options: MobileNetOptions): InvertedResidualSizes[] {
  let inputSize = scaledChannels(options.stemSize, options.widthMultiplier);
  return options.stages.flatMap(({ channels, blocks, stride }, stage) =>
    Array.from({ length: blocks }, (_, index) => {
      const outputSize = scaledChannels(channels, options.widthMultiplier);
      const sizes: InvertedResidualSizes = {
        inputSize,
        outputSize,
        innerSize: stage === 0 && index === 0 ? inputSize : inputSize * options.expansion,
        stride: index === 0 ? stride : 1,
      };
      inputSize = outputSize;
      return sizes;
    }),
  );
}
