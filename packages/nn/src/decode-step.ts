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
import { RowCache } from './row-cache.js';
import type { TransformerBlock } from './transformer-block.js';
import type { TransformerCache } from './transformer-cache.js';

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
  if (!decodesBlocks(weights, width)) return undefined;
  const slots = cache?.length ?? 0;
  if (slots + length > MOST_SLOTS) return undefined;
  const keyValueHeadCount = stack.keyValueHeadCount ?? stack.headCount;
  const size = { blocks: blocks.length, width: keyValueHeadCount * width };
  const grown = cache ? withMore(cache, length) : RowCache.empty(size, batch, length);
  const hidden = decodeBlocks({
    x,
    blocks: weights,
    positions: length,
    shape: { headCount: stack.headCount, keyValueHeadCount, epsilon: stack.normEpsilon, ...gate },
    caches: grown.slots,
    slots,
    firsts: grown.lengths.map((held) => slots + length - held),
    bias,
    cosine: rotary.cosine,
    sine: rotary.sine,
  }); // [B*T, size]
  return { hidden, cache: grown };
}

const withMore = (cache: TransformerCache, more: number): RowCache =>
  cache instanceof RowCache ? cache.extended(more) : RowCache.copyOf(cache, more);

/** Whether an injection changes what happens inside blocks; hidden prefix slots are in the bias. */
const actsInBlocks = ({ layerPrompts, blockAdapters, linearTunings }: Injection = {}): boolean =>
  (layerPrompts?.length ?? 0) > 0 || (blockAdapters?.size ?? 0) > 0 || (linearTunings?.size ?? 0) > 0;
