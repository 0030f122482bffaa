import type { Injection, Tensor2D } from '@eim/contracts/model';
import {
  type DecoderBlock,
  type DecoderShape,
  decodeBlocks,
  decodesBlocks,
  GELU_CUBIC,
  GELU_SLOPE,
} from '@eim/engine';
import type { ActivationName } from './activation.js';
import type { BlockContext } from './block-context.js';
import { SlotStorage } from './slot-storage.js';
import type { TransformerBlock } from './transformer-block.js';
import { TransformerCache } from './transformer-cache.js';

/** What a stack knows of its blocks beside their weights. */
export interface DecodableStack {
  readonly headCount: number;
  readonly keyValueHeadCount?: number | undefined;
  readonly activation: ActivationName;
  readonly normEpsilon: number;
}

/** Activations of the form `x sigmoid(slope (x + cubic x^3))`. */
const GATES: Partial<Readonly<Record<ActivationName, Pick<DecoderShape, 'slope' | 'cubic'>>>> = {
  silu: { slope: 1, cubic: 0 },
  'quick-gelu': { slope: 1.702, cubic: 0 },
  gelu: { slope: GELU_SLOPE, cubic: GELU_CUBIC },
};

/**
 * One new position of each row through all blocks in one call of the engine, the cache growing in place: the same as block after block,
 * where nothing acts in between and nothing is differentiated.
 * @param x `[B, size]`
 * @returns undefined where the call, the weights or the engine ask for block after block
 */
export function decodeStep(
  x: Tensor2D,
  blocks: readonly TransformerBlock[],
  stack: DecodableStack,
  context: BlockContext,
): { readonly hidden: Tensor2D; readonly cache: TransformerCache } | undefined {
  const { cache, rotary, bias, length, useCache, training } = context;
  const gate = GATES[stack.activation];
  if (!(cache && rotary && gate && useCache && length === 1 && !training)) return undefined;
  if (actsInBlocks(context.injection) || Object.keys(cache.routing).length > 0) return undefined;
  const weights = blocks.map((block) => block.decoderBlock());
  if (!weights.every((block): block is DecoderBlock => block !== undefined)) return undefined;
  if (!decodesBlocks(weights, rotary.cosine.shape[1])) return undefined;
  const slots = cache.length;
  const storage = storageOf(cache);
  const hidden = decodeBlocks({
    x,
    blocks: weights,
    shape: {
      headCount: stack.headCount,
      keyValueHeadCount: stack.keyValueHeadCount ?? stack.headCount,
      epsilon: stack.normEpsilon,
      ...gate,
    },
    cache: storage.blocks,
    slots,
    firsts: cache.lengths.map((held) => slots - held),
    bias,
    cosine: rotary.cosine,
    sine: rotary.sine,
  }); // [B, size]
  const lengths = cache.lengths.map((held) => held + 1);
  return { hidden, cache: new TransformerCache(storage.blocks, {}, lengths, { storage, slots: slots + 1 }) };
}

/** The cache's own memory with one slot more, or a copy with room for it. */
function storageOf(cache: TransformerCache): SlotStorage {
  const { shared, length, blockCount } = cache;
  if (shared?.storage.extend(length)) return shared.storage;
  return SlotStorage.withRoom(
    Array.from({ length: blockCount }, (_, index) => cache.keyValues(index)),
    length,
  );
}

/** Whether an injection changes what happens inside blocks; hidden prefix slots are in the bias. */
const actsInBlocks = ({ layerPrompts, blockAdapters, linearTunings }: Injection = {}): boolean =>
  (layerPrompts?.length ?? 0) > 0 || (blockAdapters?.size ?? 0) > 0 || (linearTunings?.size ?? 0) > 0;
