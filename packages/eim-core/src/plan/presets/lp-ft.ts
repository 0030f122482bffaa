import { jointSettings } from './joint-settings.js';
import type { PresetOptions, PresetResult } from './preset-options.js';
import { stagedSegments } from './staged-segments.js';

/** The rate of fine-tuning as a share of the probe's: what is good already moves little. */
const FINE_TUNING_RATE = 0.1;

/**
 * Linear probing, then fine-tuning (Kumar et al. 2022, "Fine-Tuning can Distort Pretrained Features and Underperform
 * Out-of-Distribution"). The ST, which is new, learns behind a frozen encoder and before a frozen LLM; then all parts learn
 * together at a tenth of the rate, so that an ST that knows nothing yet does not distort what they know. Each takes half of the
 * steps. Reads all options but `epochs` and `warmupSteps`.
 */
export function lpFtSegments(options: PresetOptions): PresetResult {
  const { learn, learningRate } = jointSettings(options);
  const smaller = learningRate * FINE_TUNING_RATE;
  return stagedSegments(options, [
    { name: 'probe', learn: learn('st') },
    {
      name: 'fine-tune',
      learn: { ...learn('encoder', smaller), ...learn('st', smaller), ...learn('llm', smaller) },
    },
  ]);
}
