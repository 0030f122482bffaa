import type { ParameterRole, Tensor, Tensor2D } from '@eim/contracts/model';
import { embedding, linear, matMul, type QuantisedMatrix } from '@eim/engine';
import type { MatrixParameter } from './awaited-parameter.js';
import type { Initialiser } from './initialisers.js';
import type { ParameterScope } from './parameter-scope.js';

export interface EmbeddingOptions {
  readonly count: number;
  readonly size: number;
  readonly initialise: Initialiser;
  /** @default 'embedding' */
  readonly role?: ParameterRole;
}

/** One learned row per id: parameter `weight` `[count, size]`. */
export class Embedding {
  readonly weight: MatrixParameter;

  constructor(scope: ParameterScope, { count, size, initialise, role = 'embedding' }: EmbeddingOptions) {
    this.weight = scope.create('weight', [count, size], { role, initialise, inBlocks: 'parameter' });
  }

  /** @throws EimError `invalid-argument` where it is held in blocks */
  get table(): Tensor2D {
    return this.weight.variable as Tensor2D;
  }

  private get rows(): Tensor2D | QuantisedMatrix {
    return this.weight.blocks ?? this.table;
  }

  /** @param ids int32 `[...]` @returns `[..., size]` */
  apply(ids: Tensor): Tensor {
    return embedding(this.rows, ids);
  }

  /** Each vector times every row of the table: a language model's logits. @param x `[N, size]` @returns `[N, count]` */
  scores(x: Tensor2D): Tensor2D {
    const { blocks } = this.weight;
    return blocks ? linear(x, blocks) : (matMul(x, this.table, { transposeB: true }) as Tensor2D);
  }
}
