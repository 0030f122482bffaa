import { EimError } from '@eim/contracts';
import type {
  EncodedImages,
  Injection,
  LanguageModelShape,
  Parameter,
  SemanticTransform,
  SemanticTransformContext,
  SemanticTransformWidths,
  Tensor3D,
  TransformContext,
  TunableLinear,
} from '@eim/contracts/model';
import { type ParameterScope, tidied } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { featureOfWidth } from '../feature-of-width.js';
import { GatedPrompts } from './gated-prompts.js';
import { LinearAdditions } from './linear-additions.js';
import type { LlamaAdapterV2Options } from './llama-adapter-v2-options.js';
import { VisualQuery } from './visual-query.js';

/**
 * LLaMA-Adapter V2 (Gao et al. 2023), its multi-modal form: V1's prompts behind gates, to which queries are added that have read
 * the picture's tokens, and biases of the LLM's linear layers, which learn from instructions together with the LLM's own
 * norms (`llm: {select: norms}` in a plan). As published it reads CLIP's tokens behind the last norm and the projection
 * (`projectedTokens` of the encoder); tokens of any encoder will do.
 */
export class LlamaAdapterV2 implements SemanticTransform {
  readonly widths: SemanticTransformWidths;
  readonly reads = ['tokens'] as const;
  readonly prefixLength = 0;
  /** The shapes that it was made between. */
  readonly neighbours: Pick<SemanticTransformContext, 'encoder' | 'llm'>;
  readonly blankPictures: boolean;
  private readonly tokenSize: number;
  private readonly visual: VisualQuery;
  private readonly prompts: GatedPrompts;
  private readonly additions: LinearAdditions;

  /**
   * @param scope where the parameters are created; they may get their values later
   * @param llmValues norms of the LLM in the same published weights
   * @throws EimError `width-mismatch` where the LLM has too few blocks, or linear layers that take nothing
   */
  constructor(
    readonly options: LlamaAdapterV2Options,
    { encoder, llm }: Pick<SemanticTransformContext, 'encoder' | 'llm'>,
    private readonly scope: ParameterScope,
    readonly llmValues: ReadonlyMap<string, Float32Array> = new Map(),
  ) {
    const { promptLength, layerCount, biases, loraRank, compat } = options;
    const { tokenSize } = encoder;
    const { hiddenSize, blockCount } = llm;
    this.neighbours = { encoder, llm };
    this.tokenSize = tokenSize;
    this.widths = { tokenSize, hiddenSize };
    this.blankPictures = compat.blankPictures;
    const linears = biases || loraRank ? linearsOf(llm) : [];
    this.visual = new VisualQuery(scope.child('visual'), options, { tokenSize, hiddenSize });
    this.prompts = new GatedPrompts(
      scope,
      { name: 'llama-adapter-v2', promptLength, layerCount, everyGate: true, untuned: true },
      llm,
    );
    this.additions = new LinearAdditions(scope, options, linears, blockCount);
  }

  transform(features: EncodedImages, context: TransformContext): Injection {
    const tokens = featureOfWidth('llama-adapter-v2', features, 'tokens', this.tokenSize); // [B, N, tokenSize]
    const linearTunings = this.additions.tunings();
    return tidied(() => {
      const queries = this.visual.apply(tokens); // [B, K, D]
      const added = this.blankPictures ? queries : shownAlone(queries, context); // [B, K, D]
      const layerPrompts = this.prompts.layerPrompts(added, this.additions.promptScales());
      return { layerPrompts, ...(linearTunings && { linearTunings }) };
    });
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }
}

/** Zeros in place of the queries of rows without a picture. */
const shownAlone = (queries: Tensor3D, { batch, modality }: TransformContext): Tensor3D =>
  tf.mul(queries, tf.reshape(tf.cast(modality, 'float32'), [batch, 1, 1])); // [B, K, D]

function linearsOf({ linears }: LanguageModelShape): readonly TunableLinear[] {
  if (linears) return linears;
  throw new EimError({
    code: 'width-mismatch',
    message: "The ST 'llama-adapter-v2' adds to the LLM's linear layers, but this LLM offers none of them.",
    advice: 'Set biases to false and leave loraRank out, or use an LLM that lists its `linears`.',
    data: {},
  });
}
