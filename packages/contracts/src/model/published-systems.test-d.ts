/**
 * Three published systems sketched against the contracts: what each puts where must have a place in the
 * types. The sketches are compiled and never run.
 */
import type { Scalar } from '@tensorflow/tfjs-core';
import {
  add,
  cast,
  concat,
  gather,
  mul,
  ones,
  reshape,
  slice,
  softmax,
  stack,
  tanh,
  tensor1d,
  tile,
} from '@tensorflow/tfjs-core';
import { describe, expectTypeOf, test } from 'vitest';
import type {
  BlockAdapter,
  EncodedImages,
  HiddenShape,
  ImageEncoder,
  Injection,
  LanguageModel,
  LayerPrompt,
  Parameter,
  SemanticTransform,
  SemanticTransformContext,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TransformContext,
} from './index.js';

/** A learned map of rows, whatever is inside. */
declare const learned: (x: Tensor2D) => Tensor2D;
declare const learnedRows: (count: number, width: number) => Tensor2D;
declare const ids: (tokens: readonly number[], batch: number) => Tensor2D;

abstract class Sketch {
  abstract readonly prefixLength: number;
  readonly widths;
  constructor(protected readonly context: SemanticTransformContext) {
    this.widths = { hiddenSize: context.llm.hiddenSize };
  }
  parameters(): readonly Parameter[] {
    return [];
  }
  dispose(): void {}
}

/** ClipCap, section 3: the pooled vector becomes k prefix embeddings, read by the LLM like words. */
class ClipCap extends Sketch implements SemanticTransform {
  readonly reads = ['pooled'] as const;
  readonly prefixLength = 10;
  transform({ pooled }: EncodedImages, { batch }: TransformContext): Injection {
    const prefix = learned(pooled!); // [B, k * D]
    return { prefix: { embeddings: reshape(prefix, [batch, this.prefixLength, this.widths.hiddenSize]) } };
  }
}

/**
 * LLaMA-Adapter V1: ten prompts in each of the last 30 layers, a visual vector from several encoder layers
 * added to all of them, their attention scaled by tanh of a gate a head that begins at 0.
 */
class LlamaAdapter extends Sketch implements SemanticTransform {
  readonly reads = [] as const;
  readonly prefixLength = 0;
  readonly hiddenLayers = [2, 4, 6, 8, 10, 12];

  transform({ hidden }: EncodedImages, { batch }: TransformContext): Injection {
    const { llm } = this.context;
    const visual = hidden && this.visual(hidden, batch); // [B, 1, D]
    const layerPrompts = Array.from({ length: 30 }, (_, index): LayerPrompt => {
      const query: Tensor3D = reshape(learnedRows(10, llm.hiddenSize), [1, 10, llm.hiddenSize]);
      const gate = reshape(learnedRows(1, llm.headCount), [llm.headCount]) as Tensor1D;
      return {
        layer: llm.blockCount - 30 + index,
        prompts: visual === undefined ? query : add(query, visual), // [1 or B, 10, D]
        gate: tanh(gate),
      };
    });
    return { layerPrompts };
  }

  private visual(hidden: ReadonlyMap<number, Tensor3D>, batch: number): Tensor3D {
    const global = this.hiddenLayers.map((layer) => classToken(hidden.get(layer)!)); // [B, width] each
    return reshape(learned(concat(global, 1)), [batch, 1, this.context.llm.hiddenSize]);
  }
}

const classToken = (tokens: Tensor3D): Tensor2D => {
  const [batch, , width] = tokens.shape;
  return reshape(slice(tokens, [0, 0, 0], [batch, 1, width]), [batch, width]);
};

/** LaVIN's router adapter: two low-rank paths mixed by weights that the row's first token decides. */
class RouterAdapter implements BlockAdapter {
  constructor(private readonly temperature: number) {}

  route(hidden: Tensor2D, { batch, length }: HiddenShape): Tensor2D {
    const first = classToken(reshape(hidden, [batch, length, hidden.shape[1]])); // [B, D]
    return softmax(mul(learned(first), 1 / this.temperature)) as Tensor2D; // [B, 2]
  }

