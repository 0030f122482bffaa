import { EimError } from '@eim/contracts';
import type { Tensor2D } from '@eim/contracts/model';

/** @throws EimError `invalid-argument` unless a selection of patches is int32 `[batch, 1 to patchCount]` */
export function checkKeptPatches({ dtype, shape }: Tensor2D, batch: number, patchCount: number): void {
  const [rows, kept] = shape;
  if (dtype === 'int32' && shape.length === 2 && rows === batch && kept! >= 1 && kept! <= patchCount) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `The CLIP encoder was given keptPatches of type ${dtype} and shape [${shape}]; of ${batch} pictures it needs int32 [${batch}, 1 to ${patchCount}].`,
    advice: 'Name for each picture the patches to be looked at.',
    data: { dtype, shape, batch, patchCount },
  });
}
