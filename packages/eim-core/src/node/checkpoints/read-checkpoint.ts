import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { readSafetensorsFile } from '@eim/weights/node';
import type { Checkpoint, CheckpointGroup } from '../../training/checkpoints/checkpoint.js';
import type { NamedArray } from '../../training/optimizer/snapshot.js';
import { hashFile } from './hash-file.js';
import type { StateFile } from './write-checkpoint.js';

/** Reads one checkpoint folder. @throws EimError `invalid-file` or `missing-file` naming the file */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const { state, files } = await readState(join(folder, 'state.json'));
  const tensors: Partial<Record<CheckpointGroup, NamedArray[]>> = {};
  for (const [name, hash] of Object.entries(files)) {
    const path = join(folder, name);
    const found = await hashFile(path).catch((cause) => {
      throw new EimError({
        code: 'missing-file',
        message: `${path} cannot be read.`,
        data: { file: path },
        cause,
      });
    });
    if (found !== hash) throw damaged(path, 'its contents are not those that were written');
    const contents = await readSafetensorsFile(path);
    tensors[name.replace(/\.safetensors$/, '') as CheckpointGroup] = [...contents.tensors.values()].map(
      ({ name: tensorName, shape, data }) => ({ name: tensorName, shape, data: data as Float32Array }),
    );
  }
  return { state, tensors };
}

/** Reads all of a checkpoint but its tensors. @throws EimError `invalid-file` naming the file */
export async function readState(path: string): Promise<StateFile> {
  let contents: Partial<StateFile>;
  try {
    contents = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw damaged(path, 'it is no JSON', cause);
  }
  const { state, files } = contents;
  if (!state || !files) throw damaged(path, "it has no 'state' and 'files'");
  if (state.formatVersion !== 1) {
    throw damaged(path, `its format is ${String(state.formatVersion)}, where this version reads 1`);
  }
  return { state, files };
}

function damaged(file: string, why: string, cause?: unknown): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${file} is damaged: ${why}.`,
    data: { file },
    cause,
  });
}
