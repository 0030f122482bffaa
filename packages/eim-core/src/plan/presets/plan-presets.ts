import type { ConfigIssue } from '../config-issues.js';
import type { SegmentInput } from '../segment-schema.js';
import { clipcapSegments } from './clipcap.js';
import { eimSegments, type Measure } from './eim.js';
import { plainSegments } from './plain.js';
import type { PresetOptions } from './preset-options.js';

/** A preset's segments, or the mistakes in its options. */
export type PresetResult = { readonly segments: SegmentInput[] } | { readonly issue: ConfigIssue };

export interface PlanPreset {
  /** Options that would have no effect; giving one is a mistake. */
  readonly ignores: readonly (keyof PresetOptions)[];
  build(options: PresetOptions): PresetResult;
}

const lengthIssue: ConfigIssue = { path: 'steps', message: 'exactly one of steps and epochs is needed' };

const oneSegment = (
  build: (options: PresetOptions) => SegmentInput[],
  { defaultLength }: { readonly defaultLength: boolean },
): PlanPreset => ({
  ignores: ['shares', 'labelSmoothing'],
  build: (options) => {
    const { steps, epochs } = options;
    if (steps !== undefined && epochs !== undefined) return { issue: lengthIssue };
    if (steps === undefined && epochs === undefined && !defaultLength) return { issue: lengthIssue };
    return { segments: build(options) };
  },
});

const measured = (...measures: readonly Measure[]): PlanPreset => ({
  ignores: measures.includes('llm') ? ['epochs'] : ['epochs', 'labelSmoothing'],
  build: (options) => eimSegments(measures, options),
});

/** Plans by name. `eim-*` are ablations: `eim` with the measures of one part alone. */
export const PLAN_PRESETS = {
  plain: oneSegment(plainSegments, { defaultLength: false }),
  eim: measured('encoder', 'st', 'llm'),
  'eim-encoder': measured('encoder'),
  'eim-st': measured('st'),
  'eim-llm': measured('llm'),
  clipcap: oneSegment(clipcapSegments, { defaultLength: true }),
} as const satisfies Readonly<Record<string, PlanPreset>>;

export type PlanPresetName = keyof typeof PLAN_PRESETS;
