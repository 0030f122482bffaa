import { type CocoCaptionResult, pairCaptions, readCandidates, readReferences } from '@eim/benchmarks';
import type { CaptionPair } from '@eim/contracts';
import { completeContext, type RunsContext } from '../context.js';
import type { MetricSources } from './metric-sources.js';
import { readNamedJson } from './read-named-json.js';
import { type ReferenceChoice, scoreCaptionPairs } from './score-caption-pairs.js';
import { type SourcedMetrics, scoreSourced } from './sourced-metrics.js';

export interface ScoreCocoFilesOptions extends RunsContext, MetricSources, ReferenceChoice {
  /** Captions are words joined by spaces already. @default false */
  readonly pretokenized?: boolean | undefined;
  /** Score the candidates there are, though other images have references. @default false */
  readonly subset?: boolean | undefined;
  /** Score only the pictures of this split of Karpathy's json. */
  readonly split?: string | undefined;
  /** Folder of the pictures, for CLIPScore. */
  readonly pictures?: string | undefined;
}

export interface CocoFilesResult extends CocoCaptionResult, Pick<SourcedMetrics, 'absent' | 'notes'> {
  /** What coco-caption prints as CIDEr, under the name that the paper gives it. */
  readonly 'CIDEr-D': number;
  readonly SPICE?: number;
  readonly CLIPScore?: number;
  readonly RefCLIPScore?: number;
}

/**
 * The COCO Caption scores of a file of captions against a file of references, and the scores that need more, if what they
 * need is given.
 * @throws EimError `invalid-data` for any mistake in either file; no score is ever computed over fewer pictures
 *
 * @example
 * const { CIDEr } = await scoreCocoFiles('results.json', 'captions_val2014.json', { packages: {}, subset: true });
 */
export async function scoreCocoFiles(
  candidatesFile: string,
  referencesFile: string,
  options: ScoreCocoFilesOptions,
): Promise<CocoFilesResult> {
  const { subset = false, split, pictures } = options;
  const references = await readNamedJson(referencesFile);
  const candidates = readCandidates(await readNamedJson(candidatesFile));
  const only = subset ? candidates : undefined;
  const pairs = pairCaptions(
    candidates,
    readReferences(references, { ...(split !== undefined && { split }), only }),
    { subset },
  );
  const pictureFile =
    pictures === undefined
      ? undefined
      : await (await import('./pictures-by-id.js')).picturesById(pictures, references);
  const scored = scoreCaptionPairs(pairs, options);
  const { scores, absent, notes } = await scoreSourced(
    scored,
    options,
    completeContext(options),
    pictureFile,
  );
  const { METEOR, ...others } = scores;
  const { ROUGE_L, CIDEr, METEOR: _, ...bleu } = scored.corpus;
  return {
    ...bleu,
    ...(METEOR !== undefined && { METEOR }),
    ROUGE_L,
    CIDEr,
    'CIDEr-D': CIDEr,
    ...others,
    images: pairs.length,
    candidates: pairs.length,
    referencesPerImage: referenceCounts(scored.pictures),
    absent,
    notes,
  };
}

function referenceCounts(pictures: readonly CaptionPair[]) {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const { references } of pictures) {
    min = Math.min(min, references.length);
    max = Math.max(max, references.length);
    sum += references.length;
  }
  return { min, mean: sum / pictures.length, max };
}
