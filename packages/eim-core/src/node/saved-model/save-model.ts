import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTRACT_VERSION, EimError, type Tokenizer } from '@eim/contracts';
import { writeFileAtomically, writeSafetensorsFile } from '@eim/weights/node';
import { type ComposedModel, PART_NAMES, type PartName } from '../../compose/composed-model.js';
import type { PartDescription } from '../../plugins/create-model.js';
import { findNonJson } from '../../saved-model/find-non-json.js';
import { type ModelDescription, parseModelDescription } from '../../saved-model/model-description.js';
import { readParameters } from '../../saved-model/read-parameters.js';

export const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'model.safetensors';
const TOKENIZER_FILE = 'tokenizer.json';

export interface SaveModelOptions {
  readonly model: ComposedModel;
  /** What {@link createModel} said of the parts. */
  readonly parts: Readonly<Record<PartName, PartDescription>>;
  /** @default the LLM's own */
  readonly tokenizer?: Tokenizer | undefined;
}

/**
 * Saves a model so that its folder alone brings it back: `model.safetensors`, `tokenizer.json`, `model.json`.
 * Each file is replaced atomically and a folder takes new weights of one model only, so whatever moment a
 * process is killed at, the folder holds a whole model.
 * @throws EimError `invalid-argument` where the folder holds another model or an option is not JSON;
 * `storage-failed`
 */
export async function saveModel(
  folder: string,
  { model, parts, tokenizer }: SaveModelOptions,
): Promise<void> {
  const vocabulary = (tokenizer ?? model.llm.tokenizer)?.toJSON();
  const described = describeModel(model, parts, vocabulary);
  await refuseOtherModel(folder, described.structure);
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    const message = `Could not make the folder ${folder}: ${cause.message}.`;
    throw new EimError({ code: 'storage-failed', message, data: { folder }, cause });
  });
  if (vocabulary !== undefined) {
    await writeFileAtomically(join(folder, TOKENIZER_FILE), `${JSON.stringify(vocabulary)}\n`);
  }
  const tensors = await readParameters(model.parameters());
  const metadata = { format: 'eim-model', structure: described.structure };
  await writeSafetensorsFile(join(folder, WEIGHTS_FILE), tensors, metadata);
  await writeFileAtomically(join(folder, MODEL_FILE), `${JSON.stringify(described, null, 2)}\n`);
}

function describeModel(
  model: ComposedModel,
  parts: SaveModelOptions['parts'],
  vocabulary: unknown,
): ModelDescription {
  for (const part of PART_NAMES) {
    const path = findNonJson(parts[part].options);
    if (path === undefined) continue;
    throw new EimError({
      code: 'invalid-argument',
      message: `The option '${path}' of the ${part} (${parts[part].use}) cannot be saved: it is not JSON.`,
      advice: 'Options of a plug-in must be plain values, lists and objects.',
      data: { part, path },
    });
  }
  const shapes = model.parameters().map(({ name, parameter }) => [name, parameter.variable.shape]);
  const { preprocessing } = model.encoder;
  const hash = createHash('sha256').update(JSON.stringify([parts, preprocessing, vocabulary, shapes]));
  return {
    format: 'eim-model',
    formatVersion: 1,
    contractVersion: CONTRACT_VERSION,
    parts: { encoder: parts.encoder, st: parts.st, llm: parts.llm },
    preprocessing: {
      ...preprocessing,
      mean: [...preprocessing.mean],
      standardDeviation: [...preprocessing.standardDeviation],
    },
    weights: WEIGHTS_FILE,
    tokenizer: vocabulary === undefined ? null : TOKENIZER_FILE,
    structure: hash.digest('hex'),
  };
}

async function refuseOtherModel(folder: string, structure: string): Promise<void> {
  const file = join(folder, MODEL_FILE);
  if (!existsSync(file)) return;
  if (parseModelDescription(await readFile(file, 'utf8'), file).structure === structure) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `${folder} already holds a model with other parts, options or tokenizer.`,
    advice: 'Save into another folder.',
    data: { folder },
  });
}
