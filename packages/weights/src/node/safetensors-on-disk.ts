import type { WeightTensor } from '../dtype.js';
import { SafetensorsFile } from '../safetensors-file.js';
import { safetensorsChunks } from '../write-safetensors.js';
import { openFile } from './open-file.js';
import { writeFileAtomically } from './write-file-atomically.js';

/** What a whole safetensors file holds. */
export interface SafetensorsContents {
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Opens a safetensors file to read tensors one by one. Close it when done. @throws EimError */
export async function openSafetensorsFile(path: string): Promise<SafetensorsFile> {
  const source = await openFile(path);
  try {
    return await SafetensorsFile.open(source);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Reads all tensors of a file, each into its own array. @throws EimError naming the file and the fault */
export async function readSafetensorsFile(path: string): Promise<SafetensorsContents> {
  const file = await openSafetensorsFile(path);
  try {
    const tensors = new Map<string, WeightTensor>();
    for await (const tensor of file.tensors()) tensors.set(tensor.name, tensor);
    return { tensors, metadata: file.metadata };
  } finally {
    await file.close();
  }
}

/** Writes a safetensors file atomically; see `writeFileAtomically`. @throws EimError */
export async function writeSafetensorsFile(
  path: string,
  tensors: readonly WeightTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomically(path, safetensorsChunks(tensors, metadata));
}
