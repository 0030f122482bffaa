import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { EimError, type Tokenizer } from '@eim/contracts';
import { createRandomStream } from '@eim/engine';
import { readSafetensorsFile } from '@eim/weights/node';
import type { ComposedModel } from '../../compose/composed-model.js';
import { createModel } from '../../plugins/create-model.js';
import type { UseConfig } from '../../plugins/resolve-options.js';
import type { PluginLoader } from '../../plugins/resolve-plugin.js';
import { assignParameters } from '../../saved-model/assign-parameters.js';
import { type ModelDescription, parseModelDescription } from '../../saved-model/model-description.js';
import { MODEL_FILE } from './save-model.js';

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
 * Builds a saved model again, bit for bit.
 * @throws EimError `missing-file` or `invalid-file` naming the file; `plugin-not-found`; `invalid-file` listing
 * all tensors that are missing, unexpected or of another shape
 */
export async function loadModel(
  folder: string,
  { loadPlugin, createTokenizer }: LoadModelOptions,
): Promise<LoadedModel> {
  const file = join(folder, MODEL_FILE);
  const description = parseModelDescription(await readText(file, folder), file);
  const tokenizer = await loadTokenizer(folder, description, createTokenizer);
  const weightsFile = join(folder, description.weights);
  const { tensors, metadata } = await readSafetensorsFile(weightsFile);
  if (metadata.structure !== description.structure) {
    throw new EimError({
      code: 'invalid-file',
      message: `${weightsFile} and ${file} belong to different models.`,
      advice: 'Copy both files from the same folder.',
      data: { folder },
    });
  }
  const { encoder, st, llm } = description.parts;
  const config = { encoder: useOf(encoder), st: useOf(st), llm: useOf(llm) };
  const random = createRandomStream(0);
  const { model } = await createModel(config, { loadPlugin, random, tokenizer });
  try {
    if (!isDeepStrictEqual({ ...model.encoder.preprocessing }, description.preprocessing)) {
      throw new EimError({
        code: 'contract-mismatch',
        message: `'${encoder.use}' now prepares pictures otherwise than when ${file} was saved.`,
        advice: `Install the version of '${encoder.use}' that it was trained with.`,
        data: { saved: description.preprocessing, now: model.encoder.preprocessing },
      });
    }
    assignParameters(model, tensors, weightsFile);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model, description, ...(tokenizer && { tokenizer }) };
}

/** The saved options are whole; laying them over the preset again could only hide what they say. */
const useOf = ({ use, options }: { readonly use: string; readonly options?: unknown }): UseConfig => ({
  use,
  options: options as Record<string, unknown>,
});

async function loadTokenizer(
  folder: string,
  { tokenizer: name }: ModelDescription,
  create: LoadModelOptions['createTokenizer'],
): Promise<Tokenizer | undefined> {
  if (name === null) return undefined;
  if (!create) {
    throw new EimError({
      code: 'invalid-argument',
      message: `The model in ${folder} has a tokenizer, but createTokenizer was not given.`,
      advice: 'Pass createTokenizer of @eim/tokenizers.',
    });
  }
  const file = join(folder, name);
  const text = await readText(file, folder);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const message = `${file} is not JSON: ${(cause as Error).message}.`;
    throw new EimError({ code: 'invalid-file', message, data: { file }, cause });
  }
  return await create(json);
}

async function readText(file: string, folder: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new EimError({
      code: 'missing-file',
      message: `${file} cannot be read: ${(cause as Error).message}.`,
      advice: `Is ${folder} the folder of a saved model?`,
      data: { file },
      cause,
    });
  }
}
