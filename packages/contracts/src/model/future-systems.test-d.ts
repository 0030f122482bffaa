/**
 * What is planned next, sketched against the contracts: tuned linear layers, objectives that look up rows or generate,
 * frozen lower blocks run once, weights of a few bits, and a server's batches. The sketches are compiled and never run.
 */
import type { Scalar } from '@tensorflow/tfjs-core';
import { gather, mean, mul, sub, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expectTypeOf, test } from 'vitest';
import type { Row } from '../index.js';
import type {
  Batch,
  BlockStart,
  ImageEncoder,
  Injection,
  KeyValueCache,
  LanguageModel,
  LinearTuning,
  ModelParts,
  ModelPluginManifest,
  Objective,
  ObjectivePluginContext,
  Parameter,
  Parametric,
  Preparation,
  RandomStream,
  ReadOnlyWeight,
  SemanticTransform,
  SemanticTransformContext,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor4D,
  WholeEncodedImages,
} from './index.js';

declare const scored: (logits: Tensor2D, targets: Tensor) => Tensor;
declare const cider: (captions: readonly string[], references: readonly Row[]) => number[];

/** LLaMA-Adapter V2: a bias and a scale for every linear layer of the LLM; its norms are the LLM's own, by `select`. */
class LlamaAdapterV2 implements SemanticTransform {
  readonly widths;
  readonly reads = ['tokens'] as const;
  readonly prefixLength = 0;
  private readonly tunings: ReadonlyMap<string, LinearTuning>;

  constructor({ llm }: SemanticTransformContext, learned: (name: string, size: number) => Tensor1D) {
    this.widths = { hiddenSize: llm.hiddenSize };
    this.tunings = new Map(
      llm.linears?.map(({ name, inputSize, outputSize }) => [
        name,
        { inputScale: learned(`${name}.scale`, inputSize), bias: learned(`${name}.bias`, outputSize) },
      ]),
    );
  }

  transform(): Injection {
    return { linearTunings: this.tunings };
  }

  parameters(): readonly Parameter[] {
    return [];
  }
  dispose(): void {}
}

/** Predicting the words of a row's answers: which these are is known before training, found again by the row's index. */
function wordPrediction({ rows = [], tokenizer }: ObjectivePluginContext): Objective {
  const words = tensor2d(rows.map(({ answers }) => tokenizer!.encode(answers.join(' ')))); // [rows, W]
  return {
    name: 'words',
    uses: { encoder: true, st: true, llm: false },
    loss: (parts, batch) => {
      const { pooled } = parts.encoder.encode(batch.pixels!);
      return scored(pooled, gather(words, batch.rowIndices)); // [R, W]
    },
  };
}

/** Distillation: a teacher's soft targets lie on disk, and those of a batch's rows are read before its step. */
function distillation(read: (rows: Iterable<number>) => Promise<Float32Array>, classes: number): Objective {
  const preparation: Preparation = {
    shapes: (_, { rowCount }) => ({ targets: { shape: [rowCount, classes] } }),
    prepare: async (_, { rowIndices, rowCount }) => {
      return { targets: tensor2d(await read(await rowIndices.data()), [rowCount, classes]) };
    },
  };
  return {
    name: 'distillation',
    uses: { encoder: true, st: false, llm: false },
    preparation,
    loss: ({ encoder }, { pixels, prepared }) => scored(encoder.encode(pixels!).pooled, prepared!.targets!),
  };
}

/**
 * Self-critical training on CIDEr (Rennie et al. 2017): texts are drawn and scored before the step, which makes those that
 * beat the greedy one more likely.
 */
function selfCritical({ rows = [], tokenizer }: ObjectivePluginContext, length: number): Objective {
  /** `length` ids a row, the rest pad; greedy without a stream to draw from. */
  const captions = async ({ llm }: ModelParts, { ids, rowCount }: Batch, random?: RandomStream) => {
    const said: number[][] = Array.from({ length: rowCount }, () => []);
    const stopTokens = [llm.specialTokens.end];
    const drawing = random ? { temperature: 1, random } : {};
    const request = { embeddings: llm.embed(ids), maxNewTokens: length, stopTokens, ...drawing };
    for await (const step of llm.generate(request))
      step.ids.forEach((own, row) => void said[row]!.push(...own));
    return said.map((row) => Array.from({ length }, (_, slot) => row[slot] ?? llm.specialTokens.pad));
  };
  return {
    name: 'self-critical',
    uses: { encoder: true, st: true, llm: true },
    preparation: {
      shapes: (_, { rowCount }) => ({
        ids: { shape: [rowCount, length], dtype: 'int32' },
        advantage: { shape: [rowCount] },
      }),
      prepare: async (parts, batch, { random }) => {
        const references = Array.from(await batch.rowIndices.data(), (index) => rows[index]!);
        const [drawn, greedy] = [await captions(parts, batch, random), await captions(parts, batch)];
        const scores = (texts: number[][]) => tensor1d(cider(texts.map(tokenizer!.decode), references));
        return { ids: tensor2d(drawn, undefined, 'int32'), advantage: sub(scores(drawn), scores(greedy)) };
      },
    },
    loss: ({ llm }, { prepared }) => {
      const { logits } = llm.forward(llm.embed(prepared!.ids as Tensor2D));
      return mean(mul(scored(logits, prepared!.ids!), prepared!.advantage!));
    },
  };
}

