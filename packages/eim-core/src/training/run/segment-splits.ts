import type { Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import type { SplitData } from '../data/split-data.js';
import { canCacheEncoder, featuresNeeded } from '../feature-cache/features-needed.js';
import type { TrainingEnvironment } from './training-environment.js';

/** Splits as one segment reads them: pixels where its encoder runs, cached features where it is frozen. */
export class SegmentSplits {
  readonly #environment: TrainingEnvironment;
  readonly #segment: Segment;
  readonly #objective: Objective;
  readonly #splits = new Map<string, SplitData>();
  readonly #onEncode: (done: number, total: number) => void;

  constructor(
    environment: TrainingEnvironment,
    segment: Segment,
    objective: Objective,
    onEncode: (done: number, total: number) => void = () => {},
  ) {
    this.#environment = environment;
    this.#segment = segment;
    this.#objective = objective;
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
    const data: SplitData = {
      rows: environment.rows(name),
      texts: environment.texts(name),
      pictures: environment.rowPictures(name),
      mixture: environment.options.dataset.mixture?.(name),
      padId: environment.options.tokenizer.specialTokens.pad,
      images: await this.#images(name),
    };
    this.#splits.set(name, data);
    return data;
  }

  async #images(split: string): Promise<SplitData['images']> {
    const environment = this.#environment;
    const { pictures } = environment.rowPictures(split);
    if (this.features === 'unused' || pictures.length === 0) return undefined;
    if (this.features === 'computed') return { pixels: environment.pixels };
    const names = featuresNeeded(environment.model, this.#objective);
    const request = { split, pictures, names, onProgress: this.#onEncode };
    return { features: await environment.features.table(request) };
  }
}
