import { type CocoCaptionResult, readCocoCaption, scoreCocoCaptions } from '@eim/benchmarks';
import type { MetricSources } from './metric-sources.js';
import { readNamedJson } from './read-named-json.js';
import { type SourcedMetrics, scoreSourced } from './sourced-metrics.js';

export interface CocoFiles {
  readonly candidates: string;
  readonly references: string;
  readonly pretokenized: boolean;
  readonly subset: boolean;
  readonly split: string | undefined;
  /** Folder of the pictures, for CLIPScore. */
  readonly pictures: string | undefined;
}

export interface CocoFilesResult extends CocoCaptionResult, Pick<SourcedMetrics, 'absent' | 'notes'> {
  /** What coco-caption prints as CIDEr, under the name that the paper gives it. */
  readonly 'CIDEr-D': number;
  readonly SPICE?: number;
  readonly CLIPScore?: number;
  readonly RefCLIPScore?: number;
}

/** The COCO Caption scores of two files, and those that need more where it is given. */
export async function scoreCocoFiles(files: CocoFiles, sources: MetricSources): Promise<CocoFilesResult> {
  const references = await readNamedJson(files.references);
  const read = readCocoCaption({
    candidates: await readNamedJson(files.candidates),
    references,
    pretokenized: files.pretokenized,
    subset: files.subset,
    ...(files.split !== undefined && { split: files.split }),
  });
  const pictureFile =
    files.pictures === undefined
      ? undefined
      : await (await import('./pictures-by-id.js')).picturesById(files.pictures, references);
  const { images, candidates, referencesPerImage, ...metrics } = scoreCocoCaptions(read.captions);
  const { scores, absent, notes } = await scoreSourced(read, sources, pictureFile);
  const { METEOR, ...others } = scores;
  const { ROUGE_L, CIDEr, ...bleu } = metrics;
  return {
    ...bleu,
    ...(METEOR !== undefined && { METEOR }),
    ROUGE_L,
    CIDEr,
    'CIDEr-D': CIDEr,
    ...others,
    images,
    candidates,
    referencesPerImage,
    absent,
    notes,
  };
}
