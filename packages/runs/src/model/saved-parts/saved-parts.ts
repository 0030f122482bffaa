import { EimError } from '@eim/contracts';
import { type ComposedModel, PART_NAMES, type PartName } from '@eim/core';
import { readSavedPart, type SavedPartSource } from '@eim/core/node';
import type { PartConfig } from '../../config/config-schema.js';
import type { Config } from '../../config/read-config.js';
import { savedModelFolder } from './saved-model-folder.js';

/** A config's model, of which parts may start from saved models of other runs. */
export interface SavedParts {
  /** The model with these parts described as their own runs described them. */
  readonly model: Config['model'];
  /**
   * Gives the parts of the built model their saved values.
   * @returns names of the parameters that got values
   */
  assign(model: ComposedModel): Promise<ReadonlySet<string>>;
}

/**
 * Finds the parts of a config whose `weights` are a saved model, that of a run or its folder. The same part of that model is
 * taken: its options, which the config's override, and its values.
 * @throws EimError `invalid-config` where a part is to be another one than the saved model has
 */
export async function readSavedParts(model: Config['model']): Promise<SavedParts> {
  const sources = new Map<PartName, SavedPartSource>();
  const described = { ...model };
  for (const part of PART_NAMES) {
    const config = model[part];
    const folder = config.weights === undefined ? undefined : savedModelFolder(config.weights);
    if (folder === undefined) continue;
    const source = await readSavedPart(folder, part);
    described[part] = partFrom(source, config, part);
    sources.set(part, source);
  }
  return {
    model: described,
    async assign(built) {
      const given: string[] = [];
      for (const [part, source] of sources) {
        const { preset, options } = model[part];
        const sameOptions = preset === undefined && Object.keys(options).length === 0;
        given.push(...(await source.assign(built, { sameOptions })));
      }
      return new Set(given);
    },
  };
}

function partFrom({ use: saved, file }: SavedPartSource, config: PartConfig, part: PartName): PartConfig {
  if (saved.use !== config.use && !saved.use.startsWith(`${config.use}/`)) {
    throw new EimError({
      code: 'invalid-config',
      message: `model.${part} is to be ${config.use}, but the ${part} saved in ${file} is ${saved.use}.`,
      advice: `Write use: "${saved.use}", or name other weights.`,
      data: { path: `model.${part}.use`, use: config.use, saved: saved.use },
    });
  }
  if (config.adapter !== undefined) {
    throw new EimError({
      code: 'invalid-config',
      message: `model.${part} is to have the adapter ${config.adapter}, but starts from the ${part} saved in ${file}.`,
      advice: 'An adapter goes with published weights: name those as weights.',
      data: { path: `model.${part}.adapter`, adapter: config.adapter },
    });
  }
  if (config.quantise !== saved.quantise) throw otherQuantisation(saved, config, part, file);
  // A preset takes the place of the saved options, as it does with published weights.
  const options = config.preset === undefined ? { ...saved.options, ...config.options } : config.options;
  return { ...config, use: saved.use, options, weights: saved.weights, adapter: saved.adapter };
}

const otherQuantisation = (
  saved: SavedPartSource['use'],
  { quantise }: PartConfig,
  part: PartName,
  file: string,
): EimError =>
  new EimError({
    code: 'invalid-config',
    message: `model.${part}.quantise is ${quantise ?? 'absent'}, but the ${part} saved in ${file} is ${saved.quantise === undefined ? 'not quantised' : `quantised to ${saved.quantise}`}.`,
    advice:
      saved.quantise === undefined
        ? 'Published weights are quantised: name those as weights.'
        : `Write quantise: ${saved.quantise}.`,
    data: { path: `model.${part}.quantise`, quantise, saved: saved.quantise },
  });
