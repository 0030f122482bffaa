import type { SegmentInput } from '../segment-schema.js';
import { jointSettings } from './joint-settings.js';
import { type PresetOptions, untilOf } from './preset-options.js';

/** What the baselines do: all parts together, at one rate, by the caption loss. Reads all options but `shares` and `warmupSteps`. */
export function plainSegments(options: PresetOptions): SegmentInput[] {
  const { learn, captions, ema } = jointSettings(options);
  return [
    {
      name: 'joint',
      learn: { ...learn('encoder'), ...learn('st'), ...learn('llm') },
      until: untilOf(options),
      ...captions,
      ...ema,
    },
  ];
}
