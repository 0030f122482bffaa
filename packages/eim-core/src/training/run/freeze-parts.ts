import type { EncodeOptions, ForwardOptions, ModelParts, TransformContext } from '@eim/contracts/model';
import type { Learn } from '../../plan/learn-schema.js';

/** A view of an object with some methods replaced; the rest runs on the object itself. */
export function withMethods<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(object, key) {
      if (key in methods) return methods[key as keyof T];
      const value = Reflect.get(object, key, object);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}

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
