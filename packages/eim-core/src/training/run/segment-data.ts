import type { ModelParts, Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import { evaluationBatches } from '../data/evaluation-batches.js';
import type { SplitData } from '../data/split-data.js';
import { canCacheEncoder } from '../feature-cache/can-cache-encoder.js';
import type { FeatureName } from '../feature-cache/feature-table.js';
import { probeFeatures } from '../feature-cache/probe-features.js';
import type { TrainingEnvironment } from './training-environment.js';

/** Splits as one segment reads them: pixels where its encoder runs, cached features where it is frozen. */
export class SegmentData {
  readonly #environment: TrainingEnvironment;
  readonly #segment: Segment;
  readonly #objective: Objective;
  readonly #parts: ModelParts;
  readonly #splits = new Map<string, SplitData>();
  readonly #onEncode: (done: number, total: number) => void;
  #names: readonly FeatureName[] | undefined;

  constructor(
    environment: TrainingEnvironment,
    segment: Segment,
    objective: Objective,
    parts: ModelParts,
    onEncode: (done: number, total: number) => void = () => {},
  ) {
    this.#environment = environment;
    this.#segment = segment;
    this.#objective = objective;
    this.#parts = parts;
    this.#onEncode = onEncode;
  }

  get features(): 'cached' | 'computed' | 'unused' {
    if (!this.#objective.uses.encoder) return 'unused';
    return canCacheEncoder(this.#environment.model, this.#objective, this.#segment) ? 'cached' : 'computed';
  }

  async split(name: string): Promise<SplitData> {
    const known = this.#splits.get(name);
    if (known) return known;
    const environment = this.#environment;
    const base = {
      pictures: environment.pictures(name),
      captions: environment.captions(name),
      padId: environment.options.tokenizer.specialTokens.pad,
    };
    const data: SplitData = { ...base, images: await this.#images(name, base) };
    this.#splits.set(name, data);
    return data;
  }

  async #images(split: string, base: Omit<SplitData, 'images'>): Promise<SplitData['images']> {
    if (this.features === 'unused') return undefined;
    const pixels = { pixels: this.#environment.pixels };
    if (this.features === 'computed') return pixels;
    this.#names ??= await this.#probe({ ...base, images: pixels });
    const { pictures } = base;
    const request = { split, pictures, names: this.#names, onProgress: this.#onEncode };
    return { features: await this.#environment.features.table(request) };
  }

  /** Two pictures are enough to see what the loss reads. */
  async #probe(data: SplitData): Promise<readonly FeatureName[]> {
    const context = { training: false, random: this.#environment.random.fork('probe') };
    for await (const batch of evaluationBatches(data, 2)) {
      return probeFeatures(this.#parts, this.#objective, batch, context);
    }
    return [];
  }
}
