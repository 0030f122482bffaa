import type { Batch, ModelParts, Objective } from '@eim/contracts/model';
import { withMethods } from '../../compose/with-methods.js';
import type { TextPrefix } from './text-prefix.js';

/**
 * The same objective, for batches that may hold what the frozen lower blocks of the LLM make of their rows: it gets an LLM that goes
 * on from there.
 */
export function behindTextPrefix(objective: Objective, prefix: TextPrefix | undefined): Objective {
  if (!prefix) return objective;
  const { block } = prefix;
  return withMethods(objective, {
    loss: (parts, batch, context) =>
      objective.loss(
        startingAt(parts, block, () => batch),
        batch,
        context,
      ),
    ...(objective.evaluate && {
      evaluate: (parts, batches, context) => {
        let current: Batch | undefined;
        const watched = watch(batches, (batch) => {
          current = batch;
        });
        return objective.evaluate!(
          startingAt(parts, block, () => current),
          watched,
          context,
        );
      },
    }),
  } as Partial<Objective>);
}

/** Parts whose LLM starts behind its frozen blocks, wherever the batch at hand holds what they give. */
function startingAt(parts: ModelParts, block: number, batch: () => Batch | undefined): ModelParts {
  const llm = withMethods(parts.llm, {
    forward(embeddings, options = {}) {
      const hidden = batch()?.textStates; // [R, S, H]
      if (!hidden) return parts.llm.forward(embeddings, options);
      const { cache: _, useCache: __, ...others } = options;
      return parts.llm.forwardFrom!({ block, hidden }, others);
    },
  });
  return { ...parts, llm };
}

async function* watch(batches: AsyncIterable<Batch>, onBatch: (batch: Batch) => void): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    onBatch(batch);
    yield batch;
  }
}
