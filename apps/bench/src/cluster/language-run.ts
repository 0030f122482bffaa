import type { Dataset, Row } from '@eim/contracts';
import { composeModel } from '@eim/core';
import { parsePlan, type TrainingGroup, trainPlan } from '@eim/core/training';
import { clipPresets, createClipEncoder } from '@eim/encoder-clip';
import { createRandomStream } from '@eim/engine';
import { createGpt2, gpt2Presets } from '@eim/llm-gpt2';
import { createClipCapMlp } from '@eim/st-adapters';
import { createTokenizer, trainByteBpe } from '@eim/tokenizers';

/** With the 10.7 million parameters of the blocks, 12.6 million. */
const VOCABULARY = 4800;
const WORDS = 60;

export interface LanguageRun {
  readonly parameters: number;
  /** Seconds of each step, the first ones left out. */
  readonly steps: readonly number[];
  /** The same in seconds of processor time, over all threads of this process. */
  readonly processor: readonly number[];
}

/** Steps before which the engine has everything allocated and compiled. */
const WARM_UP = 3;

/**
 * Trains a language model through `trainPlan`, as runs do, on texts of one length.
 * @param rows of a step, of all processes together
 */
export async function trainLanguage(
  rows: number,
  count: number,
  group: TrainingGroup | undefined,
): Promise<LanguageRun> {
  const dataset = texts(4 * rows);
  const answers = dataset.split('train').flatMap((row) => row.answers);
  const tokenizer = createTokenizer(trainByteBpe(answers, { vocabularySize: 400 }));
  const random = createRandomStream(1);
  const encoder = createClipEncoder(clipPresets.tiny, { random: random.fork('encoder') });
  const options = { ...gpt2Presets['medium-scratch'], vocabularySize: VOCABULARY };
  const llm = createGpt2(options, { random: random.fork('llm'), tokenizer });
  const st = createClipCapMlp({ prefixLength: 1 }, { random: random.fork('st'), encoder, llm });
  const model = composeModel({ encoder, st, llm });
  const times: number[] = [];
  const processor: number[] = [];
  let last = performance.now();
  let used = process.cpuUsage();
  await trainPlan({
    model,
    dataset,
    tokenizer,
    plan: parsePlan({
      segments: [
        {
          name: 'language',
          learn: { llm: { select: 'full', learningRate: 1e-4 } },
          objective: 'language',
          data: 'train',
          batchSize: rows,
          captionsPerPicture: 1,
          until: { steps: WARM_UP + count },
        },
      ],
    }),
    seed: 1,
    group,
    onProgress: ({ phase }) => {
      const now = performance.now();
      const { user, system } = process.cpuUsage(used);
      if (phase === 'train') {
        times.push((now - last) / 1000);
        processor.push((user + system) / 1e6);
      }
      last = now;
      used = process.cpuUsage();
    },
  });
  const parameters = llm.parameters().reduce((sum, { variable }) => sum + variable.size, 0);
  model.dispose();
  return { parameters, steps: times.slice(WARM_UP), processor: processor.slice(WARM_UP) };
}

/** Rows of text alone, each of as many words. */
function texts(count: number): Dataset {
  const random = createRandomStream('texts');
  const rows = Array.from({ length: count }, (_, index): Row => {
    const words = Array.from({ length: WORDS }, () => String.fromCharCode(97 + random.integer(26)));
    return { id: String(index), prompt: '', answers: [words.join(' ')] };
  });
  return { name: 'texts', splits: ['train'], split: () => rows, notes: [] };
}
