import type { SegmentInput } from '../segment-schema.js';
import type { PresetOptions } from './preset-options.js';

/** The length of a preset of one segment. */
export function untilOf({ steps, epochs }: PresetOptions): SegmentInput['until'] {
  return { ...(steps === undefined ? {} : { steps }), ...(epochs === undefined ? {} : { epochs }) };
}
