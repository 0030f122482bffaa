import type { SegmentInput } from '../segment-schema.js';
import { jointSettings } from './joint-settings.js';
import type { PresetOptions, PresetResult } from './preset-options.js';
import { stepsByShare } from './steps-by-share.js';

/** One segment of a preset that lets more and more of the model learn. */
export interface Stage {
  readonly name: string;
  readonly learn: SegmentInput['learn'];
}

/**
 * Segments by the caption loss, one after the other, of which the first trains the ST alone. The steps are divided evenly
 * unless `shares` says otherwise.
 */
export function stagedSegments(options: PresetOptions, stages: readonly Stage[]): PresetResult {
  if (options.select?.st === 'frozen') {
    const message = "cannot be 'frozen': the first segment trains the ST alone";
    return { issue: { path: 'select.st', message } };
  }
  const shares = stages.slice(0, -1).map(({ name }) => [name, 1 / stages.length] as const);
  const until = stepsByShare(options, Object.fromEntries(shares), stages.at(-1)!.name);
  if ('issue' in until) return until;
  const { captions, ema } = jointSettings(options);
  return {
    segments: stages.map(({ name, learn }) => ({
      name,
      learn,
      until: { steps: until.get(name)! },
      ...captions,
      ...(name === stages.at(-1)!.name && ema),
    })),
  };
}
