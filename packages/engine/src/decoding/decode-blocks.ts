import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hasOwnKernel, runOwnKernel } from '../ops/own-kernel.js';
import { inside } from '../recomputation/engine-tape.js';
import { activeTrace } from '../recording/active-trace.js';
import type { DecodeBlocksCall } from './decode-blocks-call.js';
import type { DecoderBlock, DecoderMatrix } from './decoder-block.js';
import { MOST_PARTS } from './decoder-words.js';

/**
 * Whether new positions go through blocks in one call on the engine that runs: `wasm`, and `node` as it is built now. Not where
 * gradients are taken or a step is recorded: it changes the cache in place.
 */
export function decodesBlocks(blocks: readonly DecoderBlock[], headSize: number): boolean {
  if (!hasOwnKernel('EimDecodeRows') || inside().isTapeOn() || activeTrace()) return false;
  const size = blocks[0]?.attentionGain.size ?? 0;
  return headSize % 4 === 0 && size % 4 === 0 && blocks.every((block) => matricesOf(block).every(isReadable));
}

/**
 * Takes new positions of texts through all blocks of a LLaMA; equal to `rmsNorm`, `linear`, `rotary` and `attention` one after the
 * other, but for rounding. Ask {@link decodesBlocks} before.
 * @returns `[B*T, D]`
 */
export function decodeBlocks({ x, cosine, sine, bias, ...call }: DecodeBlocksCall): Tensor2D {
  return runOwnKernel<Tensor2D>('EimDecodeRows', { x, cosine, sine, bias }, { ...call });
}

const matricesOf = (block: DecoderBlock): DecoderMatrix[] => [
  block.queryKeyValue,
  block.attentionOutput,
  block.gate,
  block.input,
  block.output,
];

const isReadable = ({ weight: { parts } }: DecoderMatrix): boolean =>
  parts.length <= MOST_PARTS && parts.every(({ store }) => store.tensor !== undefined);
