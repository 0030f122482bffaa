import type { SegmentInput } from '../segment-schema.js';
import { jointSettings } from './joint-settings.js';
import type { PresetOptions, PresetResult } from './preset-options.js';
import { stepsByShare } from './steps-by-share.js';

/** The parts whose measures a plan takes; without any it is `plain`. */
export type Measure = 'encoder' | 'st' | 'llm';

/** Layer-wise decay of the encoder's rate: its first layers, the most general ones, move least. */
const ENCODER_LAYER_DECAY = 0.9;
/** Rates in the joint segment as shares of the ST's: parts that have been trained before move less. */
const JOINT_RATES = { encoder: 0.3, llm: 0.5 } as const;
const DEFAULT_SHARES = { contrast: 0.15, language: 0.15, align: 0.1, 'warm-up': 0.1 } as const;

/**
 * Segmented training: each measure is one or more segments of its own behind a gate, then all parts learn
 * together. Encoder: contrastive adaptation with layer-wise decay and EMA. ST: alignment with the LLM's embeddings,
 * then caption loss with the rest frozen. LLM: language adaptation on the captions alone, then label smoothing.
 * A trained part's rate in the joint segment is smaller. Reads all options but `epochs`.
 */
export function eimSegments(measures: readonly Measure[], options: PresetOptions): PresetResult {
  const has = (measure: Measure) => measures.includes(measure);
  const { learn, common, learningRate } = jointSettings(options);
  const until = stepsBySegment(measures, options);
  if ('issue' in until) return until;
  const decayed = { layerDecay: ENCODER_LAYER_DECAY };
  const gate = (metric: string, direction: 'max' | 'min') =>
    ({ metric, split: 'val', direction, tolerance: 0 }) as const;
  const segments: SegmentInput[] = [];
  const add = (name: string, rest: Omit<SegmentInput, 'name' | 'until' | keyof typeof common>) =>
    segments.push({ name, until: { steps: until.get(name)! }, ...rest, ...common });

  if (has('encoder') && options.select?.encoder !== 'frozen') {
    add('contrast', {
      learn: learn('encoder', learningRate, decayed),
      objective: 'contrastive',
      gate: gate('neighbour-agreement', 'max'),
      ema: { decay: 0.99 },
    });
  }
  if (has('llm') && options.select?.llm !== 'frozen') {
    add('language', { learn: learn('llm'), objective: 'language', gate: gate('loss', 'min') });
  }
  if (has('st')) {
    add('align', { learn: learn('st'), objective: 'embedding-alignment', gate: gate('retrieval@1', 'max') });
    add('warm-up', { learn: learn('st'), objective: 'caption', gate: gate('loss', 'min') });
  }
  const encoderRate = has('encoder') ? learningRate * JOINT_RATES.encoder : learningRate;
  const llmRate = has('llm') ? learningRate * JOINT_RATES.llm : learningRate;
  const smoothing = options.labelSmoothing ?? 0.1;
  add('joint', {
    learn: {
      ...learn('encoder', encoderRate, has('encoder') ? decayed : {}),
      ...learn('st'),
      ...learn('llm', llmRate),
    },
    objective: has('llm') ? { use: 'caption', options: { labelSmoothing: smoothing } } : 'caption',
  });
  return { segments };
}

function stepsBySegment(measures: readonly Measure[], options: PresetOptions) {
  const takes = (part: 'encoder' | 'llm') => measures.includes(part) && options.select?.[part] !== 'frozen';
  const { contrast, language, align, 'warm-up': warmUp } = DEFAULT_SHARES;
  const shares = {
    ...(takes('encoder') && { contrast }),
    ...(takes('llm') && { language }),
    ...(measures.includes('st') && { align, 'warm-up': warmUp }),
  };
  return stepsByShare(options, shares, 'joint');
}
