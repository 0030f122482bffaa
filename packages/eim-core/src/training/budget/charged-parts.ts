import type {
  BlockAdapter,
  EncodeOptions,
  ForwardOptions,
  Injection,
  ModelParts,
  TransformContext,
} from '@eim/contracts/model';
import { chargedTo } from '@eim/engine';
import { withMethods } from '../../compose/with-methods.js';

/** The same parts; what each of them computes in a shapes pass is charged to its name. */
export function chargedParts({ encoder, st, llm }: ModelParts): ModelParts {
  return {
    encoder: withMethods(encoder, {
      encode: (pixels, options?: EncodeOptions) =>
        chargedTo('encoder', () => encoder.encode(pixels, options)),
      ...(encoder.encodeFrom && {
        encodeFrom: (start, options?: EncodeOptions) =>
          chargedTo('encoder', () => encoder.encodeFrom!(start, options)),
      }),
    }),
    st: withMethods(st, {
      transform: (features, context: TransformContext) =>
        chargedTo('st', () => chargedInjection(st.transform(features, context))),
      ...(st.encoderInjection && {
        encoderInjection: (context: TransformContext) =>
          chargedTo('st', () => {
            const injection = st.encoderInjection!(context);
            return injection && chargedInjection(injection);
          }),
      }),
    }),
    llm: withMethods(llm, {
      embed: (ids) => chargedTo('llm', () => llm.embed(ids)),
      forward: (embeddings, options?: ForwardOptions) =>
        chargedTo('llm', () => llm.forward(embeddings, options)),
    }),
  };
}

/** Adapters belong to the ST, wherever they act. */
function chargedInjection(injection: Injection): Injection {
  if (!injection.blockAdapters) return injection;
  const adapters = [...injection.blockAdapters].map(
    ([name, adapter]) => [name, chargedAdapter(adapter)] as const,
  );
  return { ...injection, blockAdapters: new Map(adapters) };
}

function chargedAdapter(adapter: BlockAdapter): BlockAdapter {
  return withMethods(adapter, {
    apply: (...given) => chargedTo('st', () => adapter.apply(...given)),
    ...(adapter.route && { route: (...given) => chargedTo('st', () => adapter.route!(...given)) }),
  } as Partial<BlockAdapter>);
}
