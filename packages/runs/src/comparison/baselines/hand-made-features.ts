import type { RawPicture } from '@eim/contracts';
import { stretchedPixels } from './stretched-pixels.js';

/** Side to which a picture is brought. */
const SIDE = 64;
/** Levels of each colour in the histogram. */
const LEVELS = 4;
/** The picture is cut into this many cells each way. */
const CELLS = 4;
/** Directions of edges, over half a turn. */
const DIRECTIONS = 8;

/**
 * What can be seen of a picture without learning: a histogram of its colours, and the mean colour and the directions of
 * edges in each cell of a coarse grid (after Dalal and Triggs, CVPR 2005, without overlapping blocks). Square roots
 * keep large counts from hiding small ones.
 * @returns `[LEVELS³ + CELLS² * (3 + DIRECTIONS)]`
 */
export function handMadeFeatures(picture: RawPicture): Float64Array {
  const pixels = stretchedPixels(picture, SIDE);
  return Float64Array.from([...colourHistogram(pixels), ...cellColours(pixels), ...edgeDirections(pixels)]);
}

function colourHistogram(pixels: Uint8Array): Float64Array {
  const counts = new Float64Array(LEVELS ** 3);
  const level = (value: number) => Math.floor((value * LEVELS) / 256);
  for (let i = 0; i < pixels.length; i += 3) {
    counts[(level(pixels[i]!) * LEVELS + level(pixels[i + 1]!)) * LEVELS + level(pixels[i + 2]!)]!++;
  }
  return counts.map((count) => Math.sqrt(count / SIDE ** 2));
}

const cellOf = (x: number, y: number): number =>
  Math.floor((y * CELLS) / SIDE) * CELLS + Math.floor((x * CELLS) / SIDE);

function cellColours(pixels: Uint8Array): Float64Array {
  const means = new Float64Array(CELLS ** 2 * 3);
  const share = 1 / (255 * (SIDE / CELLS) ** 2);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (let channel = 0; channel < 3; channel++) {
        means[cellOf(x, y) * 3 + channel]! += pixels[(y * SIDE + x) * 3 + channel]! * share;
      }
    }
  }
  return means;
}

function edgeDirections(pixels: Uint8Array): Float64Array {
  const strengths = new Float64Array(CELLS ** 2 * DIRECTIONS);
  const grey = (x: number, y: number) => {
    const at = (y * SIDE + x) * 3;
    return (pixels[at]! + pixels[at + 1]! + pixels[at + 2]!) / 765;
  };
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const right = grey(x + 1, y) - grey(x - 1, y);
      const down = grey(x, y + 1) - grey(x, y - 1);
      const halfTurn = (Math.atan2(down, right) + 2 * Math.PI) % Math.PI;
      const direction = Math.min(DIRECTIONS - 1, Math.floor((halfTurn * DIRECTIONS) / Math.PI));
      strengths[cellOf(x, y) * DIRECTIONS + direction]! += Math.hypot(right, down);
    }
  }
  return strengths.map(Math.sqrt);
}
