/** The option that a described head width needs: none where the heads share the width of the model. */
export const unevenHeadSize = (
  headSize: number | undefined,
  hiddenSize: number,
  headCount: number,
): { headSize?: number } =>
  headSize === undefined || headSize === hiddenSize / headCount ? {} : { headSize };
