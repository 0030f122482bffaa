import type { RopeScaling } from '../../rotary/rope-scaling.js';

/**
 * What LLaMA 3.1's scaling divides each frequency by (llama.cpp, `convert_hf_to_gguf.py`, `LlamaModel.generate_extra_tensors`).
 * @returns one for each pair of a head's elements
 */
export function llama3Factors(
  {
    factor,
    lowFrequencyFactor: low,
    highFrequencyFactor: high,
    originalContextLength,
  }: Extract<RopeScaling, { type: 'llama3' }>,
  headSize: number,
  base: number,
): number[] {
  return Array.from({ length: headSize / 2 }, (_, pair) => {
    const waveLength = 2 * Math.PI * base ** ((2 * pair) / headSize);
    const turns = originalContextLength / waveLength;
    if (turns > high) return 1;
    if (turns < low) return factor;
    const smooth = (turns - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}
