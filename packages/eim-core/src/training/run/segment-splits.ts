import type { Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import type { SplitData } from '../data/split-data.js';
import { type PicturePrefix, picturePrefix } from '../feature-cache/picture-prefix.js';
import { pictureViews } from '../feature-cache/picture-view.js';
import type { TextPrefix } from '../text-states/text-prefix.js';
import type { TrainingEnvironment } from './training-environment.js';

/**
 * Called as pictures are run through what is frozen, or texts through frozen lower blocks of the LLM.
 * @param stops whether any of the processes that encode together is asked to stop; undefined where this one encodes by itself
 */
export type OnEncode = (done: number, total: number, what: 'pictures' | 'texts', stops?: boolean) => void;

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
    const views = cachedViews === undefined ? undefined : { augment, count: cachedViews };
    return views ? this.#read(split, { views, together: true }) : this.#whole(split, true);
  }

  /** A split to measure on, its pictures as they are. */
  split(name: string): Promise<SplitData> {
    return this.#whole(name, false);
  }

  async #whole(name: string, together: boolean): Promise<SplitData> {
    const known = this.#splits.get(name);
    if (known) return known;
    const data = await this.#read(name, { together });
    this.#splits.set(name, data);
    return data;
  }

  async #read(split: string, how: Reading): Promise<SplitData> {
    const data = { ...this.#environment.splitData(split), images: await this.#images(split, how) };
    const prefix = this.#textPrefix;
    if (!prefix) return data;
    const encoding = { objective: this.#objective, prefix, split: data };
    const told = (done: number, total: number) => this.#onEncode(done, total, 'texts');
    return { ...data, textStates: await this.#environment.textStates(encoding, told) };
  }

  async #images(split: string, { views, together }: Reading): Promise<SplitData['images']> {
    const environment = this.#environment;
    const prefix = this.#prefix;
    const { pictures } = environment.rowPictures(split);
    if (!this.#objective.uses.encoder || pictures.length === 0) return undefined;
    if (!prefix) return { pixels: environment.pixels };
    const { seed } = environment.identity;
    const told = (done: number, total: number, stops?: boolean) =>
      this.#onEncode(done, total, 'pictures', stops);
    const request = { ...prefix, split, pictures, together, onProgress: told };
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

interface Reading {
  /** Absent: pictures as they are. */
  readonly views?: CachedViews | undefined;
  /** Whether all processes of a group read it. */
  readonly together: boolean;
}
