import type { Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import type { SplitData } from '../data/split-data.js';
import { type PicturePrefix, picturePrefix } from '../feature-cache/picture-prefix.js';
import { pictureViews } from '../feature-cache/picture-view.js';
import type { TextPrefix } from '../text-states/text-prefix.js';
import type { TrainingEnvironment } from './training-environment.js';

/** Called as pictures are run through what is frozen, or texts through frozen lower blocks of the LLM. */
export type OnEncode = (done: number, total: number, what: 'pictures' | 'texts') => void;

/** Splits as one segment reads them: pixels where its encoder runs, features where it is frozen. */
export class SegmentSplits {
  readonly #environment: TrainingEnvironment;
  readonly #segment: Segment;
  readonly #objective: Objective;
  readonly #prefix: PicturePrefix | undefined;
  readonly #textPrefix: TextPrefix | undefined;
  readonly #splits = new Map<string, SplitData>();
  readonly #onEncode: OnEncode;

  constructor(
    environment: TrainingEnvironment,
    segment: Segment,
    objective: Objective,
    onEncode: OnEncode = () => {},
  ) {
    this.#environment = environment;
    this.#segment = segment;
    this.#objective = objective;
    this.#prefix = picturePrefix(environment.model, objective, segment);
    this.#textPrefix = environment.textPrefix(segment, objective, this.#prefix, environment.options.onNote);
    this.#onEncode = onEncode;
  }

  get features(): 'cached' | 'computed' | 'unused' {
    if (!this.#objective.uses.encoder) return 'unused';
    return this.#prefix && this.#environment.options.featureCache !== 'off' ? 'cached' : 'computed';
  }

  /** What the segment trains on, in augmented views where it caches some. */
  training(): Promise<SplitData> {
    const { split, augment, cachedViews } = this.#segment.data;
    return cachedViews === undefined ? this.split(split) : this.#read(split, { augment, count: cachedViews });
  }

  /** A split to measure on, its pictures as they are. */
  async split(name: string): Promise<SplitData> {
    const known = this.#splits.get(name);
    if (known) return known;
    const data = await this.#read(name);
    this.#splits.set(name, data);
    return data;
  }

  async #read(split: string, views?: CachedViews): Promise<SplitData> {
    const data = { ...this.#environment.splitData(split), images: await this.#images(split, views) };
    const prefix = this.#textPrefix;
    if (!prefix) return data;
    const encoding = { objective: this.#objective, prefix, split: data };
    const told = (done: number, total: number) => this.#onEncode(done, total, 'texts');
    return { ...data, textStates: await this.#environment.textStates(encoding, told) };
  }

  async #images(split: string, views?: CachedViews): Promise<SplitData['images']> {
    const environment = this.#environment;
    const prefix = this.#prefix;
    const { pictures } = environment.rowPictures(split);
    if (!this.#objective.uses.encoder || pictures.length === 0) return undefined;
    if (!prefix) return { pixels: environment.pixels };
    const { seed } = environment.identity;
    const told = (done: number, total: number) => this.#onEncode(done, total, 'pictures');
    const request = { ...prefix, split, pictures, onProgress: told };
    return {
      features: await environment.features.source({
        ...request,
        views: views && pictureViews(views.count, { augment: views.augment, seed, split }),
      }),
    };
  }
}

interface CachedViews {
  readonly augment: Segment['data']['augment'];
  readonly count: number;
}
