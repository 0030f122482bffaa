import { EimError, type PublishedBlocks } from '@eim/contracts';
import type { WeightTensor } from '../dtype.js';
import { missingTensor } from '../tensor-table.js';
import type { ValueRun } from '../value-runs.js';
import type { TensorDescription, WeightFile } from '../weight-file.js';
import { unwrapNames } from './unwrap-names.js';

/**
 * The model in a file of weights: under the names that it was published by, without the optimizer and whatever else a
 * checkpoint keeps, and without the wrappers that training put around it.
 */
export class ModelWeights implements WeightFile {
  constructor(
    private readonly file: WeightFile,
    private readonly fileNames: ReadonlyMap<string, string>,
    /** What was taken off every name. */
    readonly prefix: string,
    /** Why it is not clear which part of the file the model is; all names are then the file's. */
    readonly problem?: EimError,
  ) {}

  get name(): string {
    return this.file.name;
  }

  get format(): WeightFile['format'] {
    return this.file.format;
  }

  get metadata(): WeightFile['metadata'] {
    return this.file.metadata;
  }

  get tensorNames(): readonly string[] {
    return [...this.fileNames.keys()];
  }

  /** Names of tensors in the file that are not the model's. */
  get passedOver(): readonly string[] {
    const own = new Set(this.fileNames.values());
    return this.file.tensorNames.filter((name) => !own.has(name));
  }

  has(name: string): boolean {
    return this.fileNames.has(name);
  }

  /** What the file itself calls a tensor. @throws EimError `invalid-data` where there is no such tensor */
  nameInFile(name: string): string {
    const found = this.fileNames.get(name);
    if (found !== undefined) return found;
    throw missingTensor(this.name, name, this.tensorNames);
  }

  info(name: string): TensorDescription {
    return { ...this.file.info(this.nameInFile(name)), name };
  }

  async read(name: string): Promise<WeightTensor> {
    return { ...(await this.file.read(this.nameInFile(name))), name };
  }

  readRuns(name: string, rowLength?: number): AsyncIterable<ValueRun> {
    return this.file.readRuns(this.nameInFile(name), rowLength);
  }

  blocks(name: string): PublishedBlocks | undefined {
    return this.file.blocks?.(this.nameInFile(name));
  }

  async *tensors(): AsyncGenerator<WeightTensor> {
    for (const name of this.fileNames.keys()) yield await this.read(name);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/**
 * Finds the model in a file of weights, whatever its format: in a trainer's checkpoint under `model`, `state_dict` and
 * the like; behind the prefixes of wrappers (`module.`, `_orig_mod.`), where all names of the model have them.
 * @returns all of the file, with the `problem`, where that is not clear
 * @example
 * const weights = findModel(await openWeightFile(source));
 * if (weights.problem) throw weights.problem;
 * weights.tensorNames; // ['transformer.wte.weight', ...] of a file with '_orig_mod.transformer.wte.weight'
 */
export function findModel(file: WeightFile): ModelWeights {
  const { paths = [], besides = [] } = file.modelPlace ?? {};
  const everything = (problem: EimError) =>
    new ModelWeights(file, new Map(file.tensorNames.map((name) => [name, name])), '', problem);
  if (paths.length > 1) return everything(severalModels(file.name, paths));
  const [path] = paths;
  const start = path === undefined ? '' : `${path}.`;
  const names = file.tensorNames.filter(
    (name) => name.startsWith(start) && !besides.some((other) => name.startsWith(`${other}.`)),
  );
  const { fileNames, prefix, fault } = unwrapNames(names.map((name) => name.slice(start.length)));
  if (fault !== undefined) return everything(mixedNames(file.name, fault));
  return new ModelWeights(
    file,
    new Map([...fileNames].map(([name, inPart]) => [name, start + inPart])),
    start + prefix,
  );
}

const severalModels = (file: string, paths: readonly string[]): EimError =>
  new EimError({
    code: 'invalid-file',
    message: `${file} holds several models: ${paths.map((path) => `"${path}"`).join(' and ')}.`,
    advice: `Save the one that you mean by itself, in Python: torch.save(torch.load(FILE)["${paths[0]}"], "model.pt").`,
    data: { file, paths },
  });

const mixedNames = (file: string, fault: string): EimError =>
  new EimError({
    code: 'invalid-file',
    message: `${file}: ${fault}.`,
    advice: 'Save the state dictionary of the model that is inside, and of it alone.',
    data: { file },
  });
