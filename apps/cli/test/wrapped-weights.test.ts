import { copyFile, mkdtemp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectWeights } from '@eim/runs';
import type { WeightTensor } from '@eim/weights';
import { openPublishedWeights, writeSafetensorsFile } from '@eim/weights/node';
import { expect, test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';
import { REPOSITORY, scratchFolder } from './run-eim.js';

const folder = scratchFolder();
const packages = BUILT_IN_PACKAGES;
const fixture = (path: string) => join(REPOSITORY, 'packages', path.replace('/', '/src/__fixtures__/'));

const FAMILIES = [
  'llm-gpt2/hugging-face',
  'llm-gpt2/without-prefix.safetensors',
  'llm-gpt2/clipcap.pt',
  'llm-llama/hugging-face',
  'llm-llama/llama.gguf',
  'encoder-clip/hugging-face',
  'encoder-clip/open-clip',
  'encoder-clip/openai-vit.pt',
  'encoder-clip/openai-resnet.pt',
  'encoder-mobilenet/hugging-face',
];
const WRAPPERS = ['module.', '_orig_mod.', 'model.', '_orig_mod.module.', 'model.module.'];

/** The same weights behind a prefix, with the same files beside them. */
async function wrap(path: string, prefix: string): Promise<string> {
  const target = await mkdtemp(join(folder, 'wrapped-'));
  const isFolder = (await stat(path)).isDirectory();
  const beside = isFolder
    ? (await readdir(path)).filter((name) => /^[a-z_]+config\.json$|^config\.json$/.test(name))
    : [];
  for (const name of beside) await copyFile(join(path, name), join(target, name));
  const weights = await openPublishedWeights(path);
  const tensors: WeightTensor[] = [];
  for (const name of weights.tensorNames) {
    tensors.push({ ...((await weights.read(name)) as WeightTensor), name: prefix + name });
  }
  await weights.close();
  const isOpenClip = beside.includes('open_clip_config.json');
  await writeSafetensorsFile(join(target, `${isOpenClip ? 'open_clip_' : ''}model.safetensors`), tensors);
  return target;
}

test.each(FAMILIES)('is known, and has its own names, behind every wrapper: %s', async (name) => {
  const path = fixture(name);
  const plain = await inspectWeights(path, { packages });
  expect(plain.families.length).toBeGreaterThan(0);
  const unwrapped = await openPublishedWeights(path);
  await unwrapped.close();
  for (const prefix of WRAPPERS) {
    const wrapped = await wrap(path, prefix);
    const { families, prefix: found, parameterCount } = await inspectWeights(wrapped, { packages });
    expect([families, found, parameterCount], prefix).toEqual([plain.families, prefix, plain.parameterCount]);
    const opened = await openPublishedWeights(wrapped);
    expect([...opened.tensorNames].sort(), prefix).toEqual([...unwrapped.tensorNames].sort());
    await opened.close();
  }
});
