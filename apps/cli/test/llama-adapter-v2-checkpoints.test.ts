import { readdirSync } from 'node:fs';
import { giveLlmValues } from '@eim/core';
import clip from '@eim/encoder-clip';
import { startEngine } from '@eim/engine';
import llama from '@eim/llm-llama';
import { openPublishedWeights } from '@eim/weights/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { behindModule, expectClose, valuesOf } from './adapter-originals.js';
import {
  dispose,
  entry,
  FIXED,
  filesOf,
  headCounts,
  loadParts,
  originals,
} from './llama-adapter-v2-parts.js';
import { scratchFolder } from './run-eim.js';

const scratch = scratchFolder();

beforeAll(() => startEngine({ engine: 'wasm' }));

describe.skipIf(!originals.present)('checkpoints of LLaMA-Adapter V2', () => {
  test.for([
    [/^BIAS.*\.pth$/, 'finetune'],
    [/^LORA.*\.pth$/, 'lora'],
    [/^checkpoint-\d+\.pth$/, 'finetune'],
  ] as const)('%s holds the weights of %s', async ([pattern, kind], { skip }) => {
    const file = originals.present
      ? readdirSync(originals.folder).find((one) => pattern.test(one))
      : undefined;
    const lacks = originals.lacks(...FIXED, ...filesOf(kind), file ?? String(pattern));
    skip(lacks !== undefined, lacks);
    const parts = await loadParts(kind);
    const { encoder, llm } = parts;
    await originals.opened(file!, async (weights) => {
      expect(entry.recognise(weights)).toBe(true);
      const behind = await openPublishedWeights(await behindModule(weights, scratch));
      for (const one of [weights, behind]) {
        const given = { ...entry.describe(one), visualHeadCount: headCounts().visual };
        const st = await entry.load(one, { encoder, llm }, entry.optionsSchema.parse(given));
        expectNear(valuesOf(st), valuesOf(parts.st));
        // what the file holds for LLaMA is given to the base
        const tuned = await originals.opened('weights.llama.safetensors', (base) =>
          llama.languageModels.llama.load({ ...base, config: originals.json('params.json') }, {}),
        );
        giveLlmValues(st, tuned);
        expectNear(valuesOf(tuned), valuesOf(llm));
        tuned.dispose();
        st.dispose();
      }
      await behind.close();
      if (!weights.has('llama.tok_embeddings.weight')) return;
      // a training state holds LLaMA and CLIP too
      const described = await originals.opened('weights.llama.safetensors', async (base) =>
        llama.languageModels.llama.describe({ ...base, config: originals.json('params.json') }),
      );
      const { llama: language } = llama.languageModels;
      const found = await language.load(weights, {}, language.optionsSchema.parse(described));
      expectNear(valuesOf(found), valuesOf(llm));
      const { vit } = clip.encoders;
      const tower = { ...vit.describe(weights), headCount: headCounts().clip, projectedTokens: true };
      const seen = await vit.load(weights, {}, vit.optionsSchema.parse(tower));
      expectNear(valuesOf(seen), valuesOf(encoder));
      for (const part of [found, seen]) part.dispose();
    });
    dispose(parts);
  });

  test('an adapter file that contradicts itself is refused by the field', async ({ skip }) => {
    const file = originals.present
      ? readdirSync(originals.folder).find((one) => /^BIAS.*\.pth$/.test(one))
      : undefined;
    skip(file === undefined, `${originals.folder} lacks BIAS*.pth`);
    await originals.opened(file!, async (weights) => {
      expect(weights.config.config).toMatchObject({ w_bias: true, w_lora: false });
      const other = { ...weights, config: { config: { w_bias: true, w_lora: true, lora_rank: 16 } } };
      expect(() => entry.describe(other)).toThrow(/w_lora/);
    });
  });
});

/** The same parameters, equal to the last bit but for what a file keeps in half precision. */
function expectNear(found: Record<string, Float32Array>, wanted: Record<string, Float32Array>): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted))
    expectClose(found[name]!, values, name, { absolute: 1e-6, relative: 1e-3 });
}
