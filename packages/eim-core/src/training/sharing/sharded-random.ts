import type { RandomStream } from '@eim/contracts/model';
import { slice, tidy } from '@tensorflow/tfjs-core';
import type { RowShard } from './row-shard.js';

/**
 * A stream whose tensors of draws are those that the same rows get in the whole batch: what a row draws depends on its place in
 * the batch, not on how many processes share it. A tensor whose first size is no multiple of the shard's rows is drawn as it is.
 */
export function shardedRandom(stream: RandomStream, shard: RowShard): RandomStream {
  const own = shard.to - shard.from;
  return {
    ...stream,
    fork: (name) => shardedRandom(stream.fork(name), shard),
    uniformTensor(shape) {
      const [rows = 0, ...rest] = shape;
      if (rows === 0 || rows % own !== 0) return stream.uniformTensor(shape);
      const each = rows / own;
      const begin = [each * shard.from, ...rest.map(() => 0)];
      return tidy(() => slice(stream.uniformTensor([each * shard.of, ...rest]), begin, [...shape]));
    },
  };
}
