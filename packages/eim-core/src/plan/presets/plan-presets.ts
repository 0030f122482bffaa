import type { ConfigIssue } from '../config-issues.js';
import type { SegmentInput } from '../segment-schema.js';
import { clipcapSegments } from './clipcap.js';
import { eimSegments, type Measure } from './eim.js';
import { gradualUnfreezeSegments } from './gradual-unfreeze.js';
import { lavinSegments } from './lavin.js';
import { llamaAdapterSegments, llamaAdapterV2Segments } from './llama-adapter.js';
import { lpFtSegments } from './lp-ft.js';
import { plainSegments } from './plain.js';
import type { PresetOptions, PresetResult } from './preset-options.js';

export interface PlanPreset {
  /** Options that would have no effect; giving one is a mistake. */
  readonly ignores: readonly (keyof PresetOptions)[];
  build(options: PresetOptions): PresetResult;
}

const lengthIssue: ConfigIssue = { path: 'steps', message: 'exactly one of steps and epochs is needed' };

const oneSegment = (
  build: (options: PresetOptions) => SegmentInput[],
  { defaultLength, more = [] }: { readonly defaultLength: boolean; readonly more?: PlanPreset['ignores'] },
): PlanPreset => ({
  ignores: ['shares', ...more],
  build: (options) => {
    const { steps, epochs } = options;
    if (steps !== undefined && epochs !== undefined) return { issue: lengthIssue };
    if (steps === undefined && epochs === undefined && !defaultLength) return { issue: lengthIssue };
    return { segments: build(options) };
  },
});

const measured = (...measures: readonly Measure[]): PlanPreset => ({
  ignores: ['epochs', 'warmupSteps'],
  build: (options) => eimSegments(measures, options),
});

const staged = (build: PlanPreset['build']): PlanPreset => ({
  ignores: ['epochs', 'warmupSteps'],
  build,
});

/** Plans by name. `eim-*` are ablations: the measures of one part alone. */
export const PLAN_PRESETS = {
  plain: oneSegment(plainSegments, { defaultLength: false, more: ['warmupSteps'] }),
  eim: measured('encoder', 'st', 'llm'),
  'eim-encoder': measured('encoder'),
  'eim-st': measured('st'),
  'eim-llm': measured('llm'),
  clipcap: oneSegment(clipcapSegments, { defaultLength: true, more: ['labelSmoothing', 'ema'] }),
  lavin: oneSegment(lavinSegments, { defaultLength: true, more: ['labelSmoothing', 'ema'] }),
  'llama-adapter': oneSegment(llamaAdapterSegments, { defaultLength: true, more: ['labelSmoothing', 'ema'] }),
  'llama-adapter-v2': {
    ignores: ['epochs', 'labelSmoothing', 'ema', 'warmupSteps', 'select'],
    build: llamaAdapterV2Segments,
  },
  'lp-ft': staged(lpFtSegments),
  'gradual-unfreeze': staged(gradualUnfreezeSegments),
} as const satisfies Readonly<Record<string, PlanPreset>>;

export type PlanPresetName = keyof typeof PLAN_PRESETS;
