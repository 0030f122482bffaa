import type { SegmentInput } from '../segment-schema.js';
import { jointSettings } from './joint-settings.js';
import { type PresetOptions, untilOf } from './preset-options.js';

/** What the baselines do: all parts together, one rate, caption loss. Read: all but `shares`, `labelSmoothing`. */
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
