import type { RandomStream } from '@eim/contracts/model';
import type { Augmentation } from '../../../plan/segment-schema.js';
import { jitterColours } from './jitter-colours.js';
import { flipHorizontally, flipVertically, quarterTurn } from './move-pixels.js';
import { zoom } from './zoom.js';

type Augment = (bytes: Uint8Array, size: number, random: RandomStream) => Uint8Array;

/** Least share of the side that a zoom keeps. */
const LEAST_SIDE = 0.75;
/** Greatest change of contrast, of brightness, and of one channel against the others. */
const CONTRAST = 0.2;
const BRIGHTNESS = 0.1;
const CHANNEL = 0.04;

const around = (random: RandomStream, greatest: number) => (2 * random.uniform() - 1) * greatest;

/** Each makes the same number of draws whatever they say, so that what follows in the stream does not depend on them. */
const AUGMENTATIONS: Readonly<Record<Augmentation, Augment>> = {
  'horizontal-flip': (bytes, size, random) =>
    random.integer(2) === 1 ? flipHorizontally(bytes, size) : bytes,
  'vertical-flip': (bytes, size, random) => (random.integer(2) === 1 ? flipVertically(bytes, size) : bytes),
  'quarter-turns': (bytes, size, random) => {
    let picture = bytes;
    for (let turns = random.integer(4); turns > 0; turns -= 1) picture = quarterTurn(picture, size);
    return picture;
  },
  zoom: (bytes, size, random) => {
    const side = 1 - random.uniform() * (1 - LEAST_SIDE);
    const left = random.uniform() * (1 - side);
    const top = random.uniform() * (1 - side);
    return zoom(bytes, size, { side, left, top });
  },
  'colour-jitter': (bytes, _size, random) => {
    const contrast = 1 + around(random, CONTRAST);
    const brightness = around(random, BRIGHTNESS);
    const channel = () => brightness + around(random, CHANNEL);
    return jitterColours(bytes, { contrast, shift: [channel(), channel(), channel()] });
  },
};

/**
 * Draws the augmentations of one square picture, in the order given.
 * @param bytes `size * size * 3`; never changed
 */
export function augmentBytes(
  bytes: Uint8Array,
  size: number,
  augmentations: readonly Augmentation[],
  random: RandomStream,
): Uint8Array {
  return augmentations.reduce((picture, name) => AUGMENTATIONS[name](picture, size, random), bytes);
}

/** Makes the draws of one picture's augmentations, and nothing of them. */
export function skipAugmentation(augmentations: readonly Augmentation[], random: RandomStream): void {
  augmentBytes(new Uint8Array(3), 1, augmentations, random);
}
