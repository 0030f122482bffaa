import type { Batch, EncodedImages, ModelParts, Objective, ObjectiveContext } from '@eim/contracts/model';
import { encodeOptions } from '../../compose/encode-pictures.js';
import { holdTensors } from '../../compose/hold-tensors.js';
import { withMethods } from '../run/freeze-parts.js';
import type { PicturePrefix } from './picture-prefix.js';

/**
 * The same objective, for batches whose features are what a prefix gives: it gets the encoder's outputs that it expects,
 * computed from there on, so that it need not know where a segment's frozen part ends.
 */
export function behindPrefix(objective: Objective, prefix: PicturePrefix | undefined): Objective {
  const block = prefix?.block;
  if (block === undefined) return objective;
  const completed = (parts: ModelParts, batch: Batch, context: ObjectiveContext): Batch =>
    batch.features ? { ...batch, features: encodeOn(parts, batch.features, block, context) } : batch;
  const { preparation } = objective;
  return withMethods(objective, {
    loss: (parts, batch, context) => objective.loss(parts, completed(parts, batch, context), context),
    ...(objective.evaluate && {
      evaluate: (parts, batches, context) =>
        objective.evaluate!(
          parts,
          mapBatches(batches, (batch) => completed(parts, batch, context)),
          context,
        ),
    }),
    ...(preparation && {
      preparation: withMethods(preparation, {
        async prepare(parts, batch, context) {
          const held = holdTensors(() => completed(parts, batch, context));
          try {
            return await preparation.prepare(parts, held.value, context);
          } finally {
            held.dispose();
          }
        },
      }),
    }),
  } as Partial<Objective>);
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
