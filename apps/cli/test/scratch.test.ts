import { describePlanCost, planMultiplyAdds } from '@eim/core';
import { createPluginLoader } from '@eim/core/node';
import { measureMultiplyAdds, startEngine, multiplyAddsSoFar } from '@eim/engine';
import { memory, profile } from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';
import { readConfig } from '../src/config/read-config.js';
import { openDataset } from '../src/data/open-dataset.js';
import { buildModel } from '../src/model/build-model.js';

const loadPlugin = createPluginLoader({ configFolder: process.cwd(), workingDirectory: process.cwd(), builtIns: BUILT_IN_PACKAGES });

test('rsicd', async () => {
  const { config } = await readConfig('configs/rsicd-eim.yaml', { environment: { EIM_DATA: '/work/shared/data' }, workingFolder: process.cwd() });
  const dataset = await openDataset(config.data);
  for (const engine of [undefined, 'wasm', 'node', 'cpu'] as const) {
    if (engine) await startEngine({ engine });
    const t = performance.now();
    const d = await describePlanCost(config.model, { loadPlugin, plan: config.plan, sizes: { pictures: 1800, captionsPerPicture: 5, textLength: 26 }, vocabulary: { vocabularySize: 2000, specialTokens: { begin: 0, end: 1, pad: 2 } } });
    console.log(engine, performance.now() - t, JSON.stringify(d.cost.segments, null, 1), d.cost.total, d.inference, JSON.stringify(d.cost.ledger.parts));
    if (engine && engine !== 'cpu') {
      const { model, tokenizer } = await buildModel(config, dataset, loadPlugin);
      const t = performance.now();
      const c = await planMultiplyAdds({ model, plan: config.plan, dataset, tokenizer, maxTokens: config.training.maxTextLength! });
      console.log(engine, performance.now() - t, c.segments.map(({ name, perStep, encoding, memory }) => ({ name, perStep, encoding, peak: memory.peak })), c.total, memory().numTensors);
      model.dispose();
    }
  }
}, 300000);

test('large', async () => {
  const ask = async (name: string, model: Parameters<typeof describePlanCost>[0], learn: object) => {
    global.gc?.();
    const rss = process.memoryUsage().rss;
    const t = performance.now();
    const d = await describePlanCost(model, { loadPlugin, sizes: { pictures: 1000, textLength: 64 }, plan: { segments: [{ name: 'joint', learn, objective: { use: 'caption', options: {}, weightDecay: 0 }, data: { split: 'train', augment: [] }, until: { steps: 10 }, batchSize: 8, captionsPerPicture: 1, schedule: 'cosine', optimizer: { beta1: 0.9, beta2: 0.98, epsilon: 1e-8 } } as never] } });
    console.log(name, `${(performance.now() - t).toFixed(0)} ms`, `${((process.memoryUsage().rss - rss) / 1e6).toFixed(1)} MB`, JSON.stringify(d.cost.segments), d.inference, JSON.stringify(d.cost.ledger.parts), d.parameters.length);
  };
  const full = { select: 'full', learningRate: 1e-4, weightDecay: 0, layerDecay: 1 };
  const medium = { encoder: { use: '@eim/encoder-clip/vit', preset: 'vit-l-14' }, st: { use: '@eim/st-adapters/clipcap-mlp', options: { prefixLength: 10 } }, llm: { use: '@eim/llm-gpt2', preset: 'gpt2-medium' } };
  await ask('medium all', medium, { encoder: full, st: full, llm: full });
  await ask('medium all', medium, { encoder: full, st: full, llm: full });
  await ask('medium st', medium, { st: full });
  await ask('llama', { ...medium, llm: { use: '@eim/llm-llama', preset: 'llama2-7b' } }, { st: full });
  await ask('llama', { ...medium, llm: { use: '@eim/llm-llama', preset: 'llama2-7b' } }, { llm: full, st: full });
}, 300000);
