import type { LlamaOptions, RopeScaling } from './llama-options.js';

type RotaryOptions = Pick<LlamaOptions, 'hiddenSize' | 'headCount' | 'ropeBase' | 'ropeScaling'>;

/** Angle per position of each pair of a head's elements: base^(-2i/d), scaled. @returns `[headSize / 2]` */
export function rotaryFrequencies({
  hiddenSize,
  headCount,
  ropeBase,
  ropeScaling,
}: RotaryOptions): Float32Array {
  const size = hiddenSize / headCount;
  return Float32Array.from({ length: size / 2 }, (_, pair) => {
    // rounded where the published code holds float32, which positions in the thousands make visible
    const frequency = Math.fround(1 / Math.fround(ropeBase ** Math.fround((2 * pair) / size)));
    return ropeScaling === undefined ? frequency : scaled(frequency, pair, ropeScaling);
  });
}

/**
 * Llama 3.1: waves longer than the first context divided by `lowFrequencyFactor` are stretched by `factor`, short
 * ones stay, and between the two the stretch is blended.
 */
function scaled(frequency: number, pair: number, scaling: RopeScaling): number {
  if (scaling.type === 'linear') return frequency / scaling.factor;
  if (scaling.type === 'factors') return frequency / scaling.factors[pair]!;
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalContextLength } = scaling;
  const waves = (originalContextLength * frequency) / (2 * Math.PI); // in the first context
  if (waves < lowFrequencyFactor) return frequency / factor;
  if (waves > highFrequencyFactor) return frequency;
  const smooth = (waves - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
  return (1 - smooth) * (frequency / factor) + smooth * frequency;
}
