import type {
  EncodedImages,
  Injection,
  Parameter,
  SemanticTransform,
  SemanticTransformContext,
  SemanticTransformWidths,
  TransformContext,
} from '@eim/contracts/model';
import { type ParameterScope, tidied } from '@eim/nn';
import { GatedPrompts } from './gated-prompts.js';
import type { LlamaAdapterOptions } from './llama-adapter-options.js';
import { VisualToken } from './visual-token.js';

/**
 * LLaMA-Adapter V1 (Zhang et al. 2023): prompts in the LLM's last blocks, read by each block's own keys and values behind a gate
 * that begins at 0, so that the LLM begins as it was. What a picture shows is one vector, added to all prompts; without
 * `visual` the ST is for text alone.
 */
export class LlamaAdapter implements SemanticTransform {
  readonly widths: SemanticTransformWidths;
  readonly reads = [] as const;
  readonly hiddenLayers?: readonly number[];
  readonly prefixLength = 0;
  /** The shapes that it was made between. */
  readonly neighbours: Pick<SemanticTransformContext, 'encoder' | 'llm'>;
  private readonly prompts: GatedPrompts;
  private readonly visual: VisualToken | undefined;

  /**
   * @param scope where the parameters are created; they may get their values later
   * @throws EimError `width-mismatch` where a neighbour has too few blocks, or no class token
   */
  constructor(
    readonly options: LlamaAdapterOptions,
    { encoder, llm }: Pick<SemanticTransformContext, 'encoder' | 'llm'>,
    private readonly scope: ParameterScope,
  ) {
    const { promptLength, layerCount, visual, compat } = options;
    const name = 'llama-adapter';
    this.neighbours = { encoder, llm };
    this.widths = { hiddenSize: llm.hiddenSize };
    if (visual) {
      this.hiddenLayers = [...new Set(visual.blocks)];
      this.visual = new VisualToken(scope.child('visual'), name, visual, encoder, llm.hiddenSize);
    }
    this.prompts = new GatedPrompts(scope, { name, promptLength, layerCount, ...compat }, llm);
  }

  transform(features: EncodedImages, context: TransformContext): Injection {
    return tidied(() => ({ layerPrompts: this.prompts.layerPrompts(this.visual?.apply(features, context)) }));
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }
}
