import { composeModel } from '@eim/core';
import { parsePlan, type SegmentInput, trainPlan } from '@eim/core/training';
import { createSceneDataset } from '@eim/datasets';
import { clipPresets, createClipEncoder } from '@eim/encoder-clip';
import { createRandomStream } from '@eim/engine';
import { createGpt2, gpt2Presets } from '@eim/llm-gpt2';
import { createClipCapMlp } from '@eim/st-adapters';
import { createTokenizer, trainByteBpe } from '@eim/tokenizers';

export interface FeatureCacheTimes {
  /** Seconds of one epoch's steps without the cache and with it. */
  readonly off: number;
  readonly cached: number;
  /** Seconds until the first step of the run with the cache: what fills it, and what every run does before it steps. */
  readonly filling: number;
}

export interface FeatureCacheSizes {
  readonly pictures: number;
  readonly epochs: number;
  readonly pairs: number;
}

/** Trains a segment without the feature cache and with it, in turn, and checks that both end with the same weights. */
export async function runFeatureCacheBenchmark(
  segment: Omit<SegmentInput, 'until'>,
  { pictures, epochs, pairs }: FeatureCacheSizes,
): Promise<FeatureCacheTimes[]> {
  const dataset = createSceneDataset({ seed: 1, train: pictures, val: 1, test: 1 });
  const captions = dataset.split('train').flatMap(({ answers }) => answers);
  const tokenizer = createTokenizer(trainByteBpe(captions, { vocabularySize: 400 }));
  const plan = parsePlan({ segments: [{ ...segment, batchSize: 32, until: { epochs } }] });

  const run = async (featureCache?: 'off') => {
    const random = createRandomStream(1);
    const encoder = createClipEncoder(clipPresets.tiny, { random: random.fork('encoder') });
    const llm = createGpt2(gpt2Presets.tiny, { random: random.fork('llm'), tokenizer });
    const st = createClipCapMlp({ prefixLength: 4 }, { random: random.fork('st'), encoder, llm });
    const model = composeModel({ encoder, st, llm });
    const began = performance.now();
    let stepped: number | undefined;
    const { seconds } = await trainPlan({
      model,
      plan,
      dataset,
      tokenizer,
      seed: 1,
      ...(featureCache && { featureCache }),
      onProgress: ({ phase }) => {
        if (phase === 'train') stepped ??= performance.now();
      },
    });
    const weights = model.parameters().map(({ parameter }) => parameter.variable.dataSync().slice());
    model.dispose();
    return { perEpoch: seconds / epochs, filling: (stepped! - began) / 1000, weights };
  };

  const times: FeatureCacheTimes[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const off = await run('off');
    const cached = await run();
    const same = off.weights.every((values, index) =>
      values.every((value, place) => value === cached.weights[index]![place]),
    );
    if (!same) throw new Error(`The segment '${segment.name}' ended with other weights without the cache.`);
    times.push({ off: off.perEpoch, cached: cached.perEpoch, filling: cached.filling });
  }
  return times;
}
