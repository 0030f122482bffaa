import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelParts, SemanticTransform } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import llama from '@eim/llm-llama';
import sts, { type Lavin, lavinPresets } from '@eim/st-adapters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CORRECTED,
  folder,
  isPresent,
  isWithout,
  loadEncoder,
  loadLlm,
  loadTransform,
  opened,
  setConfig,
  statedOptions,
  WEIGHT_FILES,
} from './lavin-set.js';

const { lavin } = sts.semanticTransforms;

const valuesOf = (st: Pick<SemanticTransform, 'parameters'>) =>
  new Map(st.parameters().map(({ name, variable }) => [name, variable.dataSync()]));

describe.skipIf(isWithout(...WEIGHT_FILES))('files of LaVIN’s program', () => {
  let neighbours: Pick<ModelParts, 'encoder' | 'llm'>;
  let adapters: SemanticTransform;

  beforeAll(async () => {
    await startEngine({ engine: 'wasm' });
    neighbours = { encoder: await loadEncoder(), llm: await loadLlm() };
    adapters = await loadTransform(neighbours, statedOptions(setConfig().temperatures[0]!, CORRECTED));
  });
  afterAll(() => {
    for (const part of [adapters, neighbours?.encoder, neighbours?.llm]) part?.dispose();
  });

  test('what learns is what the program trains', () => {
    const sizes = adapters.parameters().map(({ variable }) => variable.size);
    expect(sizes.length).toBe(setConfig().trainable.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(setConfig().trainable_count);
    const decayed = adapters.parameters().filter(({ role }) => role === 'weight' || role === 'embedding');
    expect(decayed.every(({ variable }) => variable.shape.length > 1)).toBe(true);
    const others = adapters.parameters().filter(({ role }) => role !== 'weight' && role !== 'embedding');
    expect(others.every(({ variable }) => variable.shape.length === 1)).toBe(true);
  });

  test('what is written for the program is what it gave', async ({ skip }) => {
    const { pictureWords, textWords } = lavinPresets['7b'];
    const st = await loadTransform(neighbours, { temperature: 10, pictureWords, textWords });
    skip(st.hiddenLayers!.length * 4 > neighbours.encoder.blockCount, 'the encoder has too few blocks');
    const [written] = lavin.exports;
    const { tensors, ...rest } = await written.checkpoint(st as Lavin);
    expect(rest).toEqual({ place: 'model' });
    await opened('weights.adapters.safetensors', async (weights) => {
      expect(tensors.map(({ name }) => name).sort()).toEqual([...weights.tensorNames].sort());
      expect(new Set(tensors.map(({ name }) => name))).toEqual(new Set(setConfig().trainable));
      for (const { name, shape, values } of tensors) {
        expect(await weights.read(name), name).toMatchObject({ shape, data: values });
      }
    });
    st.dispose();
  });

  const checkpoints = isPresent ? readdirSync(folder).filter((file) => /^checkpoint.*\.pth$/.test(file)) : [];
  test.for(checkpoints)(
    '%s: names behind `module.`, states of a paged optimizer beside them',
    async (file) => {
      const { options, parameters } = await opened(file, async (weights) => {
        expect(lavin.recognise(weights)).toBe(true);
        const st = await lavin.load(
          weights,
          neighbours,
          lavin.optionsSchema.parse({
            ...lavin.describe(weights),
            ...statedOptions(setConfig().temperatures[0]!, CORRECTED),
          }),
        );
        return { options: lavin.describe(weights), parameters: valuesOf(st) };
      });
      expect(options).toMatchObject({ temperature: 10, encoderAdapters: true });
      // the optimizer took one step at a rate of 0
      expect(parameters).toEqual(valuesOf(adapters));
    },
  );

  const releases = ['7B', '13B'].filter((name) => existsSync(join(folder, 'weights', name)));
  test.for(releases)('weights/%s gives the same LLaMA, in however many shards', async (release) => {
    const llm = await opened(`weights/${release}`, (weights) => llama.languageModels.llama.load(weights, {}));
    const [found, wanted] = [valuesOf(llm), valuesOf(neighbours.llm)];
    expect([...found.keys()]).toEqual([...wanted.keys()]);
    for (const [name, values] of wanted) expect(found.get(name), name).toEqual(values);
    llm.dispose();
  });
});
