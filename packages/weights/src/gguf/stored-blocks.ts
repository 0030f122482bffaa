import type { PublishedBlocks } from '@eim/contracts';
import { type RandomAccessSource, readInto } from '../random-access-source.js';
import { blockFormat } from './block-formats.js';

/** A tensor whose bytes begin at `offset`, in the blocks of its encoding; undefined where it is to be widened. */
export function storedBlocks(
  source: RandomAccessSource,
  encoding: string,
  offset: number,
): PublishedBlocks | undefined {
  const format = blockFormat(encoding);
  return (
    format && { format, readInto: async (at, target) => void (await readInto(source, offset + at, target)) }
  );
}
