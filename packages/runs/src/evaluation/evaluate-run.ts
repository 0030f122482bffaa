import { readConfig } from '../config/read-config.js';
import { completeContext, type RunsContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { requireSplit } from '../data/require-split.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { loadRunModel } from '../model/load-run-model.js';
import { writeRunReport } from '../reporting/write-run-report.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { MetricSources } from '../scoring/metric-sources.js';
import { type ReferenceChoice, scoreCaptionPairs } from '../scoring/score-caption-pairs.js';
import { scoreSourced } from '../scoring/sourced-metrics.js';
import { captionPictures } from './caption-pictures.js';
import { completeDecoding, type DecodingChoice } from './decoding.js';
import type { EvaluationRecord } from './evaluation-record.js';

export interface EvaluateRunOptions
  extends RunsContext,
    DecodingChoice,
    ReferenceChoice,
    Pick<MetricSources, 'meteor' | 'spice'> {
  /** Absent: the config's. */
  readonly split?: string | undefined;
}

/**
 * Captions and scores one split with the model of a run, and writes both into it: `evaluation-<split>.json`, and
 * `report.html` anew.
 *
 * @example
 * const { scores } = await evaluateRun('runs/my-20250101-120000', { packages, split: 'val' });
 * console.log(scores.CIDEr);
 */
export async function evaluateRun(
  run: string,
  options: EvaluateRunOptions,
): Promise<EvaluationRecord & { readonly report: string }> {
  const context = completeContext(options);
  const { meteor, spice, distinctReferences = false } = options;
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, context);
  const dataset = await openDataset(config.data);
  const split = options.split ?? config.evaluation.split;
  requireSplit(dataset, split);
  await startChosenEngine(context, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, context);
  try {
    const pictures = dataset.split(split);
    const began = performance.now();
    const decoding = {
      ...completeDecoding(options, config.evaluation.beams),
      maxNewTokens: config.evaluation.maxNewTokens,
    };
    const captions = await captionPictures(model, tokenizer, pictures, {
      decoding,
      maxNewTokens: decoding.maxNewTokens,
      batchSize: config.evaluation.batchSize,
      signal: context.signal,
      onProgress: (done, total) =>
        context.onProgress({ label: `captioning ${split}`, done, total, detail: `picture ${done}/${total}` }),
    });
    const seconds = (performance.now() - began) / 1000;
    const scored = scoreCaptionPairs(
      pictures.map(({ id, captions: references }, i) => ({ id, candidate: captions[i]!, references })),
      { distinctReferences },
    );
    const sourced = await scoreSourced(scored, { meteor, spice }, context);
    const { METEOR: noMeteor, SPICE: noSpice } = sourced.absent;
    const record: EvaluationRecord = {
      split,
      images: pictures.length,
      scores: { ...scored.corpus, ...sourced.scores },
      references: distinctReferences ? 'distinct' : 'all',
      absent: { ...(noMeteor && { METEOR: noMeteor }), ...(noSpice && { SPICE: noSpice }) },
      notes: sourced.notes,
      decoding,
      seconds,
      captions: pictures.map(({ id }, i) => ({ image_id: id, caption: captions[i]! })),
    };
    await folder.writeJson(`evaluation-${split}.json`, record);
    const report = await writeRunReport(folder, config, { record, dataset });
    return { ...record, report };
  } finally {
    model.dispose();
  }
}
