import { startEngine } from '@eim/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { retrievalAt } from './retrieval.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const split = (pictures: number[][], captions: number[][], owners: number[]) => ({
  width: pictures[0]!.length,
  pictures: Float32Array.from(pictures.flat()),
  captions: Float32Array.from(captions.flat()),
  owners: Int32Array.from(owners),
});

describe('retrievalAt', () => {
  it('counts pictures whose own caption is among the nearest', async () => {
    const pictures = [
      [1, 0],
      [0, 1],
    ];
    const captions = [
      [0.9, 0.1],
      [0.2, 0.3],
      [1, 0.2],
    ];
    // Picture 0 finds its caption 0 behind the foreign caption 2; picture 1 finds its caption 1 first.
    expect(await retrievalAt(split(pictures, captions, [0, 1, 1]), [1, 2])).toEqual({
      'retrieval@1': 0.5,
      'retrieval@2': 1,
    });
  });

  it('counts ties against the picture', async () => {
    const same = Array.from({ length: 4 }, () => [1, 0]);
    expect(await retrievalAt(split(same, same, [0, 1, 2, 3]), [1, 3, 4])).toEqual({
      'retrieval@1': 0,
      'retrieval@3': 0,
      'retrieval@4': 1,
    });
  });

  it('finds nothing among what is not a number', async () => {
    const broken = split([[Number.NaN], [1]], [[1], [1]], [0, 1]);
    expect(await retrievalAt(broken, [1])).toEqual({ 'retrieval@1': 0 });
  });

  it('is the same in chunks', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => [Math.cos(i / 50), Math.sin(i / 50)]);
    const owners = rows.map((_, index) => index);
    expect(await retrievalAt(split(rows, rows, owners), [1])).toEqual({ 'retrieval@1': 1 });
  });
});