  apply(hidden: Tensor2D, { batch, length }: HiddenShape, routes: Tensor2D): Tensor2D {
    const width = hidden.shape[1];
    const down = learned(hidden); // [B*T, 8]
    const path = (index: number): Tensor3D =>
      mul(
        reshape(learned(down), [batch, length, width]),
        reshape(slice(routes, [0, index], [batch, 1]), [batch, 1, 1]),
      );
    const adapted = add(path(0), path(1)); // [B, T, D]
    return add(hidden, reshape(adapted, [batch * length, width]));
  }
}

/**
 * LaVIN: router adapters in every block of both neighbours; `[modality]["Image: "][6 visual]` before the
 * prompt, the modality token hidden from all later ones.
 */
class Lavin extends Sketch implements SemanticTransform {
  readonly reads = [] as const;
  readonly prefixLength = 1 + 2 + 6;
  readonly hiddenLayers = [4, 8, 12, 16, 20, 24];

  encoderInjection(): Injection {
    return { blockAdapters: this.routers(this.context.encoder.insertionPoints, 10) };
  }

  transform({ hidden }: EncodedImages, { batch, modality, embed, tokenizer }: TransformContext): Injection {
    const { llm } = this.context;
    const width = llm.hiddenSize;
    const words = embed(ids(tokenizer!.encode('Image: '), batch)); // [B, 2, D]
    const kinds: Tensor3D = reshape(gather(learnedRows(2, width), modality), [batch, 1, width]);
    const classTokens = this.hiddenLayers.map((layer) => classToken(hidden!.get(layer)!));
    const rows: Tensor2D = reshape(stack(classTokens, 1), [batch * 6, -1]);
    const visual: Tensor3D = reshape(learned(rows), [batch, 6, width]);
    const shown: Tensor2D = reshape(cast(modality, 'float32'), [batch, 1]);
    return {
      prefix: {
        embeddings: concat([kinds, words, visual], 1), // [B, 9, D]
        mask: concat<Tensor2D>([ones([batch, 3]), tile(shown, [1, 6])], 1), // [B, 9]
        visibleToLater: reshape(learnedRows(9, 1), [9]), // 0 for the modality token
      },
      blockAdapters: this.routers(llm.insertionPoints, 10),
    };
  }

  private routers(
    points: SemanticTransformContext['encoder']['insertionPoints'],
    temperature: number,
  ): ReadonlyMap<string, BlockAdapter> {
    const before = points.filter(({ position }) => position === 'attention.input');
    return new Map(before.map(({ name }) => [name, new RouterAdapter(temperature)]));
  }
}

/** The same few lines join any encoder, ST and LLM. */
function captionScores(parts: { encoder: ImageEncoder; st: SemanticTransform; llm: LanguageModel }) {
  return (pixels: Tensor4D, text: Tensor2D): Tensor2D => {
    const context: TransformContext = {
      batch: 2,
      modality: tensor1d([1, 0], 'int32'),
      embed: (rows) => parts.llm.embed(rows),
    };
    const injection = parts.st.encoderInjection?.(context);
    const { hiddenLayers } = parts.st;
    const features = parts.encoder.encode(pixels, {
      ...(injection && { injection }),
      ...(hiddenLayers && { hiddenLayers }),
    });
    const entering = parts.st.transform(features, context);
    const words = parts.llm.embed(text);
    const embeddings = entering.prefix ? concat([entering.prefix.embeddings, words], 1) : words;
    return parts.llm.forward(embeddings, { injection: entering }).logits;
  };
}

describe('published systems fit the contracts', () => {
  test('each is a SemanticTransform', () => {
    expectTypeOf<ClipCap>().toExtend<SemanticTransform>();
    expectTypeOf<LlamaAdapter>().toExtend<SemanticTransform>();
    expectTypeOf<Lavin>().toExtend<SemanticTransform>();
    expectTypeOf(captionScores).returns.returns.toEqualTypeOf<Tensor2D>();
  });

  test('an adapter need not route', () => {
    expectTypeOf<{ apply(hidden: Tensor2D): Tensor2D }>().toExtend<BlockAdapter>();
    expectTypeOf<RouterAdapter['route']>().returns.toEqualTypeOf<Tensor2D>();
  });

  test('what has no place is refused', () => {
    expectTypeOf<{ layer: number; prompts: Tensor3D; gate: Scalar }>().not.toExtend<LayerPrompt>();
    expectTypeOf<{ prefix: Tensor3D }>().not.toExtend<Injection>();
    expectTypeOf<{ transform(): Injection }>().not.toExtend<SemanticTransform>();
  });
});
