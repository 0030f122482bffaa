import type { Tensor2D } from '@eim/contracts/model';
import { recomputed } from '@eim/engine';
import { BlockCache } from './block-cache.js';
import type { BlockContext } from './block-context.js';
import type { BlockKeyValues } from './block-key-values.js';
import { type DecodableStack, decodeStep } from './decode-step.js';
import type { ParameterScope } from './parameter-scope.js';
import { TransformerBlock, type TransformerBlockOptions } from './transformer-block.js';
import type { TransformerCache } from './transformer-cache.js';

export interface TransformerStackOptions extends TransformerBlockOptions {
  readonly blockCount: number;
}

export interface StackResult {
  /** `[B*T, size]` */
  readonly hidden: Tensor2D;
  /** Shares no tensor with the cache of the context. Empty where blocks are recomputed. */
  readonly cache: TransformerCache;
  /** `[B*T, size]` by block number (1-based), where asked for. */
  readonly afterBlock: Readonly<Record<number, Tensor2D>>;
}

/** The blocks `blocks.0`, `blocks.1`, ... one after another, at depths 1, 2, ... */
export class TransformerStack {
  private readonly blocks: readonly TransformerBlock[];
  private readonly options: DecodableStack;

  constructor(scope: ParameterScope, { blockCount, ...options }: TransformerStackOptions) {
    this.options = options;
    const blocks = scope.child('blocks');
    this.blocks = Array.from(
      { length: blockCount },
      (_, index) => new TransformerBlock(blocks.child(String(index), 1 + index), index, options),
    );
  }

  /**
   * @param x `[B*T, size]`
   * @param wanted blocks (1-based) whose outputs are returned in `afterBlock`
   * @param start blocks that `x` has passed already; the cache then holds the others alone
   */
  apply(x: Tensor2D, context: BlockContext, wanted: readonly number[] = [], start = 0): StackResult {
    if (start === 0 && wanted.length === 0) {
      const decoded = decodeStep(x, this.blocks, this.options, context);
      if (decoded) return { ...decoded, afterBlock: {} };
    }
    const keyValues: BlockKeyValues[] = [];
    const routing: Record<string, Tensor2D> = {};
    const afterBlock: Record<number, Tensor2D> = {};
    let hidden = x; // [B*T, size]
    this.blocks.slice(start).forEach((block, index) => {
      if (context.recomputeBlocks) {
        hidden = recomputed((rows) => block.apply(rows, context).hidden, hidden); // [B*T, size]
      } else {
        const result = block.apply(hidden, context);
        hidden = result.hidden; // [B*T, size]
        keyValues.push(result.keyValues);
        Object.assign(routing, result.routing);
      }
      const number = start + index + 1;
      if (wanted.includes(number)) afterBlock[number] = hidden;
    });
    const { batch, length, cache } = context;
    const lengths = Array.from({ length: batch }, (_, row) => (cache?.lengths[row] ?? 0) + length);
    return { hidden, cache: new BlockCache(keyValues, routing, lengths), afterBlock };
  }
}
