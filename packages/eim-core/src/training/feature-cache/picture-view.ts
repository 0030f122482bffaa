import type { Picture } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import type { Augmentation } from '../../plan/segment-schema.js';

/**
 * One augmented view of every picture of a split. How a picture looks in it is drawn by seed, split, picture and number
 * alone, so that all segments and runs of a seed have the same views.
 */
export interface PictureView {
  readonly augment: readonly Augmentation[];
  readonly seed: string;
  readonly split: string;
  /** 0-based. */
  readonly number: number;
}

/** The first `count` views of a split. */
export function pictureViews(count: number, view: Omit<PictureView, 'number'>): PictureView[] {
  return Array.from({ length: count }, (_, number) => ({ ...view, number }));
}

/** The draws of one picture's view. */
export function viewDraws({ seed, split, number }: PictureView, { fingerprint }: Picture): RandomStream {
  return createRandomStream(seed).fork(`view.${number}.${split}.${fingerprint}`);
}
