import type { RandomStream } from '@eim/contracts/model';
import type { Augmentation } from '../../../plan/segment-schema.js';
import type { PictureAugmentation } from '../gather-pixels.js';
import { skipAugmentation } from './augment-bytes.js';

/**
 * The augmentations of some pictures of a batch, whose places draw from one stream one after the other.
 * @param places of the pictures asked for, in any order
 * @returns by index in `places`; what it returns is to be drawn from before the next is asked for
 */
export function drawnAugmentations(
  augment: readonly Augmentation[],
  random: RandomStream,
  places: readonly number[],
): (index: number) => PictureAugmentation {
  const states: string[] = [];
  const count = places.reduce((most, place) => Math.max(most, place + 1), 0);
  while (states.length < count) {
    states.push(random.state());
    skipAugmentation(augment, random);
  }
  return (index) => {
    random.restore(states[places[index]!]!);
    return { augment, random };
  };
}
