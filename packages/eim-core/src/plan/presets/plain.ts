import type { SegmentInput } from '../segment-schema.js';
import { jointSettings } from './joint-settings.js';
import { type PresetOptions, untilOf } from './preset-options.js';

/** What the baselines do: all parts together, at one rate, by the caption loss. Reads all options but `shares` and `labelSmoothing`. */
export function plainSegments(options: PresetOptions): SegmentInput[] {
  const { learn, common } = jointSettings(options);
  return [
    {
      name: 'joint',
      learn: { ...learn('encoder'), ...learn('st'), ...learn('llm') },
      objective: 'caption',
      until: untilOf(options),
      ...common,
    },
  ];
}
