import type { Dataset } from '@eim/contracts';
import type { CompleteContext } from '../context.js';
import { answerDatasetRows } from '../evaluation/answer-dataset-rows.js';
import { captionedRows } from '../evaluation/captioned-rows.js';
import { completeDecoding } from '../evaluation/decoding.js';
import { loadRunModel } from '../model/load-run-model.js';
import { encoderRetrieval, picturesToEncode } from './baselines/retrieval-baseline.js';
import type { NamedCaptions } from './score-runs.js';
import type { TrainedRun } from './trained-run.js';

export interface CaptionSplitOptions {
  readonly dataset: Dataset;
  readonly split: string;
  readonly context: CompleteContext;
  /** Work done and in all, in units of about equal time. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Captioning a picture takes about as long as encoding this many. */
const CAPTION_WORK = 4;

/** Captions a split with a trained run, decoding as its config says, and with a retrieval from its encoder. */
export async function captionSplit(
  run: Pick<TrainedRun, 'name' | 'folder' | 'config'>,
  { dataset, split, context, onProgress }: CaptionSplitOptions,
): Promise<NamedCaptions> {
  const { evaluation } = run.config;
  const { signal } = context;
  const pictures = captionedRows(dataset, split);
  const encoded = picturesToEncode(dataset, split);
  let done = 0;
  const work = pictures.length * CAPTION_WORK + encoded;
  const onWork = (amount: number) => {
    done += amount;
    onProgress(done, work);
  };
  const { model, tokenizer } = await loadRunModel(run.folder, context);
  try {
    let answered = 0;
    const captions = await answerDatasetRows(model, tokenizer, pictures, {
      batchSize: evaluation.batchSize,
      maxNewTokens: evaluation.maxNewTokens,
      decoding: completeDecoding(evaluation),
      signal,
      onProgress: (now) => {
        onWork((now - answered) * CAPTION_WORK);
        answered = now;
      },
    });
    const retrieval = await encoderRetrieval({ name: run.name, parts: model }, dataset, split, {
      signal,
      onPicture: () => onWork(1),
    });
    return { name: run.name, captions, retrieval };
  } finally {
    model.dispose();
  }
}
