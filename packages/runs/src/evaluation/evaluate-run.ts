import { heldOutLoss } from '@eim/core/training';
import { encoderRetrieval, picturesToEncode } from '../comparison/baselines/retrieval-baseline.js';
import { scoreBaselines } from '../comparison/baselines/score-baselines.js';
import { readConfig } from '../config/read-config.js';
import { type CompleteContext, completeContext, type RunsContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { requireSplit } from '../data/require-split.js';
import { maxTextLength } from '../data/text-length.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { loadRunModel } from '../model/load-run-model.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { writeRunReport } from '../reporting/write-run-report.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { answerDatasetRows } from './answer-dataset-rows.js';
import { type CaptionScoring, captionScores } from './caption-scores.js';
import { isCaptioned } from './captioned-rows.js';
import { completeDecoding, type DecodingChoice } from './decoding.js';
import type { EvaluationRecord } from './evaluation-record.js';
import { scoreAnsweredRows } from './score-answered-rows.js';

export interface EvaluateRunOptions extends RunsContext, DecodingChoice, CaptionScoring {
  /** Split to score. Absent: the config's. */
  readonly split?: string | undefined;
  /** Score captions beside a human sentence, the most common caption, the nearest picture and retrievals. @default false */
  readonly baselines?: boolean | undefined;
}

/**
 * Answers and scores one split with the model of a run, and writes both into it: `evaluation-<split>.json`, and
 * `report.html` anew. Captions get COCO's metrics. Other rows get accuracy where they have choices and exact match where
 * they have none, and all of them the loss of their answers.
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
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, context);
  const loadPlugin = pluginLoader(folder.configFile, context);
  const { packages, signal } = context;
  const dataset = await openDataset(config.data, { loadPlugin, packages, signal });
  const split = options.split ?? config.evaluation.split;
  requireSplit(dataset, split);
  await startChosenEngine(context, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, context);
  try {
    const rows = dataset.split(split);
    const captions = rows.every(isCaptioned);
    const began = performance.now();
    const decoding = {
      ...completeDecoding(options, config.evaluation.beams),
      maxNewTokens: config.evaluation.maxNewTokens,
    };
    const texts = await answerDatasetRows(model, tokenizer, rows, {
      decoding,
      maxNewTokens: decoding.maxNewTokens,
      batchSize: config.evaluation.batchSize,
      signal,
      onProgress: (done, total) =>
        context.onProgress({
          label: `${captions ? 'captioning' : 'answering'} ${split}`,
          done,
          total,
          detail: `${captions ? 'picture' : 'row'} ${done}/${total}`,
        }),
    });
    const seconds = (performance.now() - began) / 1000;
    const scored = captions
      ? await captionScores(rows, texts, options, context)
      : {
          scores: {
            ...scoreAnsweredRows(rows, texts),
            ...(await heldOutLoss({
              model,
              dataset,
              split,
              tokenizer,
              maxTokens: maxTextLength(config.training, dataset),
              cutRows: config.training.cutRows,
            })),
          },
          absent: {},
          notes: [],
        };
    const baselines =
      options.baselines && captions
        ? await scoreBaselines(dataset, split, options, [
            await encoderRetrieval({ name: config.name, parts: model }, dataset, split, {
              signal,
              onPicture: encodingProgress(picturesToEncode(dataset, split), context),
            }),
          ])
        : undefined;
    const record: EvaluationRecord = {
      split,
      images: rows.length,
      ...scored,
      ...(baselines && {
        baselines: baselines.map(({ name, explanation, scores }) => ({ name, explanation, scores })),
      }),
      decoding,
      seconds,
      captions: rows.map(({ id }, row) => ({ image_id: id, caption: texts[row]! })),
    };
    await folder.writeJson(`evaluation-${split}.json`, record);
    const report = await writeRunReport(folder, config, { record, dataset });
    return { ...record, report };
  } finally {
    model.dispose();
  }
}

function encodingProgress(total: number, { onProgress }: CompleteContext): () => void {
  let done = 0;
  return () => {
    done++;
    onProgress({ label: 'retrieval', done, total, detail: `picture ${done}/${total}` });
  };
}
