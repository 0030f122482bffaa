import { readFileSync } from 'node:fs';
import type { ModelConfig } from '@eim/core';
import { createPluginLoader } from '@eim/core/node';
import { describePlanCost, parsePlan } from '@eim/core/training';
import { currentEngine, listEngines, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';

const here = process.cwd();
const loadPlugin = createPluginLoader({
  configFolder: here,
  workingDirectory: here,
  builtIns: BUILT_IN_PACKAGES,
});

/** What configs/rsicd-eim.yaml costs where every caption takes all of its 26 tokens. */
async function rsicd() {
  const { model, plan } = parse(readFileSync('configs/rsicd-eim.yaml', 'utf8'));
  return describePlanCost(model, {
    loadPlugin,
    plan: parsePlan(plan),
    sizes: { pictures: 1800, captionsPerPicture: 5, textLength: 26 },
    vocabulary: { vocabularySize: 2000, specialTokens: { begin: 0, end: 1, pad: 2 } },
  });
}

describe('configs/rsicd-eim.yaml', () => {
  test('costs the same before any engine runs and on wasm, cpu and, where it is installed, node', async () => {
    const before = await rsicd();
    expect(currentEngine()).toBeUndefined();
    const { name, perStep, byLength } = before.cost.segments.at(-1)!;
    expect({ name, perStep }).toEqual({ name: 'bridge', perStep: 4_784_226_304 });
    expect(byLength[0]!.perStepBy).toEqual({
      encoder: 0,
      st: 54_525_952,
      llm: 4_729_700_352,
      objective: 0,
    });
    const installed = (await listEngines()).filter(({ ok }) => ok).map(({ name: engine }) => engine);
    const engines = (['wasm', 'cpu', 'node'] as const).filter((engine) => installed.includes(engine));
    expect(engines.length).toBeGreaterThanOrEqual(2);
    for (const engine of engines) {
      await startEngine({ engine });
      const tensors = { ...memory() };
      expect(await rsicd()).toEqual(before);
      expect({ ...memory() }).toEqual(tensors);
    }
  });
});

/** Prompts that are parameters and nothing else multiply nothing of their own: the LLM's blocks do. */
const PROMPTS_ALONE = '@eim/st-adapters/llama-adapter text';

/** A plan that trains everything by captions, eight at a time. */
const learn = { select: 'full', learningRate: 1e-4 } as const;
const everything = parsePlan({
  segments: [
    {
      name: 'joint',
      learn: { encoder: learn, st: learn, llm: learn },
      objective: 'caption',
      data: 'train',
      until: { steps: 10 },
      batchSize: 8,
    },
  ],
});
const sizes = { pictures: 8, textLength: 32 };

describe('published sizes', () => {
  const mapper = { use: '@eim/st-adapters/clipcap-mlp', options: { prefixLength: 10 } };
  const vit = { use: '@eim/encoder-clip/vit', preset: 'vit-l-14' };

  test('GPT-2 medium behind ViT-L/14, and a LLaMA of 7 billion parameters, take seconds and no memory', async () => {
    const began = performance.now();
    const before = process.memoryUsage();
    const { cost } = await describePlanCost(
      { encoder: vit, st: mapper, llm: { use: '@eim/llm-gpt2', preset: 'gpt2-medium' } },
      { loadPlugin, plan: everything, sizes },
    );
    expect(cost.ledger.parts.llm.inference).toBe(354_823_168);
    const llama = await describePlanCost(
      { encoder: vit, st: mapper, llm: { use: '@eim/llm-llama', preset: 'llama2-7b' } },
      { loadPlugin, plan: everything, sizes },
    );
    expect(llama.cost.ledger.parts.llm.inference).toBe(6_738_415_616);
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(10e6);
  });

  test('every preset of every part that comes with the command can be counted', async () => {
    const small: ModelConfig = {
      // As many blocks as published STs read class tokens of, and put prompts into.
      encoder: { use: '@eim/encoder-clip/vit', preset: 'tiny', options: { blockCount: 24 } },
      st: { use: '@eim/st-adapters/linear', options: { source: 'pooled' } },
      llm: { use: '@eim/llm-llama', preset: 'tiny', options: { blockCount: 32 } },
    };
    const vocabulary = { vocabularySize: 2000, specialTokens: { begin: 0, end: 1, pad: 2 } };
    let counted = 0;
    for (const packageName of Object.keys(BUILT_IN_PACKAGES)) {
      const found = await loadPlugin(packageName);
      if (!found.found) throw new Error(`${packageName} is not found`);
      const kinds = { encoders: 'encoder', semanticTransforms: 'st', languageModels: 'llm' } as const;
      for (const [kind, part] of Object.entries(kinds)) {
        const entries = (found.manifest as Record<string, Record<string, { presets: object }>>)[kind] ?? {};
        for (const [entry, { presets }] of Object.entries(entries)) {
          for (const preset of Object.keys(presets)) {
            const model = { ...small, [part]: { use: `${packageName}/${entry}`, preset } };
            const { cost } = await describePlanCost(model, {
              loadPlugin,
              plan: everything,
              sizes,
              vocabulary,
            });
            const name = `${packageName}/${entry} ${preset}`;
            const spent = expect(cost.segments[0]!.byLength[0]!.perStepBy[part], name);
            if (name === PROMPTS_ALONE) spent.toBe(0);
            else spent.toBeGreaterThan(0);
            counted += 1;
          }
        }
      }
    }
    expect(counted).toBeGreaterThan(20);
  });
});
