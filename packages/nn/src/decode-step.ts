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

/** Scores of one position with so many fit into the scratch of every engine's threads. */
const MOST_SLOTS = 2 ** 17;

/** Activations of the form `x sigmoid(slope (x + cubic x^3))`. */
const GATES: Partial<Readonly<Record<ActivationName, Pick<DecoderShape, 'slope' | 'cubic'>>>> = {
  silu: { slope: 1, cubic: 0 },
  'quick-gelu': { slope: 1.702, cubic: 0 },
  gelu: { slope: GELU_SLOPE, cubic: GELU_CUBIC },
};

/**
 * New positions through all blocks in one call of the engine, the cache growing in place: the same as block after block, where nothing
 * acts in between and nothing is differentiated.
 * @param x `[B*T, size]`
 * @returns undefined where the call, the weights or the engine ask for block after block
 */
export function decodeStep(
  x: Tensor2D,
  blocks: readonly TransformerBlock[],
  stack: DecodableStack,
  context: BlockContext,
): { readonly hidden: Tensor2D; readonly cache: TransformerCache } | undefined {
  const { batch, cache, rotary, bias, length, useCache, training } = context;
  const gate = GATES[stack.activation];
  if (!(rotary && gate && useCache && !training)) return undefined;
  if (actsInBlocks(context.injection) || Object.keys(cache?.routing ?? {}).length > 0) return undefined;
  const weights = blocks.map((block) => block.decoderBlock());
  if (!weights.every((block): block is DecoderBlock => block !== undefined)) return undefined;
  const width = rotary.cosine.shape[1];
  if (!decodesBlocks(weights, width, length)) return undefined;
  const slots = cache?.length ?? 0;
  if (slots + length > MOST_SLOTS) return undefined;
  const keyValueHeadCount = stack.keyValueHeadCount ?? stack.headCount;
  const storage = cache
    ? storageOf(cache, length)
    : SlotStorage.empty({ blocks: blocks.length, batch, width: keyValueHeadCount * width }, length);
  const held = cache?.lengths ?? new Array<number>(batch).fill(0);
  const hidden = decodeBlocks({
    x,
    blocks: weights,
    positions: length,
    shape: { headCount: stack.headCount, keyValueHeadCount, epsilon: stack.normEpsilon, ...gate },
    cache: storage.blocks,
    slots,
    firsts: held.map((count) => slots - count),
    bias,
    cosine: rotary.cosine,
    sine: rotary.sine,
  }); // [B*T, size]
  const lengths = held.map((count) => count + length);
  return {
    hidden,
    cache: new TransformerCache(storage.blocks, {}, lengths, { storage, slots: slots + length }),
  };
}

/** The cache's own memory with some slots more, or a copy with room for them. */
function storageOf(cache: TransformerCache, more: number): SlotStorage {
  const { shared, length, blockCount } = cache;
  if (shared?.storage.extend(length, more)) return shared.storage;
  return SlotStorage.withRoom(
    Array.from({ length: blockCount }, (_, index) => cache.keyValues(index)),
    length,
    more,
  );
}

/** Whether an injection changes what happens inside blocks; hidden prefix slots are in the bias. */
const actsInBlocks = ({ layerPrompts, blockAdapters, linearTunings }: Injection = {}): boolean =>
  (layerPrompts?.length ?? 0) > 0 || (blockAdapters?.size ?? 0) > 0 || (linearTunings?.size ?? 0) > 0;
