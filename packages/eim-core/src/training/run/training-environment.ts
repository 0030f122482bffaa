import { type CaptionedPicture, EimError } from '@eim/contracts';
import type { ModelParts, RandomStream } from '@eim/contracts/model';
import { createRandomStream, currentEngine } from '@eim/engine';
import type { RunIdentity } from '../checkpoints/checkpoint.js';
import { hashDataset, hashJson } from '../checkpoints/fingerprint.js';
import { type CaptionRows, tokeniseCaptions } from '../data/caption-rows.js';
import { PixelStore } from '../data/pixel-store.js';
import { FeatureCache } from '../feature-cache/feature-cache.js';
import type { EngineIdentity, TrainPlanOptions } from './train-options.js';

/** What all segments of a run share. */
export class TrainingEnvironment {
  readonly options: TrainPlanOptions;
  readonly identity: RunIdentity;
  /** Never drawn from itself: everything random comes from a fork named after its purpose. */
  readonly random: RandomStream;
  readonly pixels: PixelStore;
  readonly features: FeatureCache;
  readonly #captions = new Map<string, CaptionRows>();

  private constructor(options: TrainPlanOptions, identity: RunIdentity, trial: boolean) {
    this.options = options;
    this.identity = identity;
    this.random = createRandomStream(options.seed);
    this.pixels = new PixelStore(options.preprocess, options.model.encoder.preprocessing);
    const cache = { trial, store: trial ? undefined : options.featureCache };
    this.features = new FeatureCache(options.model, this.pixels, identity.engine, cache);
  }

  /** @param trial take cost, not results: see {@link FeatureCache} */
  static async create(options: TrainPlanOptions, { trial = false } = {}): Promise<TrainingEnvironment> {
    const identity = {
      planHash: await hashJson({ ...options.plan, maxTokens: options.maxTokens }),
      datasetHash: await hashDataset(options.dataset),
      seed: String(options.seed),
      engine: {
        ...(options.engine ?? runningEngine()),
        ...(options.recordSteps === false && { eager: true as const }),
      },
    };
    return new TrainingEnvironment(options, identity, trial);
  }

  get model(): ModelParts {
    return this.options.model;
  }

  /** @throws EimError `invalid-config` where the data set has no such split, or it is empty */
  pictures(split: string): readonly CaptionedPicture[] {
    const { dataset } = this.options;
    const pictures = dataset.splits.includes(split) ? dataset.split(split) : [];
    if (pictures.length > 0) return pictures;
    throw new EimError({
      code: 'invalid-config',
      message: `The plan uses the split '${split}', of which the data set ${dataset.name} has no pictures.`,
      advice: `Its splits are ${dataset.splits.join(', ')}.`,
      data: { split, splits: dataset.splits },
    });
  }

  /** The split's captions as tokens, checked against the LLM's context. */
  captions(split: string): CaptionRows {
    const known = this.#captions.get(split);
    if (known) return known;
    const { tokenizer, maxTokens, model } = this.options;
    const captions = tokeniseCaptions(this.pictures(split), tokenizer, maxTokens ? { maxTokens } : {});
    // The last token of a row is predicted but never read.
    const needed = model.st.prefixLength + captions.textLength - 1;
    if (needed > model.llm.contextLength) {
      throw new EimError({
        code: 'invalid-config',
        message: `The longest caption of '${split}' takes ${captions.textLength} tokens, which with a prefix of ${model.st.prefixLength} needs a context of ${needed}; the LLM has ${model.llm.contextLength}.`,
        advice: `Set maxTokens to ${model.llm.contextLength - model.st.prefixLength + 1} or less.`,
        data: { split, needed, contextLength: model.llm.contextLength },
      });
    }
    this.#captions.set(split, captions);
    return captions;
  }
}

function runningEngine(): EngineIdentity {
  const engine = currentEngine();
  if (!engine) {
    throw new EimError({
      code: 'engine-unavailable',
      message: 'No engine runs.',
      advice: 'Call startEngine of @eim/engine first.',
    });
  }
  const { name, kernelVersion, threads } = engine;
  return { name, kernelVersion: String(kernelVersion), threads };
}
