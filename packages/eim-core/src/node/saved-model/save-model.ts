import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTRACT_VERSION, EimError, type Tokenizer } from '@eim/contracts';
import { writeFileAtomically, writeSafetensorsFile } from '@eim/weights/node';
import {
  type ComposedModel,
  PART_NAMES,
  type PartName,
  type PartParameter,
} from '../../compose/composed-model.js';
import type { PartDescription } from '../../plugins/create-part.js';
import { readParameters, shapeOf } from '../../saved-model/assign-parameters.js';
import { findNonJson } from '../../saved-model/find-non-json.js';
import { MODEL_FILE } from '../../saved-model/load-saved-model.js';
import {
  type KeptWeights,
  type ModelDescription,
  parseModelDescription,
  type SavedPart,
} from '../../saved-model/model-description.js';
import { keepWeights } from './keep-weights.js';

const WEIGHTS_FILE = 'model.safetensors';
const TOKENIZER_FILE = 'tokenizer.json';

export interface SaveModelOptions {
  readonly model: ComposedModel;
  /** What {@link createModel} said of the parts. */
  readonly parts: Readonly<Record<PartName, PartDescription>>;
  /** @default the LLM's own */
  readonly tokenizer?: Tokenizer | undefined;
  /**
   * Whether a parameter may have changed since it was loaded. Of a part that started from published weights only those that
   * did are saved, and the published weights are kept beside them. Absent: all values are saved.
   */
  readonly hasLearnt?: ((parameter: PartParameter) => boolean) | undefined;
  /** How published weights are kept: copied into the folder, or by their path and hash. @default 'copy' */
  readonly frozenWeights?: KeptWeights['kept'] | undefined;
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
  { model, parts, tokenizer, hasLearnt, frozenWeights = 'copy' }: SaveModelOptions,
): Promise<void> {
  const vocabulary = (tokenizer ?? model.llm.tokenizer)?.toJSON();
  refuseNonJson(parts);
  const structure = structureOf(model, parts, vocabulary);
  await refuseOtherModel(folder, structure);
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    const message = `Could not make the folder ${folder}: ${cause.message}.`;
    throw new EimError({ code: 'storage-failed', message, data: { folder }, cause });
  });
  if (vocabulary !== undefined) {
    await writeFileAtomically(join(folder, TOKENIZER_FILE), `${JSON.stringify(vocabulary)}\n`);
  }
  const kept = new Map<PartName, Pick<SavedPart, 'weights' | 'adapter'>>();
  for (const part of PART_NAMES) {
    const { weights, adapter } = parts[part];
    if (!hasLearnt || weights === undefined) continue;
    const keep = (path: string, what: 'weights' | 'adapter') =>
      keepWeights(path, frozenWeights, folder, `${part}-${what}`);
    kept.set(part, {
      weights: await keep(weights, 'weights'),
      ...(adapter !== undefined && { adapter: await keep(adapter, 'adapter') }),
    });
  }
  refuseLosingReadOnly(model, parts, kept);
  const saved = model.parameters().filter((parameter) => !kept.has(parameter.part) || hasLearnt!(parameter));
  const metadata = { format: 'eim-model', structure };
  await writeSafetensorsFile(join(folder, WEIGHTS_FILE), await readParameters(saved), metadata);
  const described = describeModel(model, parts, { kept, structure, vocabulary });
  await writeFileAtomically(join(folder, MODEL_FILE), `${JSON.stringify(described, null, 2)}\n`);
}

/** Read-only weights are in no file of ours: they come back from the published weights that the part started from. */
function refuseLosingReadOnly(
  model: ComposedModel,
  parts: SaveModelOptions['parts'],
  kept: ReadonlyMap<PartName, unknown>,
): void {
  for (const part of PART_NAMES) {
    const [weight] = model[part].readOnlyWeights?.() ?? [];
    if (weight === undefined || kept.has(part)) continue;
    throw new EimError({
      code: 'invalid-argument',
      message: `The ${part} (${parts[part].use}) cannot be saved: its weight '${weight.name}' (${weight.format}) is read-only, and no published weights are kept for it.`,
      advice: 'Start the part from published weights, and pass `hasLearnt` so that these are kept.',
      data: { part, name: weight.name, format: weight.format },
    });
  }
}

function refuseNonJson(parts: SaveModelOptions['parts']): void {
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
}

/** Hash of all that a model is but for its values. */
function structureOf(model: ComposedModel, parts: SaveModelOptions['parts'], vocabulary: unknown): string {
  const shapes = model.parameters().map((parameter) => [parameter.name, shapeOf(parameter)]);
  const { preprocessing } = model.encoder;
  const hash = createHash('sha256').update(JSON.stringify([parts, preprocessing, vocabulary, shapes]));
  return hash.digest('hex');
}

function describeModel(
  { encoder: { preprocessing } }: ComposedModel,
  parts: SaveModelOptions['parts'],
  {
    kept,
    structure,
    vocabulary,
  }: {
    readonly kept: ReadonlyMap<PartName, Pick<SavedPart, 'weights' | 'adapter'>>;
    readonly structure: string;
    readonly vocabulary: unknown;
  },
): ModelDescription {
  const described = (part: PartName) => {
    const { weights: _, adapter: __, ...rest } = parts[part];
    return { ...rest, ...kept.get(part) };
  };
  return {
    format: 'eim-model',
    formatVersion: 1,
    contractVersion: CONTRACT_VERSION,
    parts: { encoder: described('encoder'), st: described('st'), llm: described('llm') },
    preprocessing,
    weights: WEIGHTS_FILE,
    tokenizer: vocabulary === undefined ? null : TOKENIZER_FILE,
    structure,
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
