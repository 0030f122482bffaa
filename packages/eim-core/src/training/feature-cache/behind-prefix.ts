import type {
  Batch,
  EncodedImages,
  ModelParts,
  Objective,
  ObjectiveContext,
  TransformContext,
} from '@eim/contracts/model';
import { encodeOptions } from '../../compose/encode-pictures.js';
import { holdTensors } from '../../compose/hold-tensors.js';
import { withMethods } from '../../compose/with-methods.js';
import { SLOTS_BLOCK } from './feature-layout.js';
import type { PicturePrefix } from './picture-prefix.js';

/**
 * The same objective, for batches whose features are what a prefix gives: it gets the encoder's outputs that it expects,
 * computed from there on, or an ST that hands out what was made of them. So it need not know where a segment's frozen
 * part ends.
 */
export function behindPrefix(objective: Objective, prefix: PicturePrefix | undefined): Objective {
  if (prefix?.names.includes('slots')) {
    return withInputs(objective, { parts: withSlots, batch: (_, batch) => batch });
  }
  const block = prefix?.block;
  if (block === undefined) return objective;
  const completed: Inputs['batch'] = (parts, batch, context) =>
    batch.features ? { ...batch, features: encodeOn(parts, batch.features, block, context) } : batch;
  return withInputs(objective, { parts: (parts) => parts, batch: completed });
}

/** What an objective is given in place of what the runner has. */
interface Inputs {
  readonly parts: (parts: ModelParts) => ModelParts;
  readonly batch: (parts: ModelParts, batch: Batch, context: ObjectiveContext) => Batch;
}

function withInputs(objective: Objective, inputs: Inputs): Objective {
  const { preparation, comparison } = objective;
  return withMethods(objective, {
    loss: (parts, batch, context) =>
      objective.loss(inputs.parts(parts), inputs.batch(parts, batch, context), context),
    ...(objective.evaluate && {
      evaluate: (parts, batches, context) => {
        const changed = mapBatches(batches, (batch) => inputs.batch(parts, batch, context));
        return objective.evaluate!(inputs.parts(parts), changed, context);
      },
    }),
    ...(comparison && {
      comparison: withMethods(comparison, {
        vectors: (parts, batch, context) =>
          comparison.vectors(inputs.parts(parts), inputs.batch(parts, batch, context), context),
      }),
    }),
    ...(preparation && {
      preparation: withMethods(preparation, {
        async prepare(parts, batch, context) {
          const held = holdTensors(() => inputs.batch(parts, batch, context));
          try {
            return await preparation.prepare(inputs.parts(parts), held.value, context);
          } finally {
            held.dispose();
          }
        },
      }),
    }),
  } as Partial<Objective>);
}

/** Parts whose ST hands out a prefix that it has made before, wherever features hold one. */
function withSlots(parts: ModelParts): ModelParts {
  const st = withMethods(parts.st, {
    transform(features, context: TransformContext) {
      const embeddings = features.hidden?.get(SLOTS_BLOCK); // [P, K, H]
      return embeddings ? { prefix: { embeddings } } : parts.st.transform(features, context);
    },
  });
  return { ...parts, st };
}

/** The encoder from the states after a block on. @param features the block's states, and those of blocks below that the ST reads */
function encodeOn(
  parts: ModelParts,
  { hidden: states }: EncodedImages,
  block: number,
  context: ObjectiveContext,
): EncodedImages {
  const hidden = states!.get(block)!; // [P, N, D]
  const layers = parts.st.hiddenLayers;
  const later = layers?.filter((layer) => layer > block);
  const options = encodeOptions(parts, hidden.shape[0], context, later);
  const encoded = parts.encoder.encodeFrom!({ block, hidden }, options);
  return layers ? { ...encoded, hidden: new Map([...states!, ...(encoded.hidden ?? [])]) } : encoded;
}

/** Batches with tensors that live as long as the batch they were made for. */
async function* mapBatches(
  batches: AsyncIterable<Batch>,
  change: (batch: Batch) => Batch,
): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    const held = holdTensors(() => change(batch));
    try {
      yield held.value;
    } finally {
      held.dispose();
    }
  }
}
