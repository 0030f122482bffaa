import { z } from 'zod';

const factor = z.number().positive();
const originalContextLength = z.int().positive();

/** How rotary frequencies are stretched for contexts longer than those of the first training. */
export const ropeScalingSchema = z.discriminatedUnion('type', [
  /** Position interpolation (Chen et al. 2023): every frequency divided by `factor`. */
  z.strictObject({ type: z.literal('linear'), factor }),
  /**
   * NTK-aware interpolation whose base grows with the text, once it is longer than `originalContextLength`
   * (transformers, `_compute_dynamic_ntk_parameters`).
   */
  z.strictObject({ type: z.literal('dynamic'), factor, originalContextLength }),
  /** YaRN (Peng et al. 2023, section 3, and transformers, `_compute_yarn_parameters`). */
  z.strictObject({
    type: z.literal('yarn'),
    factor,
    originalContextLength,
    /** Turns in the original context from which on a frequency stays as it is. @default 32 */
    fastTurns: z.number().positive().default(32),
    /** Turns in the original context up to which a frequency is divided by `factor`. @default 1 */
    slowTurns: z.number().positive().default(1),
    /** Whether the range between the two is widened to whole pairs. @default true */
    wholePairs: z.boolean().default(true),
    /** Of cosines and sines. Absent: 0.1 ln(factor) + 1 */
    attentionFactor: z.number().positive().optional(),
  }),
  /** LLaMA 3.1 (Dubey et al. 2024, and `apply_scaling` of Meta's llama_models). */
  z.strictObject({
    type: z.literal('llama3'),
    factor,
    lowFrequencyFactor: z.number().positive(),
    highFrequencyFactor: z.number().positive(),
    originalContextLength,
  }),
  /** llama.cpp's `rope_freqs.weight`: what each frequency is divided by, one for each pair of a head's elements. */
  z.strictObject({ type: z.literal('factors'), factors: z.array(z.number().positive()) }),
]);

export type RopeScaling = z.output<typeof ropeScalingSchema>;
export type DynamicScaling = Extract<RopeScaling, { type: 'dynamic' }>;
export type YarnScaling = Extract<RopeScaling, { type: 'yarn' }>;

/** What cosines and sines are multiplied by. */
export function attentionFactorOf(scaling: RopeScaling | undefined): number {
  if (scaling?.type !== 'yarn') return 1;
  return scaling.attentionFactor ?? yarnMagnitude(scaling.factor);
}

/** YaRN, equation 22. @param weight of the logarithm (DeepSeek's `mscale`) */
export const yarnMagnitude = (factor: number, weight = 1): number =>
  factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
