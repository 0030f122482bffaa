import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportedCheckpoint, PublishedWeights } from '@eim/contracts';
import type { LanguageModel } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import gpt2 from '@eim/llm-gpt2';
import llama from '@eim/llm-llama';
import sts, { type ClipCapMlp, type ClipCapTransformer } from '@eim/st-adapters';
import { pytorchChunks } from '@eim/weights';
import { type OpenedWeights, openPublishedWeights } from '@eim/weights/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { valuesOf } from './adapter-originals.js';
import {
  dispose,
  FIXED,
  filesOf,
  headCounts,
  loadParts,
  entry as v2Entry,
  originals as v2Set,
} from './llama-adapter-v2-parts.js';
import { Originals } from './originals.js';
import { PYTHON, runReference } from './python.js';
import { scratchFolder } from './run-eim.js';

const scratch = scratchFolder();
const clipcapSet = new Originals('clipcap');
const v1Set = new Originals('llama-adapter-v1');
const { semanticTransforms: entries } = sts;

beforeAll(() => startEngine({ engine: 'wasm' }));

/** The checkpoint as a file that is open; Python reads it too, where there is one, and finds what the original file holds. */
async function written<Result>(
  target: string,
  checkpoint: ExportedCheckpoint,
  original: string | undefined,
  use: (weights: OpenedWeights) => Promise<Result>,
): Promise<Result> {
  const path = join(scratch, `${target}-${Math.random()}.pth`);
  writeFileSync(path, Buffer.concat([...pytorchChunks(checkpoint)]));
  if (PYTHON) runReference('export_check.py', target, path, ...(original ? [original] : []));
  const weights = await openPublishedWeights(path);
  try {
    return await use(weights);
  } finally {
    await weights.close();
  }
}

/** All names, shapes and values of the original file; halves are as near as halves are. */
async function expectSame(found: PublishedWeights, original: PublishedWeights, except = /$^/): Promise<void> {
  const names = original.tensorNames.filter((name) => !except.test(name));
  expect([...found.tensorNames].sort()).toEqual([...names].sort());
  for (const name of names) {
    const [mine, theirs] = [await found.read(name), await original.read(name)];
    expect(mine.shape, name).toEqual(theirs.shape);
    const nearest = theirs.dtype === 'F16' ? 2 ** -11 : 0;
    (theirs.data as Float32Array).forEach((value, index) => {
      const error = Math.abs((mine.data as Float32Array)[index]! - value);
      if (error > nearest * Math.abs(value)) expect(error, `${name}[${index}]`).toBe(0);
    });
  }
}

const llmBeside = (llm: LanguageModel) => ({
  llmValues: async (name: string) => valuesOf(llm)[name],
  llmTensors: async (target: string) => {
    const [written] = gpt2.languageModels.gpt2.exports;
    return target === written.target ? (await written.checkpoint(llm as never)).tensors : undefined;
  },
});

