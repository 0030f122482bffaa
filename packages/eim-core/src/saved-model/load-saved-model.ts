import { EimError, type Tokenizer } from '@eim/contracts';
import { createRandomStream } from '@eim/engine';
import type { ComposedModel, PartName } from '../compose/composed-model.js';
import { createModel } from '../plugins/create-model.js';
import type { OpenPartWeights, PartUse } from '../plugins/create-part.js';
import type { PluginLoader } from '../plugins/resolve-plugin.js';
import { assignParameters, type NamedTensors } from './assign-parameters.js';
import {
  type KeptWeights,
  type ModelDescription,
  parseModelDescription,
  type SavedPart,
} from './model-description.js';

/** File of a saved model that says how to build it. */
export const MODEL_FILE = 'model.json';

/** Where a saved model's files are read from: a folder, a server, an archive. */
export interface SavedModelSource {
  /** The folder or address, for messages. */
  readonly name: string;
  /** @throws EimError `missing-file` */
  readText(file: string): Promise<string>;
  /** A safetensors file. The caller closes it. */
  openTensors(
    file: string,
  ): Promise<NamedTensors & { readonly metadata: Readonly<Record<string, unknown>>; close(): Promise<void> }>;
  /**
   * Published weights that a part was saved with, and the LoRA that they are read with, checked against their hashes.
   * @throws EimError `missing-file`; `invalid-file` where they have changed since
   */
  openWeights(weights: KeptWeights, adapter?: KeptWeights): Promise<OpenPartWeights>;
}

export interface LoadModelOptions {
  readonly loadPlugin: PluginLoader;
  /** Makes a tokenizer of the contents of `tokenizer.json`; `createTokenizer` of @eim/tokenizers fits. */
  readonly createTokenizer?: (tokenizerJson: unknown) => Tokenizer | Promise<Tokenizer>;
}

export interface LoadedModel {
  readonly model: ComposedModel;
  readonly tokenizer?: Tokenizer;
  readonly description: ModelDescription;
}

/**
 * Builds a saved model again, bit for bit. It reads one tensor at a time and draws nothing. In Node, `loadModel` of
 * `@eim/core/node` does this for a folder.
 * @throws EimError `missing-file` or `invalid-file` naming the file; `plugin-not-found`; `invalid-file` listing
 * all tensors that are missing, unexpected or of another shape
 * @example
 * const { model, tokenizer } = await loadSavedModel(source, { loadPlugin, createTokenizer });
 * const [{ text }] = await answerAll(model, [{ picture: 0 }], { pictures: { pixels }, tokenizer });
 */
export async function loadSavedModel(
  source: SavedModelSource,
  { loadPlugin, createTokenizer }: LoadModelOptions,
): Promise<LoadedModel> {
  const file = `${source.name}/${MODEL_FILE}`;
  const description = parseModelDescription(await source.readText(MODEL_FILE), file);
  const tokenizer = await loadTokenizer(source, description, createTokenizer);
  const weightsFile = `${source.name}/${description.weights}`;
  const tensors = await source.openTensors(description.weights);
  try {
    refuseMixedFiles(description, tensors, { file, weightsFile });
    const { encoder, st, llm } = description.parts;
    const { model } = await createModel(
      { encoder: useOf('encoder', encoder), st: useOf('st', st), llm: useOf('llm', llm) },
      {
        loadPlugin,
        random: createRandomStream(0),
        tokenizer,
        awaitValues: true,
        openWeights: (part) => {
          const { weights, adapter } = description.parts[part as PartName];
          return source.openWeights(weights!, adapter);
        },
      },
    );
    try {
      refuseOtherPreprocessing(description, model, file);
      await assignParameters(model, tensors, {
        source: weightsFile,
        mayLack: ({ part }) => description.parts[part].weights !== undefined,
      });
    } catch (error) {
      model.dispose();
      throw error;
    }
    return { model, description, ...(tokenizer && { tokenizer }) };
  } finally {
    await tensors.close();
  }
}

/** The saved options are whole; laying them over the preset again could only hide what they say. */
const useOf = (part: PartName, { use, options, weights, adapter, quantise }: SavedPart): PartUse => ({
  use,
  options: options as Record<string, unknown>,
  ...(weights && { weights: part }),
  ...(adapter && { adapter: part }),
  ...(quantise && { quantise }),
});

/** @throws EimError `invalid-file` where the weights are not those of the description */
export function refuseMixedFiles(
  { structure }: ModelDescription,
  { metadata }: { readonly metadata: Readonly<Record<string, unknown>> },
  { file, weightsFile }: { readonly file: string; readonly weightsFile: string },
): void {
  if (metadata.structure === structure) return;
  throw new EimError({
    code: 'invalid-file',
    message: `${weightsFile} and ${file} belong to different models.`,
    advice: 'Copy both files from the same folder.',
    data: { file, weightsFile },
  });
}

/** @throws EimError `contract-mismatch` where the encoder does not prepare pictures as it did */
export function refuseOtherPreprocessing(
  { preprocessing, parts }: ModelDescription,
  { encoder }: ComposedModel,
  file: string,
): void {
  const sorted = (value: object) =>
    JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (sorted(encoder.preprocessing) === sorted(preprocessing)) return;
  throw new EimError({
    code: 'contract-mismatch',
    message: `'${parts.encoder.use}' now prepares pictures otherwise than when ${file} was saved.`,
    advice: `Install the version of '${parts.encoder.use}' that it was trained with.`,
    data: { saved: preprocessing, now: encoder.preprocessing },
  });
}

async function loadTokenizer(
  source: SavedModelSource,
  { tokenizer: name }: ModelDescription,
  create: LoadModelOptions['createTokenizer'],
): Promise<Tokenizer | undefined> {
  if (name === null) return undefined;
  if (!create) {
    throw new EimError({
      code: 'invalid-argument',
      message: `The model in ${source.name} has a tokenizer, but createTokenizer was not given.`,
      advice: 'Pass createTokenizer of @eim/tokenizers.',
    });
  }
  const text = await source.readText(name);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const message = `${source.name}/${name} is not JSON: ${(cause as Error).message}.`;
    throw new EimError({ code: 'invalid-file', message, data: { file: name }, cause });
  }
  return await create(json);
}
