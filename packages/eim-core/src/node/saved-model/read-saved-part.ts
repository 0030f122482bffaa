import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensorsFile } from '@eim/weights/node';
import type { ComposedModel, PartName } from '../../compose/composed-model.js';
import type { PartUse } from '../../plugins/create-part.js';
import { assignParameters, type NamedTensors } from '../../saved-model/assign-parameters.js';
import {
  MODEL_FILE,
  refuseMixedFiles,
  refuseOtherPreprocessing,
} from '../../saved-model/load-saved-model.js';
import { parseModelDescription } from '../../saved-model/model-description.js';
import { keptWeightsPath, refuseChangedWeights } from './kept-weights-path.js';

/** A part of a saved model that a part of another model starts from. */
export interface SavedPartSource {
  /** What builds the part: package and entry, every option, and the published weights that it was saved with. */
  readonly use: PartUse;
  /** Path of the file that holds its values, or those that changed since the published weights. */
  readonly file: string;
  /** Path of the tokenizer that the model was saved with. */
  readonly tokenizer: string | undefined;
  /**
   * Gives the same part of a new model, built from `use`, the saved values.
   * @param sameOptions the part was built with the saved options, so an encoder must prepare pictures as it did
   * @returns names of the parameters that got values
   * @throws EimError `invalid-file` listing all tensors that are missing, unexpected or of another shape, or where the published
   * weights have changed; `contract-mismatch` where the encoder's package now prepares pictures otherwise
   */
  assign(model: ComposedModel, options: { readonly sameOptions: boolean }): Promise<readonly string[]>;
}

/**
 * Reads what a saved model says of one of its parts.
 * @param folder of the saved model, with `model.json`
 * @throws EimError `invalid-file` or `contract-mismatch` where its description cannot be read
 * @example
 * const source = await readSavedPart('runs/first/model', 'llm');
 * const { model } = await createModel({ ...config, llm: source.use }, options);
 * await source.assign(model, { sameOptions: true });
 */
export async function readSavedPart(folder: string, part: PartName): Promise<SavedPartSource> {
  const descriptionFile = join(folder, MODEL_FILE);
  const description = parseModelDescription(await readFile(descriptionFile, 'utf8'), descriptionFile);
  const { use, options, weights: kept, adapter: keptAdapter, quantise } = description.parts[part];
  const weights = kept && keptWeightsPath(folder, kept);
  const adapter = keptAdapter && keptWeightsPath(folder, keptAdapter);
  const file = join(folder, description.weights);
  return {
    use: {
      use,
      options: options as Record<string, unknown>,
      ...(weights !== undefined && { weights }),
      ...(adapter !== undefined && { adapter }),
      ...(quantise !== undefined && { quantise }),
    },
    file,
    tokenizer: description.tokenizer === null ? undefined : join(folder, description.tokenizer),
    async assign(model, { sameOptions }) {
      if (kept) await refuseChangedWeights(weights!, kept);
      if (keptAdapter) await refuseChangedWeights(adapter!, keptAdapter);
      if (part === 'encoder' && sameOptions) refuseOtherPreprocessing(description, model, descriptionFile);
      const tensors = await openSafetensorsFile(file);
      try {
        refuseMixedFiles(description, tensors, { file: descriptionFile, weightsFile: file });
        const own = tensorsOf(part, tensors);
        const parameters = model.parameters().filter((parameter) => parameter.part === part);
        await assignParameters({ parameters: () => parameters }, own, {
          source: `${file} (${part})`,
          mayLack: () => kept !== undefined,
        });
        return own.tensorNames;
      } finally {
        await tensors.close();
      }
    },
  };
}

/** Of a whole model's tensors those of one part. */
function tensorsOf(part: PartName, tensors: NamedTensors): NamedTensors {
  return {
    tensorNames: tensors.tensorNames.filter((name) => name.startsWith(`${part}.`)),
    has: (name) => tensors.has(name),
    info: (name) => tensors.info(name),
    read: (name) => tensors.read(name),
  };
}