describe.skipIf(!clipcapSet.present)('written for ClipCap', () => {
  const files = clipcapSet.present
    ? readdirSync(clipcapSet.folder).filter((file) => file.endsWith('.pt'))
    : [];

  test.for(files)('%s is written as it was read', async (file) => {
    const { gpt2: sizes } = clipcapSet.json('config.json');
    await clipcapSet.opened(file, async (weights) => {
      const llm = await gpt2.languageModels.gpt2.load({ ...weights, config: { n_head: sizes.n_head } }, {});
      const mapper = entries['clipcap-mlp'].recognise(weights) ? 'clipcap-mlp' : 'clipcap-transformer';
      const first = mapper === 'clipcap-mlp' ? 'model.0.weight' : 'linear.weight';
      const [, pooledSize = 0] = weights.info(`clip_project.${first}`).shape;
      const encoder = { pooledSize, tokenSize: 1, tokenCount: 1, blockCount: 1, insertionPoints: [] };
      const st = await entries[mapper].load(weights, { encoder, llm });
      const [target] = entries[mapper].exports;
      const checkpoint = (neighbours?: ReturnType<typeof llmBeside>) =>
        target.checkpoint(st as ClipCapMlp & ClipCapTransformer, neighbours);
      await written('clipcap', await checkpoint(llmBeside(llm)), clipcapSet.path(file), async (found) => {
        await expectSame(found, weights, /\.attn\.(masked_)?bias$/);
        const again = await entries[mapper].load(found, { encoder, llm });
        expect(valuesOf(again)).toEqual(valuesOf(st));
        again.dispose();
      });
      // the mapper alone
      await written('clipcap', await checkpoint(), undefined, (found) =>
        expectSame(found, weights, /^gpt\./),
      );
      const foreign = {
        llmValues: async (name: string) => valuesOf(llm)[name],
        llmTensors: async () => undefined,
      };
      await expect(checkpoint(foreign)).rejects.toThrow(/have GPT-2 behind the mapper/);
      for (const part of [st, llm]) part.dispose();
    });
  });
});

describe.skipIf(!v1Set.present)('written for LLaMA-Adapter V1', () => {
  test('the adapter file is written as it was read, types of its gates included', async ({ skip }) => {
    const file = v1Set.present
      ? readdirSync(v1Set.folder).find((one) => /^adapter_.*\.pth$/.test(one))
      : undefined;
    skip(file === undefined, `${v1Set.folder} lacks adapter_*.pth`);
    const llm = await v1Set.opened('weights/7B', (weights) => llama.languageModels.llama.load(weights, {}));
    const encoder = { pooledSize: 8, tokenSize: 8, tokenCount: 1, blockCount: 1, insertionPoints: [] };
    await v1Set.opened(file!, async (weights) => {
      const { 'llama-adapter': entry } = entries;
      const st = await entry.load(weights, { encoder, llm });
      const [target] = entry.exports;
      await written('llama-adapter', await target.checkpoint(st), v1Set.path(file!), async (found) => {
        await expectSame(found, weights);
        const typesOf = (one: PublishedWeights) =>
          one.tensorNames.map((name) => [name, one.info(name).dtype]).sort();
        expect(typesOf(found)).toEqual(typesOf(weights));
        expect(entry.describe(found)).toEqual(entry.describe(weights));
      });
      st.dispose();
    });
    llm.dispose();
  });
});

describe.skipIf(!v2Set.present)('written for LLaMA-Adapter V2', () => {
  test.for([
    [/^BIAS.*\.pth$/, 'finetune'],
    [/^LORA.*\.pth$/, 'lora'],
  ] as const)('%s is written as it was read', async ([pattern, kind], { skip }) => {
    const file = v2Set.present ? readdirSync(v2Set.folder).find((one) => pattern.test(one)) : undefined;
    const lacks = v2Set.lacks(...FIXED, ...filesOf(kind), file ?? String(pattern));
    skip(lacks !== undefined, lacks);
    const { encoder, st: other, llm } = await loadParts(kind);
    await v2Set.opened(file!, async (weights) => {
      const given = { ...v2Entry.describe(weights), visualHeadCount: headCounts().visual };
      const st = await v2Entry.load(weights, { encoder, llm }, v2Entry.optionsSchema.parse(given));
      const [target] = v2Entry.exports;
      const checkpoint = await target.checkpoint(st, llmBeside(llm));
      // the program writes 16 whatever the matrices are
      const isLora = kind === 'lora';
      expect(checkpoint.beside).toEqual({
        config: { w_bias: true, w_lora: isLora, lora_rank: isLora ? st.options.loraRank : 16 },
      });
      await written('llama-adapter', checkpoint, isLora ? undefined : v2Set.path(file!), (found) =>
        expectSame(found, weights),
      );
      st.dispose();
    });
    dispose({ encoder, other, llm });
  });
});
