import type { Parameter, ParameterRole, Tensor, Tensor2D } from '@eim/contracts/model';
import { embedding } from '@eim/engine';
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
  readonly weight: Parameter;

  constructor(scope: ParameterScope, { count, size, initialise, role = 'embedding' }: EmbeddingOptions) {
    this.weight = scope.create('weight', [count, size], { role, initialise });
  }

  get table(): Tensor2D {
    return this.weight.variable as Tensor2D;
  }

  /** @param ids int32 `[...]` @returns `[..., size]` */
  apply(ids: Tensor): Tensor {
    return embedding(this.table, ids);
  }
}
