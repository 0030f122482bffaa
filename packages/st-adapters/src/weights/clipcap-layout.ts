import { EimError, type WeightsDescription } from '@eim/contracts';

/** The mappers of ClipCap's programs; `linear` is what `predict.py` builds in place of an MLP for more than 10 slots. */
export type ClipCapMapper = 'mlp' | 'transformer' | 'linear';

/** How a ClipCap checkpoint names its mapper. */
export interface ClipCapLayout {
  readonly mapper: ClipCapMapper;
  /** What stands before the mapper's names: `clip_project.`, behind `module.` where training was spread over devices. */
  readonly prefix: string;
}

/** A tensor that each mapper has and the others have not. */
const MARKS: Readonly<Record<ClipCapMapper, string>> = {
  mlp: 'model.0.weight',
  transformer: 'prefix_const',
  linear: 'weight',
};

const WORDS: Readonly<Record<ClipCapMapper, string>> = {
  mlp: 'the MLP mapper',
  transformer: 'the transformer mapper',
  linear: 'the single linear layer that predict.py puts in place of the MLP for prefixes longer than 10',
};

/** The layout of a ClipCap checkpoint, whether or not GPT-2 lies in it too; undefined where there is no mapper. */
export function findClipCapLayout({
  tensorNames,
}: Pick<WeightsDescription, 'tensorNames'>): ClipCapLayout | undefined {
  for (const mapper of ['mlp', 'transformer', 'linear'] as const) {
    const mark = `clip_project.${MARKS[mapper]}`;
    const name = tensorNames.find((tensor) => tensor === mark || tensor.endsWith(`.${mark}`));
    if (name !== undefined) return { mapper, prefix: name.slice(0, -MARKS[mapper].length) };
  }
  return undefined;
}

/** Whether weights hold this mapper of ClipCap's, by their names. */
export const recogniseClipCap =
  (mapper: ClipCapMapper) =>
  (weights: WeightsDescription): boolean =>
    findClipCapLayout(weights)?.mapper === mapper;

/**
 * What stands before the names of the mapper asked for.
 * @throws EimError `invalid-file` that says which mapper is there instead
 */
export function requireClipCap(
  weights: Pick<WeightsDescription, 'name' | 'tensorNames'>,
  mapper: Exclude<ClipCapMapper, 'linear'>,
): string {
  const layout = findClipCapLayout(weights);
  if (layout?.mapper === mapper) return layout.prefix;
  const found = layout === undefined ? 'no mapper' : WORDS[layout.mapper];
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds ${found} of ClipCap's, not ${WORDS[mapper]}.`,
    advice:
      layout === undefined || layout.mapper === 'linear'
        ? "Give a checkpoint as ClipCap's train.py saves it."
        : `Read it with '@eim/st-adapters/clipcap-${layout.mapper}'.`,
    data: { file: weights.name, expected: mapper, found: layout?.mapper },
  });
}
