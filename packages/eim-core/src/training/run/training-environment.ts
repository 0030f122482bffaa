import { EimError, type Row } from '@eim/contracts';
import type { ModelParts, Objective, RandomStream } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import type { Gate } from '../../plan/measured-by-schema.js';
import type { Segment } from '../../plan/segment-schema.js';
import type { RunIdentity } from '../checkpoints/checkpoint.js';
import { hashDataset, hashJson } from '../checkpoints/fingerprint.js';
import { MemoryBudget } from '../data/memory-budget.js';
import { imagesPreprocessor } from '../data/picture-preprocessor.js';
import { PixelStore } from '../data/pixel-store.js';
import { findRowPictures, type RowPictures } from '../data/row-pictures.js';
import type { SplitData } from '../data/split-data.js';
import { splitRows } from '../data/split-rows.js';
import { type TokenisedRows, tokeniseRows } from '../data/tokenised-rows.js';
import { behindPrefix } from '../feature-cache/behind-prefix.js';
import { FeatureCache } from '../feature-cache/feature-cache.js';
import { type PicturePrefix, picturePrefix } from '../feature-cache/picture-prefix.js';
import type { EncodingGroup } from '../feature-cache/shared-chunks.js';
import { mayLackAnswers } from '../further-pictures/joined-dataset.js';
import { behindTextPrefix } from '../text-states/behind-text-prefix.js';
import { ComputedTextStates } from '../text-states/computed-text-states.js';
import type { TextEncoding } from '../text-states/encode-texts.js';
import { TextChunkKeys } from '../text-states/text-chunk-keys.js';
import { type TextPrefix, textPrefix } from '../text-states/text-prefix.js';
import type { TextStateSource } from '../text-states/text-state-source.js';
import { TextStateTable } from '../text-states/text-state-table.js';
import { createObjective } from './create-objective.js';
import { runningEngine } from './engine-identity.js';
import type { TrainPlanOptions } from './train-options.js';

/** Bytes of pictures and features in memory, unless told otherwise: 1 GiB. */
const DEFAULT_PICTURE_MEMORY = 2 ** 30;

/** Settings that change nothing are no part of the hash: a checkpoint outlives the day on which a setting is added. */
function withoutIdleSettings({
  onNumericFailure,
  accumulate,
  checkpointActivations,
  gate,
  ...segment
}: Segment) {
  return {
    ...segment,
    ...(onNumericFailure !== 'go-back' && { onNumericFailure }),
    ...(accumulate !== 1 && { accumulate }),
    ...(checkpointActivations && { checkpointActivations }),
    ...(gate && { gate: withoutIdleRule(gate) }),
  };
}

function withoutIdleRule({ rule, ...gate }: Gate) {
  return { ...gate, ...(rule !== 'tolerance' && { rule }) };
}

/** What all segments of a run share. */
export class TrainingEnvironment {
  readonly options: TrainPlanOptions;
  readonly identity: RunIdentity;
  /** Never drawn from itself: everything random comes from a fork named after its purpose. */
  readonly random: RandomStream;
  readonly pixels: PixelStore;
  readonly features: FeatureCache;
  /** Of pictures and features in memory. */
  readonly budget: MemoryBudget;
  readonly #texts = new Map<string, TokenisedRows>();
  readonly #pictures = new Map<string, RowPictures>();
  readonly #textTables: TextStateTable[] = [];
  readonly #textKeys: TextChunkKeys;

  private constructor(options: TrainPlanOptions, identity: RunIdentity) {
    this.options = options;
    this.identity = identity;
    this.random = createRandomStream(options.seed);
    this.#textKeys = new TextChunkKeys(options.model, identity.engine);
    this.budget = new MemoryBudget(this.#pictureMemory);
    this.pixels = new PixelStore(
      options.preprocess ?? imagesPreprocessor,
      options.model.encoder.preprocessing,
      this.budget,
    );
    this.features = new FeatureCache(options.model, this.pixels, identity.engine, {
      budget: this.budget,
      ...(options.featureCache === 'off' ? { keep: false } : { store: options.featureCache }),
      openSpillFile: options.openSpillFile,
      group: encodingGroup(options),
    });
  }

  get #pictureMemory(): number {
    return this.options.pictureMemory ?? DEFAULT_PICTURE_MEMORY;
  }

  static async create(options: TrainPlanOptions): Promise<TrainingEnvironment> {
    const identity = {
      planHash: await hashJson({
        segments: options.plan.segments.map(withoutIdleSettings),
        maxTokens: options.maxTokens,
        textLengths: options.textLengths,
        ...(options.cutRows === 'end' && { cutRows: options.cutRows }),
      }),
      datasetHash: await hashDataset(options.dataset),
      seed: String(options.seed),
      engine: {
        ...(options.engine ?? runningEngine()),
        ...(options.recordSteps === false && { eager: true as const }),
      },
    };
    return new TrainingEnvironment(options, identity);
  }

  get model(): ModelParts {
    return this.options.model;
  }

  /** @throws EimError `invalid-config` where the data set has no such split, or it is empty */
  rows(split: string): readonly Row[] {
    return splitRows(this.options.dataset, split);
  }

