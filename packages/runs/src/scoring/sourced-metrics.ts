import type { CocoCaptions } from '@eim/benchmarks';
import type { CompleteContext } from '../context.js';
import type { MetricSources } from './metric-sources.js';

/** Scores that need more than captions, by official name, and why a score is missing. */
export interface SourcedMetrics {
  readonly scores: {
    readonly METEOR?: number;
    readonly SPICE?: number;
    readonly CLIPScore?: number;
    readonly RefCLIPScore?: number;
  };
  /** Why a metric is missing, and how to get it. */
  readonly absent: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

const NO_METEOR =
  'needs the word lists of METEOR 1.5: give its jar by --meteor PATH or EIM_METEOR (the Python package pycocoevalcap holds it).';
const NO_SPICE = 'needs its own program and Java: give spice-1.0.jar by --spice PATH or EIM_SPICE.';
const NO_CLIP =
  "needs a CLIP with both towers: give its weights by --clip SPEC or EIM_CLIP (a folder in Hugging Face's layout, or OpenAI's .pt).";

/**
 * METEOR, SPICE, CLIPScore and RefCLIPScore of captions, each only if what it needs is given.
 * @param pictureFile finds a picture by image id; absent if there are no pictures
 */
export async function scoreSourced(
  captions: CocoCaptions,
  sources: MetricSources,
  context: CompleteContext,
  pictureFile?: (id: string) => string,
): Promise<SourcedMetrics> {
  const absent: Record<string, string> = {};
  const notes: string[] = [];
  const scores: Record<string, number> = {};
  if (sources.meteor === undefined) absent.METEOR = NO_METEOR;
  else {
    const { meteorOf } = await import('./meteor-of.js');
    scores.METEOR = await meteorOf(captions.captions, sources.meteor, context, notes);
  }
  if (sources.spice === undefined) absent.SPICE = NO_SPICE;
  else {
    const { spiceOf } = await import('./spice-of.js');
    const spice = await spiceOf(captions, sources.spice, context);
    if (Number.isNaN(spice)) {
      absent.SPICE = 'its program gave a picture no score (NaN), and so would the official mean be.';
    } else scores.SPICE = spice;
  }
  const noClip =
    sources.clip === undefined
      ? NO_CLIP
      : pictureFile === undefined
        ? 'needs the pictures: give their folder by --pictures DIR.'
        : undefined;
  if (noClip !== undefined) Object.assign(absent, { CLIPScore: noClip, RefCLIPScore: noClip });
  else {
    const { clipScoresOf } = await import('./clip-scores-of.js');
    Object.assign(scores, await clipScoresOf(captions.pictures, pictureFile!, sources, context));
  }
  return { scores, absent, notes };
}
