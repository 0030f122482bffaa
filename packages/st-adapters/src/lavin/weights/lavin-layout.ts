import { EimError, type WeightsDescription } from '@eim/contracts';

const MARK = 'adapter_modality_embedding.weight';

/** Blocks with adapters that a LaVIN checkpoint has. */
export interface LavinLayout {
  /** What stands before every name: `module.` where training was spread over devices, else nothing. */
  readonly prefix: string;
}

/** The layout of a LaVIN checkpoint; undefined where it is none. */
export function findLavinLayout({
  tensorNames,
}: Pick<WeightsDescription, 'tensorNames'>): LavinLayout | undefined {
  const name = tensorNames.find((tensor) => tensor === MARK || tensor.endsWith(`.${MARK}`));
  return name === undefined ? undefined : { prefix: name.slice(0, -MARK.length) };
}

/** Whether weights are a LaVIN checkpoint's, by their names. */
export const recogniseLavin = (weights: WeightsDescription): boolean =>
  findLavinLayout(weights) !== undefined;

/** @throws EimError `invalid-file` where the weights are not LaVIN's */
export function requireLavin(weights: Pick<WeightsDescription, 'name' | 'tensorNames'>): LavinLayout {
  const layout = findLavinLayout(weights);
  if (layout) return layout;
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds no adapters of LaVIN's: there is no ${MARK}.`,
    advice: "Give a checkpoint as LaVIN's train.py saves it.",
    data: { file: weights.name },
  });
}
