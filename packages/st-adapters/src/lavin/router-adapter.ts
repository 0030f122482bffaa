import type {
  BlockAdapter,
  HiddenShape,
  InsertionPoint,
  Parameter,
  Tensor1D,
  Tensor2D,
  TransformContext,
} from '@eim/contracts/model';
import { matMul, softmax } from '@eim/engine';
import { dropped, Linear, type ParameterScope, torchLinear, xavierUniform, zeros } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { LavinOptions } from './lavin-options.js';

/** Paths that a router chooses between. */
const PATHS = 2;

/**
 * Whose activations decide how a position is routed:
 * - `row`: those of the first position of its row, the modality token (in the LLM);
 * - `position`: its own (in the encoder);
 * - `first-picture`: those of the same position in the first picture of the batch, as the published program has it.
 */
export type Routing = 'row' | 'position' | 'first-picture';

/**
 * LaVIN's adapter (Luo et al. 2023, section 3.2): `x + w0 * B(down x) + w1 * D(down x)`, where `down` leads to a few channels,
 * the paths B and D lead back in groups, and a router gives w. All maps act on each position by itself.
 */
export class RouterAdapter {
  private readonly width: number;
  private readonly down: Linear;
  private readonly router: Linear;
  private readonly paths: readonly { readonly weight: Parameter; readonly bias: Parameter }[];

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    scope: ParameterScope,
    { width }: Pick<InsertionPoint, 'width'>,
    private readonly options: LavinOptions,
  ) {
    const { adapterSize, groups } = options;
    this.width = width;
    this.down = new Linear(scope.child('down'), {
      inputSize: width,
      outputSize: adapterSize,
      initialise: xavierUniform,
    });
    this.paths = Array.from({ length: PATHS }, (_, path) => {
      const own = scope.child(`paths.${path}`);
      return {
        weight: own.create('weight', [adapterSize / groups, width], { role: 'weight', initialise: zeros }),
        bias: own.create('bias', [width], { role: 'bias', initialise: zeros }),
      };
    });
    this.router = new Linear(scope.child('router'), {
      inputSize: width,
      outputSize: PATHS,
      initialise: torchLinear(width),
      initialiseBias: torchLinear(width),
    });
  }

  /** The adapter as it acts in one pass. */
  acting(routing: Routing, context: Pick<TransformContext, 'training' | 'random'>): BlockAdapter {
    if (routing === 'row') {
      return {
        route: (hidden, { batch, length }) => {
          const rows: Tensor2D = tf.reshape(hidden, [batch, length * this.width]); // [B, T*D]
          return this.weights(tf.slice(rows, [0, 0], [batch, this.width])); // [B, 2]
        },
        apply: (hidden, shape, routes) => this.adapt(hidden, ofPositions(routes!, shape), context),
      };
    }
    return {
      apply: (hidden, shape) => {
        if (routing === 'position') return this.adapt(hidden, this.weights(hidden), context);
        const { batch, length } = shape;
        const first = this.weights(tf.slice(hidden, [0, 0], [length, this.width])); // [T, 2]
        return this.adapt(hidden, tf.tile(first, [batch, 1]), context);
      },
    };
  }

  /** @param x `[N, D]` @returns `[N, 2]` */
  private weights(x: Tensor2D): Tensor2D {
    return softmax(tf.mul<Tensor2D>(this.router.apply(x), 1 / this.options.temperature));
  }

  /**
   * Weights go in before the paths, where there are few channels, and bring the biases along: one product a group.
   * @param x `[N, D]`
   * @param weights `[N, 2]`
   */
  private adapt(
    x: Tensor2D,
    weights: Tensor2D,
    context: Pick<TransformContext, 'training' | 'random'>,
  ): Tensor2D {
    const { adapterSize, groups, scale, dropout } = this.options;
    const [channels, outputs] = [adapterSize / groups, this.width / groups];
    const small = dropped(this.down.apply(x), dropout, context); // [N, adapterSize]
    const scaled: Tensor2D = scale === 1 ? weights : tf.mul(weights, scale); // [N, 2]
    const chosen = tf.split(scaled, PATHS, 1); // [N, 1] each
    const added = Array.from({ length: groups }, (_, group) => {
      const own = tf.slice(small, [0, group * channels], [-1, channels]); // [N, c]
      const inputs = tf.concat<Tensor2D>(
        [...chosen.map((weight) => tf.mul<Tensor2D>(own, weight)), scaled],
        1,
      ); // [N, 2c+2]
      return matMul(inputs, this.groupWeights(group * outputs, outputs)) as Tensor2D; // [N, D/groups]
    });
    return tf.add(x, tf.concat(added, 1)); // [N, D]
  }

  /** Weights of both paths for some outputs, and their biases below. @returns `[2c+2, count]` */
  private groupWeights(first: number, count: number): Tensor2D {
    const weights = this.paths.map(({ weight }) =>
      tf.slice(weight.variable as Tensor2D, [0, first], [-1, count]),
    ); // [c, count] each
    const biases = this.paths.map(({ bias }) =>
      tf.reshape(tf.slice(bias.variable as Tensor1D, first, count), [1, count]),
    ) as Tensor2D[]; // [1, count] each
    return tf.concat([...weights, ...biases], 0);
  }
}

/** The weights of each row at all of its positions. @param routes `[B, 2]` @returns `[B*T, 2]` */
function ofPositions(routes: Tensor2D, { batch, length }: HiddenShape): Tensor2D {
  const every = tf.tile(tf.reshape(routes, [batch, 1, PATHS]), [1, length, 1]); // [B, T, 2]
  return tf.reshape(every, [batch * length, PATHS]);
}
