import type {
  BlockAdapter,
  EncodedImages,
  HiddenShape,
  Injection,
  InsertionPoint,
  Parameter,
  SemanticTransform,
  SemanticTransformContext,
  SemanticTransformWidths,
  Tensor2D,
  Tensor3D,
  TransformContext,
} from '@eim/contracts/model';
import { embedding, softmax } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { type CreateParameterOptions, createParameter } from './create-parameter.js';

/** Words before the visual slot, where a tokenizer knows them. */
const WORDS = 'a';
const PATHS = 2;

/**
 * All that LaVIN's ST does, in the smallest form (Luo et al. 2023, sections 3.2 and 3.3): adapters in both neighbours that
 * mix two paths as the first position of a row says, and a prefix of a modality slot, which only the routers see, words of
 * the tokenizer, and a visual slot; rows of text have the modality slot alone. What enters the encoder is at depth 0, the
 * rest at depth 1, so that the last block can learn behind an encoder whose outputs are cached.
 */
export class TinyRouterTransform implements SemanticTransform {
  readonly widths: SemanticTransformWidths;
  readonly reads = ['pooled'] as const;
  readonly prefixLength: number;
  readonly #words: readonly number[];
  readonly #encoderPaths: TinyRouter[];
  readonly #llmPaths: TinyRouter[];
  readonly #modality: Parameter;
  readonly #visual: Parameter;

  constructor({ random, encoder, llm, tokenizer }: SemanticTransformContext) {
    const { pooledSize } = encoder;
    const { hiddenSize } = llm;
    this.widths = { pooledSize, hiddenSize };
    this.#words = tokenizer?.encode(WORDS) ?? [];
    this.prefixLength = 2 + this.#words.length;
    const at = { depth: 1, random };
    this.#modality = createParameter('modality.weight', [2, hiddenSize], { role: 'embedding', ...at });
    this.#visual = createParameter('visual.weight', [pooledSize, hiddenSize], { role: 'weight', ...at });
    const routers = (side: string, points: readonly InsertionPoint[], depth: number) =>
      points.map((point, index) => new TinyRouter(`${side}.${index}`, point, { depth, random }));
    this.#encoderPaths = routers('encoder', encoder.insertionPoints, 0);
    this.#llmPaths = routers('llm', llm.insertionPoints, 1);
  }

  encoderInjection(): Injection {
    return { blockAdapters: new Map(this.#encoderPaths.map((router) => [router.point.name, router])) };
  }

  encoderParameters(): readonly Parameter[] {
    return this.#encoderPaths.flatMap((router) => router.parameters);
  }

  transform({ pooled }: EncodedImages, { batch, modality, embed }: TransformContext): Injection {
    const { hiddenSize } = this.widths;
    const slot = (rows: tf.Tensor): Tensor3D => tf.reshape(rows, [batch, 1, hiddenSize]);
    const kinds = slot(embedding(this.#modality.variable as unknown as Tensor2D, modality)); // [B, 1, H]
    const visual = slot(tf.matMul(pooled!, this.#visual.variable as unknown as Tensor2D)); // [B, 1, H]
    const words = this.#words.length;
    const ids = Array.from({ length: batch }, () => [...this.#words]);
    const said = words > 0 ? [embed(tf.tensor2d(ids, [batch, words], 'int32'))] : []; // [B, W, H]
    const shown = tf.reshape(tf.cast(modality, 'float32'), [batch, 1]); // [B, 1]
    return {
      prefix: {
        embeddings: tf.concat([kinds, ...said, visual], 1), // [B, 1+W+1, H]
        mask: tf.concat([tf.ones([batch, 1]), tf.tile(shown, [1, words + 1])], 1) as Tensor2D, // [B, 1+W+1]
        visibleToLater: tf.tensor1d([0, ...new Array<number>(words + 1).fill(1)]), // [1+W+1]
      },
      blockAdapters: new Map(this.#llmPaths.map((router) => [router.point.name, router])),
    };
  }

  parameters(): readonly Parameter[] {
    const routers = [...this.#encoderPaths, ...this.#llmPaths];
    return [this.#modality, this.#visual, ...routers.flatMap((router) => router.parameters)];
  }

  dispose(): void {
    for (const { variable } of this.parameters()) variable.dispose();
  }
}

/** One adapter: a router over the row's first position, and a square map for each path. */
class TinyRouter implements BlockAdapter {
  readonly parameters: readonly Parameter[];

  constructor(
    name: string,
    readonly point: InsertionPoint,
    place: Pick<CreateParameterOptions, 'depth' | 'random'>,
  ) {
    const at = { role: 'adapter', ...place } as const;
    const { width } = point;
    this.parameters = [
      createParameter(`${name}.router.weight`, [width, PATHS], at),
      ...Array.from({ length: PATHS }, (_, path) =>
        createParameter(`${name}.path.${path}.weight`, [width, width], { ...at, deviation: 0.1 }),
      ),
    ];
  }

  route(hidden: Tensor2D, { batch, length }: HiddenShape): Tensor2D {
    const rows = tf.reshape(hidden, [batch, length * this.point.width]) as Tensor2D; // [B, T*D]
    const first = tf.slice(rows, [0, 0], [batch, this.point.width]); // [B, D]
    return softmax(tf.matMul(first, this.#weight(0))) as Tensor2D; // [B, 2]
  }

  apply(hidden: Tensor2D, { batch, length }: HiddenShape, routes?: Tensor2D): Tensor2D {
    const { width } = this.point;
    const paths = Array.from({ length: PATHS }, (_, path) => {
      const mapped = tf.reshape(tf.matMul(hidden, this.#weight(path + 1)), [batch, length * width]); // [B, T*D]
      return tf.mul(mapped, tf.slice(routes!, [0, path], [batch, 1])); // [B, T*D]
    });
    return tf.add(hidden, tf.reshape(tf.addN(paths), [batch * length, width])) as Tensor2D; // [B*T, D]
  }

  #weight(index: number): Tensor2D {
    return this.parameters[index]!.variable as unknown as Tensor2D;
  }
}