/** A frozen lower half runs once a picture; the upper half learns from what it left. */
function fromMiddle(encoder: ImageEncoder, block: number) {
  const below = (pixels: Tensor4D): BlockStart => {
    return { block, hidden: encoder.encode(pixels, { hiddenLayers: [block] }).hidden!.get(block)! };
  };
  const above = (start: BlockStart) => encoder.encodeFrom!(start, { training: true });
  return { below, above };
}

/** A head of four bits beside parameters that learn. */
class QuantisedHead implements Parametric {
  constructor(
    private readonly blocks: Uint8Array,
    private readonly values: () => Float32Array,
  ) {}
  parameters(): readonly Parameter[] {
    return [];
  }
  readOnlyWeights(): readonly ReadOnlyWeight[] {
    const described = { name: 'head.weight', shape: [4096, 32_000], role: 'weight', depth: 33 } as const;
    const { byteLength: byteCount } = this.blocks;
    return [{ ...described, format: 'q4_0', byteCount, read: async () => this.values() }];
  }
  dispose(): void {}
}

/** A server's batch: requests join where they come, and leave where they end; equal beginnings are read once. */
class RunningBatch {
  private cache: KeyValueCache | undefined;
  constructor(
    private readonly llm: LanguageModel,
    private readonly shared: KeyValueCache,
  ) {}

  /** @param sharedLength tokens that the request has in common with the shared beginning */
  join(rest: Tensor2D, sharedLength: number): void {
    const start = this.shared.gather([0]).cut(sharedLength);
    const { cache } = this.llm.forward(this.llm.embed(rest), { cache: start, useCache: true });
    this.cache = this.cache ? this.cache.join(cache!) : cache;
  }

  leave(stay: readonly number[]): void {
    this.cache = this.cache!.gather(stay);
  }

  step(ids: Tensor2D): Tensor2D {
    const { logits, cache } = this.llm.forward(this.llm.embed(ids), { cache: this.cache!, useCache: true });
    this.cache = cache;
    return logits;
  }
}

describe('what is planned fits the contracts', () => {
  test('biases and scales inside an LLM', () => {
    expectTypeOf<LlamaAdapterV2>().toExtend<SemanticTransform>();
    expectTypeOf<{ bias: Tensor2D }>().not.toExtend<LinearTuning>();
  });

  test('objectives that know their rows, and what was prepared for them', () => {
    expectTypeOf(wordPrediction).returns.toEqualTypeOf<Objective>();
    expectTypeOf(distillation).returns.toEqualTypeOf<Objective>();
    expectTypeOf(selfCritical).returns.toEqualTypeOf<Objective>();
    expectTypeOf<{ prepare: Preparation['prepare'] }>().not.toExtend<Preparation>();
    expectTypeOf<Objective['loss']>().returns.not.toEqualTypeOf<Promise<Scalar>>();
  });

  test('going on from a block', () => {
    expectTypeOf(fromMiddle).returns.toHaveProperty('above').returns.toEqualTypeOf<WholeEncodedImages>();
    type Options = NonNullable<Parameters<NonNullable<LanguageModel['forwardFrom']>>[1]>;
    expectTypeOf<Options>().not.toHaveProperty('cache');
  });

  test('weights that are no variables', () => {
    expectTypeOf<QuantisedHead>().toExtend<Parametric>();
    expectTypeOf<ReadOnlyWeight>().not.toExtend<Parameter>();
  });

  test('rows of a cache that join, leave, are cut and shared', () => {
    expectTypeOf<RunningBatch['step']>().returns.toEqualTypeOf<Tensor2D>();
    expectTypeOf<KeyValueCache['lengths']>().toEqualTypeOf<readonly number[]>();
  });

  test('data sets, loggers and text encoders stand in a manifest', () => {
    type Kinds = 'datasets' | 'loggers' | 'textEncoders';
    expectTypeOf<Kinds>().toExtend<keyof ModelPluginManifest>();
  });
});
