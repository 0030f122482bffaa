import { CaptionSet, scoreCaptionSet } from '@eim/benchmarks';
import type { Terminal } from '../command/terminal.js';
import { readConfig } from '../config/read-config.js';
import { openDataset } from '../data/open-dataset.js';
import { requireSplit } from '../data/require-split.js';
import { loadRunModel } from '../model/load-run-model.js';
import { Progress } from '../progress/progress.js';
import { writeRunReport } from '../report/write-run-report.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { type MetricSources, metricSources } from '../scoring/metric-sources.js';
import { scoreSourced } from '../scoring/sourced-metrics.js';
import { startChosenEngine } from '../start-chosen-engine.js';
import { captionPictures } from './caption-pictures.js';
import { completeDecoding, type DecodingChoice } from './decoding.js';
import type { EvaluationRecord } from './evaluation-record.js';

export interface EvaluateRunOptions extends DecodingChoice, Partial<Pick<MetricSources, 'meteor' | 'spice'>> {
  readonly split: string | undefined;
  readonly engine: string | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Captions and scores one split with the model of a run, and writes both into it. */
export async function evaluateRun(
  run: string,
  options: EvaluateRunOptions,
): Promise<EvaluationRecord & { readonly report: string }> {
  const { terminal, signal } = options;
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, terminal);
  const dataset = await openDataset(config.data);
  const split = options.split ?? config.evaluation.split;
  requireSplit(dataset, split);
  await startChosenEngine(terminal, options.engine, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, terminal.workingFolder);
  const progress = new Progress(terminal);
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
      signal,
      onProgress: (done, total) =>
        progress.update({ label: `captioning ${split}`, done, total, detail: `picture ${done}/${total}` }),
    });
    const seconds = (performance.now() - began) / 1000;
    const pairs = pictures.map(({ id, captions: references }, i) => ({
      id,
      candidate: captions[i]!,
      references,
    }));
    const set = CaptionSet.ofRaw(pairs);
    const { corpus } = scoreCaptionSet(set);
    progress.finish();
    const { meteor, spice } = metricSources(options, { terminal, signal });
    const sourced = await scoreSourced(
      { pictures: pairs, captions: set },
      { meteor, spice, clip: undefined, clipTokenizer: undefined, engine: undefined, terminal, signal },
    );
    const { METEOR: noMeteor, SPICE: noSpice } = sourced.absent;
    const record: EvaluationRecord = {
      split,
      images: pictures.length,
      scores: { ...corpus, ...sourced.scores },
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
    progress.finish();
    model.dispose();
  }
}
