import { EimError } from '@eim/contracts';
import type { ModelParts, Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';

/** @throws EimError `invalid-config` where a segment shows some patches of each picture to what cannot take that */
export function checkPatchViews(
  { encoder, st }: Pick<ModelParts, 'encoder' | 'st'>,
  { name: objective, uses, takesViews }: Objective,
  { name, data }: Pick<Segment, 'name' | 'data'>,
): void {
  const readsTokens = st.reads.includes('tokens') || (st.hiddenLayers ?? []).length > 0;
  const refuse = (why: string, advice: string) =>
    new EimError({
      code: 'invalid-config',
      message: `Segment '${name}' shows a share of ${data.keepPatches} of each picture's patches (data.keepPatches), but ${why}.`,
      advice,
      data: { segment: name, keepPatches: data.keepPatches },
    });
  if (encoder.patchCount === undefined)
    throw refuse(
      'its encoder cannot look at some patches alone',
      'Leave keepPatches out, or use an encoder of patches such as @eim/encoder-clip/vit.',
    );
  if (!takesViews)
    throw refuse(
      `its objective '${objective}' does not take such views`,
      'Leave keepPatches out, or use the objectives words and contrastive, which do.',
    );
  if (uses.st && readsTokens)
    throw refuse(
      `its objective '${objective}' runs the ST, which reads a fixed number of tokens`,
      'Leave keepPatches out, or use an ST that reads the pooled vector.',
    );
}
