import { EimError } from '@eim/contracts';
import type {
  EncodeOptions,
  ForwardOptions,
  ImageEncoder,
  LanguageModel,
  ModelParts,
} from '@eim/contracts/model';
import { withMethods } from '../../compose/with-methods.js';
import type { Segment } from '../../plan/segment-schema.js';
import { freezeParts } from './freeze-parts.js';

/**
 * The parts as a segment's objective sees them: what does not learn runs without dropout, and blocks are recomputed where the
 * segment checkpoints activations. A part that cannot do so throws when it is called.
 */
export function segmentParts(model: ModelParts, segment: Segment): ModelParts {
  const parts = freezeParts(model, segment.learn);
  if (!segment.checkpointActivations) return parts;
  const { encoder, st, llm } = parts;
  return { encoder: recomputingEncoder(encoder, segment), st, llm: recomputingLlm(llm, segment) };
}

function recomputingEncoder(encoder: ImageEncoder, segment: Segment): ImageEncoder {
  const recomputing = (options?: EncodeOptions): EncodeOptions => {
    if (!encoder.recomputesBlocks) throw cannotRecompute('encoder', segment);
    return { ...options, recomputeBlocks: true };
  };
  return withMethods(encoder, {
    encode: (pixels, options) => encoder.encode(pixels, recomputing(options)),
    ...(encoder.encodeFrom && {
      encodeFrom: (start, options) => encoder.encodeFrom!(start, recomputing(options)),
    }),
  });
}

function recomputingLlm(llm: LanguageModel, segment: Segment): LanguageModel {
  const recomputing = (options?: ForwardOptions): ForwardOptions => {
    if (!llm.recomputesBlocks) throw cannotRecompute('llm', segment);
    // A cache belongs to generation, which keeps nothing anyway.
    const cached = options?.useCache || options?.cache;
    return cached ? options! : { ...options, recomputeBlocks: true };
  };
  return withMethods(llm, {
    forward: (embeddings, options) => llm.forward(embeddings, recomputing(options)),
    ...(llm.forwardFrom && {
      forwardFrom: (start, options) => llm.forwardFrom!(start, recomputing(options)),
    }),
  });
}

function cannotRecompute(part: 'encoder' | 'llm', { name }: Segment): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `Segment '${name}' has checkpointActivations, but its ${part} cannot recompute its blocks.`,
    advice: 'Leave checkpointActivations out, or use a part that can.',
    data: { segment: name, part },
  });
}
