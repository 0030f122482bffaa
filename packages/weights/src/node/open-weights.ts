import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import { openWeightFile } from '../open-weight-file.js';
import { MAXIMUM_INDEX_BYTES, readShardIndex } from '../shard-index.js';
import { ShardedWeights } from '../sharded-weights.js';
import type { WeightFile } from '../weight-file.js';
import { openFile } from './open-file.js';

/** What a folder's weights are called, the first that is there counts; several of one kind are a question. */
const PREFERRED = [
  /^model\.safetensors\.index\.json$/,
  /^model\.safetensors$/,
  /\.safetensors\.index\.json$/,
  /\.safetensors$/,
  /^pytorch_model\.bin\.index\.json$/,
  /^pytorch_model\.bin$/,
  /^open_clip_pytorch_model\.bin$/,
  /\.bin\.index\.json$/,
  /\.(pt|pth)$/,
  /\.gguf$/,
];

/**
 * Opens published weights by path: one file of any format, a `*.index.json` of sharded ones, or a folder that
 * holds either under its usual name. Only headers are read. Close it when done.
 * @throws EimError `missing-file`, `invalid-file` or `invalid-data`, naming file and fault
 */
export async function openWeights(path: string): Promise<WeightFile> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isFolder) return await openWeights(join(path, await weightsIn(path)));
  if (!/\.json$/i.test(path)) return await openWeightFile(await openFile(path));
  const index = readShardIndex(await readIndex(path), path);
  return await ShardedWeights.open(path, index, async (fileName) =>
    openWeightFile(await openFile(join(dirname(path), fileName))),
  );
}

async function weightsIn(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  for (const pattern of PREFERRED) {
    const found = names.filter((name) => pattern.test(name));
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      throw new EimError({
        code: 'invalid-argument',
        message: `${folder} holds several weight files: ${found.join(', ')}.`,
        advice: 'Name one of them, or their index.',
        data: { folder, found },
      });
    }
  }
  throw new EimError({
    code: 'missing-file',
    message: `${folder} holds no weights.`,
    advice:
      'Expected model.safetensors, pytorch_model.bin, an index of shards, or a .pt, .pth or .gguf file.',
    data: { folder },
  });
}

async function readIndex(path: string): Promise<string> {
  const file = await openFile(path);
  try {
    if (file.size > MAXIMUM_INDEX_BYTES) {
      throw new EimError({
        code: 'invalid-file',
        message: `${path} has ${file.size} bytes, too many for an index of shards.`,
        data: { file: path },
      });
    }
    return new TextDecoder().decode(await file.read(0, file.size));
  } finally {
    await file.close();
  }
}
