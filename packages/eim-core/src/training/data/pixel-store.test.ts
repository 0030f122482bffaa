import type { Picture } from '@eim/contracts';
import { describe, expect, it } from 'vitest';
import { tinyDataset, tinyPreprocess } from '../test-support/tiny-dataset.js';
import { gatherPixels } from './gather-pixels.js';
import { MemoryBudget } from './memory-budget.js';
import { PixelStore } from './pixel-store.js';

const preprocessing = {
  imageSize: 4,
  resize: 'stretch',
  filter: 'bilinear',
  cropRounding: 'floor',
  mean: [0, 0, 0],
  standardDeviation: [1, 1, 1],
} as const;
/** Of one picture, 4 by 4 of three bytes. */
const BYTES = 48;

/** Pictures that count how often they are decoded. */
function counted(count: number) {
  const decoded = new Array<number>(count).fill(0);
  const pictures = tinyDataset({ train: count })
    .split('train')
    .map(
      ({ picture }, index): Picture => ({
        ...picture!,
        load: () => {
          decoded[index]! += 1;
          return picture!.load();
        },
      }),
    );
  return { decoded, pictures };
}

describe('PixelStore', () => {
  it('decodes what it keeps once, keeps no more than the budget, and decodes the rest again', async () => {
    const { decoded, pictures } = counted(5);
    const budget = new MemoryBudget(2 * BYTES + 10);
    const store = new PixelStore(tinyPreprocess, preprocessing, budget);
    const first = await gatherPixels(store, pictures);
    expect(await gatherPixels(store, pictures)).toEqual(first);
    expect(decoded).toEqual([1, 1, 2, 2, 2]);
    expect(budget.used).toBe(2 * BYTES);
  });

  it('keeps nothing of pictures that are not asked for again', async () => {
    const { decoded, pictures } = counted(2);
    const budget = new MemoryBudget(10 * BYTES);
    const store = new PixelStore(tinyPreprocess, preprocessing, budget);
    await gatherPixels(store, pictures, { keep: false });
    await gatherPixels(store, pictures);
    expect(decoded).toEqual([2, 2]);
    expect(budget.used).toBe(2 * BYTES);
  });

  it('leaves places beyond the pictures black', async () => {
    const { pictures } = counted(1);
    const store = new PixelStore(tinyPreprocess, preprocessing, new MemoryBudget(0));
    const { data, side } = await gatherPixels(store, pictures, { slots: 3 });
    expect([data.length, side]).toEqual([3 * BYTES, 4]);
    expect(data.subarray(0, BYTES).some((value) => value > 0)).toBe(true);
    expect(data.subarray(BYTES).every((value) => value === 0)).toBe(true);
  });

  it('names a picture that comes out too small', async () => {
    const { pictures } = counted(1);
    const small = { ...tinyPreprocess, toValues: () => new Uint8Array(3) };
    const store = new PixelStore(small, preprocessing, new MemoryBudget(0));
    await expect(store.values(pictures[0]!)).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringContaining('tiny picture train 0 gave 3 values in place of 48'),
    });
  });
});
