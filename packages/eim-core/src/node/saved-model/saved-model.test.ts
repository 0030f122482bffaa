import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError, type Tokenizer } from '@eim/contracts';
import { createRandomStream, startEngine } from '@eim/engine';
import { readSafetensorsFile, writeSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerAll } from '../../answering/answer-rows.js';
import { type CreatedModel, createModel } from '../../plugins/create-model.js';
import { loadFromList } from '../../plugins/resolve-plugin.js';
import { readParameters, type WeightMismatch } from '../../saved-model/assign-parameters.js';
import {
  createTinyTokenizer,
  TinyQuantisedLanguageModel,
  tinyPlugin,
} from '../../testing/tiny-parts/index.js';
import { loadModel } from './load-model.js';
import { saveModel } from './save-model.js';

const root = mkdtempSync(join(tmpdir(), 'eim-saved-'));
const loadPlugin = loadFromList({ tiny: tinyPlugin });
const tokenizer = createTinyTokenizer(['red', 'blue', 'disc']);
const config = {
  encoder: { use: 'tiny', preset: 'large', options: { tokenSize: 7 } },
  st: { use: 'tiny/linear' },
  llm: { use: 'tiny' },
};
const createTokenizer = (json: unknown): Tokenizer => {
  const { model } = json as { model: { vocab: Record<string, number> } };
  return createTinyTokenizer(Object.keys(model.vocab).slice(4));
};
const options = { loadPlugin, createTokenizer };
let created: CreatedModel;
let folder: string;
let count = 0;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  created = await createModel(config, { loadPlugin, random: createRandomStream(5), tokenizer });
});
afterAll(() => {
  created.model.dispose();
  rmSync(root, { recursive: true });
});
beforeEach(async () => {
  folder = join(root, `model-${count++}`);
  await saveModel(folder, created);
});

const errorOf = async (run: () => Promise<unknown>): Promise<EimError> => {
  const caught: unknown = await run().catch((error: unknown) => error);
  if (EimError.isInstance(caught)) return caught;
  throw new Error('no EimError was thrown', { cause: caught });
};

describe('a saved model', () => {
  it('comes back bit for bit from its folder alone', async () => {
    const before = tf.memory().numTensors;
    expect(readdirSync(folder).sort()).toEqual(['model.json', 'model.safetensors', 'tokenizer.json']);
    const loaded = await loadModel(folder, options);
    expect(loaded.description.parts.encoder).toEqual({
      use: 'tiny/rows',
      preset: 'large',
      options: { imageSize: 8, tokenSize: 7, pooledSize: 5 },
    });
    expect(await readParameters(loaded.model.parameters())).toEqual(
      await readParameters(created.model.parameters()),
    );
    const pixels = createRandomStream(1).uniformTensor([2, 8, 8, 3]) as tf.Tensor4D;
    const caption = (model: typeof created.model) =>
      answerAll(model, [{ picture: 0 }, { picture: 1 }], { pictures: { pixels }, maxNewTokens: 5 });
    expect(await caption(loaded.model)).toEqual(await caption(created.model));
    pixels.dispose();
    loaded.model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes new weights of the same model, and refuses another model', async () => {
    const { variable } = created.model.st.parameters()[0]!;
    tf.tidy(() => variable.assign(tf.add(variable, 1)));
    await saveModel(folder, created);
    const loaded = await loadModel(folder, options);
    const [saved] = loaded.model.st.parameters();
    expect(saved!.variable.dataSync()).toEqual(variable.dataSync());
    loaded.model.dispose();

    const other = await createModel(
      { ...config, encoder: { use: 'tiny' } },
      { loadPlugin, random: createRandomStream(5), tokenizer },
    );
    const error = await errorOf(() => saveModel(folder, other));
    expect(error.message).toContain('already holds a model');
    other.model.dispose();
    (await loadModel(folder, options)).model.dispose();
  });

  it('lists every tensor that is missing, unexpected or of another shape in one error', async () => {
    const before = tf.memory().numTensors;
    const file = join(folder, 'model.safetensors');
    const { tensors, metadata } = await readSafetensorsFile(file);
    const changed = [...tensors.values()].flatMap((tensor) => {
      if (tensor.name === 'st.bias') return [];
      if (tensor.name === 'st.weight') return [{ ...tensor, shape: [...tensor.shape].reverse() }];
      return [tensor];
    });
    const extra = { name: 'st.gate', dtype: 'F32', shape: [1], data: new Float32Array(1) } as const;
    await writeSafetensorsFile(file, [...changed, extra], metadata);
    const error = await errorOf(() => loadModel(folder, options));
    expect(error.code).toBe('invalid-file');
    const mismatch = error.data as unknown as WeightMismatch;
    expect(mismatch.missing).toEqual(['st.bias']);
    expect(mismatch.unexpected).toEqual(['st.gate']);
    expect(mismatch.misshapen).toEqual([{ name: 'st.weight', expected: [5, 16], actual: [16, 5] }]);
    expect(error.message).toContain(file);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses weights of another model', async () => {
    const other = join(root, 'other');
    const model = await createModel(
      { ...config, llm: { use: 'tiny', options: { contextLength: 20 } } },
      { loadPlugin, random: createRandomStream(5), tokenizer },
    );
    await saveModel(other, model);
    model.model.dispose();
    cpSync(join(other, 'model.safetensors'), join(folder, 'model.safetensors'));
    expect((await errorOf(() => loadModel(folder, options))).message).toContain('different models');
  });

  it('names the file that is absent or broken', async () => {
    const absent = await errorOf(() => loadModel(join(root, 'nothing'), options));
    expect([absent.code, absent.message.includes('model.json')]).toEqual(['missing-file', true]);

    const file = join(folder, 'model.json');
    const text = readFileSync(file, 'utf8');
    const broken = { ...(JSON.parse(text) as object), weights: '../elsewhere', colour: 1 };
    writeFileSync(file, JSON.stringify(broken));
    const { data } = await errorOf(() => loadModel(folder, options));
    expect((data.issues as { path: string }[]).map(({ path }) => path)).toEqual(['weights', '']);

    writeFileSync(file, text.slice(0, 40));
    expect((await errorOf(() => loadModel(folder, options))).message).toContain(`${file} is not JSON`);

    writeFileSync(file, JSON.stringify({ ...(JSON.parse(text) as object), contractVersion: 9 }));
    expect((await errorOf(() => loadModel(folder, options))).code).toBe('contract-mismatch');

    writeFileSync(file, text);
    rmSync(join(folder, 'tokenizer.json'));
    expect((await errorOf(() => loadModel(folder, options))).message).toContain('tokenizer.json');
  });

  it('refuses options that JSON cannot carry', async () => {
    const parts = { ...created.parts, st: { use: 'tiny/linear', options: { scale: { by: Number.NaN } } } };
    const error = await errorOf(() => saveModel(join(root, 'nan'), { ...created, parts }));
    expect(error.message).toContain("'scale.by' of the st (tiny/linear)");
  });

  it('refuses to lose weights that are read-only', async () => {
    const llm = new TinyQuantisedLanguageModel({ random: createRandomStream(6), tokenizer });
    const model = { ...created.model, llm };
    const error = await errorOf(() => saveModel(join(root, 'quantised'), { ...created, model }));
    expect(error.message).toContain("its weight 'head.weight' (int8) is read-only");
    llm.dispose();
  });
});