  /** The distinct pictures of a split. */
  rowPictures(split: string): RowPictures {
    let pictures = this.#pictures.get(split);
    if (!pictures) {
      pictures = findRowPictures(this.rows(split));
      this.#pictures.set(split, pictures);
    }
    return pictures;
  }

  /** A split's rows, texts and pictures; the pictures' contents apart. */
  splitData(split: string): Omit<SplitData, 'images'> {
    return {
      rows: this.rows(split),
      texts: this.texts(split),
      pictures: this.rowPictures(split),
      mixture: this.options.dataset.mixture?.(split),
      padId: this.options.tokenizer.specialTokens.pad,
    };
  }

  /** An empty feature cache of its own, which the caller forgets; it holds as much in memory as the run's may. */
  featuresApart(): FeatureCache {
    const { model, openSpillFile } = this.options;
    const budget = new MemoryBudget(this.#pictureMemory);
    return new FeatureCache(model, this.pixels, this.identity.engine, { budget, openSpillFile });
  }

  /** The split's texts as tokens, checked against the LLM's context. */
  texts(split: string): TokenisedRows {
    const known = this.#texts.get(split);
    if (known) return known;
    const { tokenizer, maxTokens, cutRows, textLengths, model } = this.options;
    // The last token of a row is predicted but never read.
    const room = model.llm.contextLength - model.st.prefixLength + 1;
    const texts = tokeniseRows(this.rows(split), tokenizer, {
      maxTokens,
      cutRows,
      lengths: textLengths,
      greatestLength: room,
      mayLackAnswers: mayLackAnswers(this.options.dataset, split),
    });
    const longest = texts.lengths.at(-1)!.length;
    if (longest > room) {
      throw new EimError({
        code: 'invalid-config',
        message: `The longest row of '${split}' takes ${longest} tokens, which with a prefix of ${model.st.prefixLength} needs a context of ${model.st.prefixLength + longest - 1}; the LLM has ${model.llm.contextLength}.`,
        advice: `Set maxTokens to ${room} or less.`,
        data: { split, needed: model.st.prefixLength + longest - 1, contextLength: model.llm.contextLength },
      });
    }
    this.#texts.set(split, texts);
    return texts;
  }

  /**
   * The objective of a segment, with all that it may want to know of its data.
   * @throws EimError `invalid-config` also for cached views that the segment cannot have
   */
  async objective(segment: Segment, random: RandomStream): Promise<Objective> {
    const { model, tokenizer, objectives } = this.options;
    const rows = this.rows(segment.data.split);
    // Rows without answers are refused by their names, whatever the objective makes of them.
    this.texts(segment.data.split);
    const objective = await createObjective(segment, { random, parts: model, tokenizer, rows }, objectives);
    try {
      const pictures = picturePrefix(model, objective, segment);
      return behindTextPrefix(
        behindPrefix(objective, pictures),
        this.textPrefix(segment, objective, pictures),
      );
    } catch (error) {
      objective.dispose?.();
      throw error;
    }
  }

  /** What stays the same of each text throughout a segment. @param onNote gets why nothing does, where that may surprise */
  textPrefix(
    segment: Segment,
    objective: Objective,
    pictures: PicturePrefix | undefined,
    onNote?: (note: string) => void,
  ): TextPrefix | undefined {
    const { answerCount } = this.texts(segment.data.split);
    return textPrefix({ model: this.model, objective, segment, pictures, answerCount, onNote });
  }

  /** What frozen lower blocks of the LLM make of a split's texts: kept until the next segment, or computed anew for each batch. */
  async textStates(
    encoding: Omit<TextEncoding, 'model'>,
    onProgress?: (done: number, total: number) => void,
  ): Promise<TextStateSource> {
    const { model } = this;
    const { counts } = this.features;
    const { featureCache: store, openSpillFile } = this.options;
    if (store === 'off') return new ComputedTextStates({ ...encoding, model }, counts);
    const kept = store && { store, keys: this.#textKeys, faults: counts };
    const storage = { budget: this.budget, openSpillFile, onProgress };
    const table = await TextStateTable.create({ ...encoding, model, kept }, counts, storage);
    this.#textTables.push(table);
    return table;
  }

  /** Called before a segment: frees what earlier weights or objectives gave. */
  async refresh(): Promise<void> {
    await this.#closeTextTables();
    this.#textKeys.forget();
    await this.features.refresh();
  }

  /** Frees what is held for the run: features and hidden states, in memory and on disk. */
  async close(): Promise<void> {
    await this.#closeTextTables();
    await this.features.forget();
  }

  async #closeTextTables(): Promise<void> {
    for (const table of this.#textTables.splice(0)) await table.close();
  }
}

function encodingGroup({ group, signal }: TrainPlanOptions): EncodingGroup | undefined {
  if (!group) return undefined;
  return {
    rank: group.rank,
    size: group.size,
    sum: (tensor) => group.sum(tensor),
    gather: (tensor) => group.gather(tensor),
    fromFirst: (tensor) => group.fromFirst(tensor),
    asked: () => signal?.aborted === true,
  };
}
