import type { SegmentInput } from '../segment-schema.js';
import { jointSettings } from './joint-settings.js';
import type { PresetOptions, PresetResult } from './preset-options.js';
import { stepsByShare } from './steps-by-share.js';

/** The parts whose measures a plan takes; without any it is `plain`. */
export type Measure = 'encoder' | 'st' | 'llm';

/** Shares of the steps. The last segment gets what is left. */
const SHARES = { words: 0.4, slots: 0.08 } as const;
/** Where the joint segment comes before `bridge`, it takes this share. */
const JOINT_SHARE = 0.6;
/** The encoder's rate in a joint segment behind `words`, as a share of the others': a high one undoes what it has learnt. */
const TAUGHT_ENCODER_RATE = 1 / 3;
/** Augmented views of a picture that are encoded once, where the pictures are augmented at all. */
const CACHED_VIEWS = 4;

/**
 * Segmented training: a measure in each part, from the pictures to the words. Encoder: `words`, the words of the captions
 * from what the ST reads, behind a gate. ST: `slots`, the same words in the LLM's embeddings, behind a gate. LLM: `bridge`, the
 * captions behind an encoder that is frozen from then on, so that pictures are encoded once and all further compute goes
 * into ST and LLM. With the measures of some parts alone, a `joint` segment of all parts follows `words` and `slots`, and comes
 * before `bridge`. Reads all options but `epochs` and `warmupSteps`.
 */
export function eimSegments(measures: readonly Measure[], options: PresetOptions): PresetResult {
  const names = segmentNames(measures, options);
  const { learn, captions, common, learningRate, ema } = jointSettings(options);
  const until = stepsByShare(options, sharesOf(names), names.at(-1)!);
  if ('issue' in until) return until;
  const cached = { ...common.data, ...(common.data.augment.length > 0 && { cachedViews: CACHED_VIEWS }) };
  const wordsTaught = names.includes('words');
  // The targets of both are the words of all captions of a picture, so that one row of each will do.
  const words = { ...common, captionsPerPicture: 1 } as const;
  const segments: Readonly<Record<SegmentName, Omit<SegmentInput, 'name' | 'until'>>> = {
    words: {
      ...words,
      learn: learn('encoder'),
      objective: 'words',
      gate: { metric: 'word-probe', split: 'val', direction: 'max', tolerance: 0 },
    },
    slots: {
      ...words,
      learn: learn('st'),
      objective: 'slot-words',
      data: cached,
      gate: { metric: 'loss', split: 'val', direction: 'min', tolerance: 0 },
    },
    joint: {
      ...captions,
      learn: {
        ...learn('encoder', wordsTaught ? learningRate * TAUGHT_ENCODER_RATE : learningRate),
        ...learn('st'),
        ...learn('llm'),
      },
    },
    bridge: { ...captions, learn: { ...learn('st'), ...learn('llm') }, data: cached },
  };
  return {
    segments: names.map((name) => ({
      name,
      until: { steps: until.get(name)! },
      ...segments[name],
      ...(name === names.at(-1) && ema),
    })),
  };
}

type SegmentName = 'words' | 'slots' | 'joint' | 'bridge';

function segmentNames(measures: readonly Measure[], { select = {} }: PresetOptions): SegmentName[] {
  const learns = (part: Measure) => select[part] !== 'frozen';
  const takes = (part: Measure) => measures.includes(part) && learns(part);
  const bridge = measures.includes('llm') && (learns('st') || learns('llm'));
  // The encoder has either been taught by `words` or needs captions to learn from.
  const joint = !bridge || (learns('encoder') && !takes('encoder'));
  const names = { words: takes('encoder'), slots: takes('st'), joint, bridge };
  return (Object.keys(names) as SegmentName[]).filter((name) => names[name]);
}

/** The shares of all segments but the last. */
function sharesOf(names: readonly SegmentName[]): Record<string, number> {
  const shares = { ...SHARES, joint: JOINT_SHARE, bridge: 0 };
  return Object.fromEntries(names.slice(0, -1).map((name) => [name, shares[name]]));
}
