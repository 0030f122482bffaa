import type { Row } from '@eim/contracts';
import type { Batch, Tensor, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { matMul } from '@eim/engine';
import { add, div, expandDims, minimum, mul, reshape, sum, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { splitRowsOfPictures } from './rows-of-pictures.js';

/** Which of the places for pictures in all batches of a step hold the same picture. */
export interface SamePictures {
  /** `[S, S]`: row i is 1 at every place that holds the picture of place i, if i is the first of them; else only at i. */
  readonly same: Tensor2D;
  /** `[S]`, 1 for the first place of a picture. */
  readonly first: Tensor1D;
}

/** What is known of the pictures of all batches of a step. */
export interface StepPictures extends SamePictures {
  /** For each place the rows of the split that speak of its picture in any of the batches; none where it is not the first. */
  readonly shown: readonly (readonly number[])[];
}

/** Makes what says nothing weigh nothing beside what does, and 1 where it stands alone. */
const LEAST_WEIGHT = 1e-9;

/** The shapes of {@link SamePictures} for batches of one form. */
export function samePicturesShapes(batches: readonly Pick<Batch, 'pictureCount'>[]) {
  const places = batches.reduce((total, { pictureCount }) => total + pictureCount, 0);
  return { same: { shape: [places, places] }, first: { shape: [places] } };
}

/** Finds pictures that stand in several batches, by the rows that show them. @param rows of the split, by which pictures are known */
export async function findSamePictures(
  batches: readonly Batch[],
  rows: readonly Row[] = [],
): Promise<StepPictures> {
  const byBatch = await Promise.all(batches.map(splitRowsOfPictures));
  const places = byBatch.flat(); // rows of each place
  const count = places.length;
  const [same, first] = [new Float32Array(count * count), new Float32Array(count)];
  const known = new Map<string, number>();
  const shown: number[][] = places.map(() => []);
  for (const [place, own] of places.entries()) {
    same[place * count + place] = 1;
    const name = own.length > 0 ? rows[own[0]!]?.picture?.fingerprint : undefined;
    const before = name === undefined ? undefined : known.get(name);
    if (name !== undefined && before === undefined) known.set(name, place);
    const owner = before ?? place;
    same[owner * count + place] = 1;
    shown[owner] = [...new Set([...shown[owner]!, ...own])];
    first[place] = owner === place ? 1 : 0;
  }
  return {
    same: tensor2d(same, [count, count]) as Tensor2D,
    first: tensor1d(first) as Tensor1D,
    shown,
  };
}

/**
 * Means over the places of each picture, in its first place.
 * @param values `[S, ...]`
 * @param weights `[S]`. Absent: all places weigh the same
 */
export function meanOfSame<Shape extends Tensor>(
  values: Shape,
  { same }: SamePictures,
  weights?: Tensor,
): Shape {
  const [places] = values.shape;
  const weighed = weights ? mul(same, expandDims(add(weights, LEAST_WEIGHT), 0)) : same; // [S, S]
  const shares = div(weighed, sum(weighed, 1, true)) as Tensor2D; // [S, S]
  const flat = reshape(values, [places!, -1]) as Tensor2D; // [S, D]
  return reshape(matMul(shares, flat), values.shape) as Shape;
}

/** `[S]`, 1 for the first place of a picture of which something counts in any place. */
export function countedOnce(real: Tensor, { same, first }: SamePictures): Tensor1D {
  const counted = minimum(sum(mul(same, expandDims(real, 0)), 1), 1); // [S]
  return mul(counted, first) as Tensor1D;
}
