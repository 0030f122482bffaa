import type { DynamicScaling, RopeScaling } from './rope-scaling.js';
import { yarnFrequency } from './yarn-frequency.js';

export interface RotaryOptions {
  /** Width of a head. */
  readonly headSize: number;
  readonly ropeBase: number;
  readonly ropeScaling?: RopeScaling | undefined;
}

/**
 * Angle per position of each pair of a head's elements: base^(-2i/d), scaled.
 * @param length positions of the text, for scaling that depends on them
 * @returns `[headSize / 2]`
 */
export function rotaryFrequencies(
  { headSize: size, ropeBase, ropeScaling }: RotaryOptions,
  length = 0,
): Float32Array {
  const base =
    ropeScaling?.type === 'dynamic' ? ropeBase * dynamicStretch(ropeScaling, size, length) : ropeBase;
  return Float32Array.from({ length: size / 2 }, (_, pair) => {
    // rounded where the published code holds float32, which positions in the thousands make visible
    const period = Math.fround(base ** Math.fround((2 * pair) / size));
    const frequency = Math.fround(1 / period);
    if (ropeScaling === undefined || ropeScaling.type === 'dynamic') return frequency;
    if (ropeScaling.type === 'yarn') return yarnFrequency(period, pair, size, base, ropeScaling);
    return scaled(frequency, pair, ropeScaling);
  });
}

/** What the base is multiplied by for a text of `length`. */
function dynamicStretch(
  { factor, originalContextLength }: DynamicScaling,
  size: number,
  length: number,
): number {
  const times = Math.max(length, originalContextLength) / originalContextLength;
  return (factor * times - (factor - 1)) ** (size / (size - 2));
}

/**
 * Llama 3.1: waves longer than the first context divided by `lowFrequencyFactor` are stretched by `factor`, short
 * ones stay, and between the two the stretch is blended.
 */
function scaled(
  frequency: number,
  pair: number,
  scaling: Extract<RopeScaling, { type: 'linear' | 'llama3' | 'factors' }>,
): number {
  if (scaling.type === 'linear') return frequency / scaling.factor;
  if (scaling.type === 'factors') return frequency / scaling.factors[pair]!;
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalContextLength } = scaling;
  const waves = (originalContextLength * frequency) / (2 * Math.PI); // in the first context
  if (waves < lowFrequencyFactor) return frequency / factor;
  if (waves > highFrequencyFactor) return frequency;
  const smooth = (waves - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
  return (1 - smooth) * (frequency / factor) + smooth * frequency;
}
