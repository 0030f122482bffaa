import { type CocoCaptions, cocoPictures } from '@eim/benchmarks';
import { runSpice } from '@eim/benchmarks/node';
import type { CompleteContext } from '../context.js';

/** SPICE of the whole set; NaN for a picture to which its program gives no score. @param path SPICE's jar or folder */
export async function spiceOf(
  captions: CocoCaptions,
  path: string,
  { onNote, signal }: Pick<CompleteContext, 'onNote' | 'signal'>,
): Promise<number> {
  onNote('Running SPICE (minutes; it loads a parser first) ...');
  return (await runSpice(path, cocoPictures(captions), { signal })).corpus;
}
