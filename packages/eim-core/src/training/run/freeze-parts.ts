import type { EncodeOptions, ForwardOptions, ModelParts, TransformContext } from '@eim/contracts/model';
import { withMethods } from '../../compose/with-methods.js';
import type { Learn } from '../../plan/learn-schema.js';

/** The parts as a segment's objective sees them: what does not learn runs without dropout, as in use. */
export function freezeParts({ encoder, st, llm }: ModelParts, learn: Learn): ModelParts {
  const learns = (part: keyof Learn) => (learn[part]?.select ?? 'frozen') !== 'frozen';
  return {
    encoder: learns('encoder')
      ? encoder
      : withMethods(encoder, {
          encode: (pixels, options?: EncodeOptions) =>
            encoder.encode(pixels, { ...options, training: false }),
          ...(encoder.encodeFrom && {
            encodeFrom: (start, options?: EncodeOptions) =>
              encoder.encodeFrom!(start, { ...options, training: false }),
          }),
        }),
    st: learns('st')
      ? st
      : withMethods(st, {
          transform: (features, context: TransformContext) =>
            st.transform(features, { ...context, training: false }),
          ...(st.encoderInjection && {
            encoderInjection: (context: TransformContext) =>
              st.encoderInjection!({ ...context, training: false }),
          }),
        }),
    llm: learns('llm')
      ? llm
      : withMethods(llm, {
          forward: (embeddings, options?: ForwardOptions) =>
            llm.forward(embeddings, { ...options, training: false }),
          ...(llm.forwardFrom && {
            forwardFrom: (start, options?: ForwardOptions) =>
              llm.forwardFrom!(start, { ...options, training: false }),
          }),
        }),
  };
}
