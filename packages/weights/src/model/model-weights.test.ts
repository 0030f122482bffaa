import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openWeightFile } from '../open-weight-file.js';
import trainers from '../pytorch/__fixtures__/trainers.json' with { type: 'json' };
import { bytesSource } from '../random-access-source.js';
import { SafetensorsFile } from '../safetensors-file.js';
import { writeSafetensors } from '../write-safetensors.js';
import { findModel } from './model-weights.js';
import { unwrapNames } from './unwrap-names.js';

interface Saved {
  readonly file: string;
  readonly model: Record<string, { shape: number[]; values: number[] }>;
  readonly prefix: string;
}
const read = trainers.read as unknown as Record<string, Saved>;
const open = async (base64: string) =>
  findModel(await openWeightFile(bytesSource(new Uint8Array(Buffer.from(base64, 'base64')), 'last.ckpt')));

test.each(Object.keys(read))('the model in what trainers save: %s', async (kind) => {
  const { file, model, prefix } = read[kind]!;
  const weights = await open(file);
  expect(weights.problem).toBeUndefined();
  expect(weights.tensorNames).toEqual(Object.keys(model));
  expect(weights.prefix).toBe(prefix);
  for (const [name, { shape, values }] of Object.entries(model)) {
    expect(weights.info(name), name).toMatchObject({ name, shape });
    const tensor = await weights.read(name);
    expect(tensor, name).toMatchObject({ name, shape });
    expect([...(tensor.data as Float32Array)], name).toEqual(values);
    if (prefix !== '') expect(weights.nameInFile(name)).toBe(prefix + name);
  }
});

test('what else a checkpoint holds is named as such', async () => {
  const weights = await open(read.torchvision!.file);
  expect(weights.passedOver).toContain('optimizer.state.0.exp_avg');
  expect(weights.passedOver.some((name) => name.startsWith('model.'))).toBe(false);
  expect(weights.has('optimizer.state.0.exp_avg')).toBe(false);
  await expect(weights.read('optimizer.state.0.exp_avg')).rejects.toThrow(/has no tensor "optimizer/);
});

test.each<[kind: keyof typeof trainers.unclear, problem: RegExp]>([
  ['an average beside', /last\.ckpt holds several models: "model" and "model_ema"\. Save the one/],
  ['two keys', /holds several models: "state_dict" and "net"/],
  ['one name compiled', /begin with "_orig_mod\.", and others, such as "lm_head\.weight", do not/],
  ['one name parallel', /begin with "module\.", and others, such as "lm_head\.weight", do not/],
  ['a metric beside', /begin with "model\.", and others, such as "loss\.weight", do not/],
])('a file in which the model is not clear says why: %s', async (kind, message) => {
  const weights = await open(trainers.unclear[kind]);
  expect(weights.problem?.message).toMatch(message);
  expect(weights.problem?.isUserMistake).toBe(true);
  expect(weights.tensorNames.length).toBeGreaterThan(0);
  expect(weights.passedOver).toEqual([]);
});

test.each<[kind: keyof typeof trainers.unclear, problem: RegExp]>([
  [
    'a module',
    /"model" in it asks for torch\.nn\.modules\.linear\.Linear, which is not on the list.*state_dict\(\)/,
  ],
  ['a command inside', /"model\.x" in it asks for (builtins|__builtin__)\.print/],
])('what is no tensor in the place of the model is refused by name: %s', async (kind, message) => {
  await expect(open(trainers.unclear[kind])).rejects.toThrow(message);
});

const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  'GPT-2': ['wte.weight', 'wpe.weight', 'h.0.ln_1.weight', 'ln_f.bias'],
  'GPT-2 with a head': ['transformer.wte.weight', 'transformer.h.0.attn.c_attn.weight', 'lm_head.weight'],
  'GPT-2 without a head': ['transformer.wte.weight', 'transformer.h.0.attn.c_attn.weight'],
  ClipCap: ['clip_project.model.0.weight', 'clip_project.model.2.bias', 'gpt.transformer.wte.weight'],
  "ClipCap's mapper": ['clip_project.prefix_const', 'clip_project.linear.weight'],
  'LLaMA of Hugging Face': [
    'model.embed_tokens.weight',
    'model.layers.0.mlp.up_proj.weight',
    'lm_head.weight',
  ],
  'LLaMA with a tied head': [
    'model.embed_tokens.weight',
    'model.layers.0.mlp.up_proj.weight',
    'model.norm.weight',
  ],
  'LLaMA of Meta': ['tok_embeddings.weight', 'layers.0.attention.wq.weight', 'output.weight'],
  'LLaMA of llama.cpp': ['token_embd.weight', 'blk.0.attn_q.weight', 'output_norm.weight'],
  'CLIP of Hugging Face': [
    'vision_model.embeddings.patch_embedding.weight',
    'text_projection.weight',
    'logit_scale',
  ],
  'CLIP vision': ['vision_model.embeddings.class_embedding', 'vision_model.post_layernorm.bias'],
  'CLIP of OpenAI': ['visual.conv1.weight', 'token_embedding.weight', 'positional_embedding', 'logit_scale'],
  'CLIP of OpenAI, residual': [
    'visual.attnpool.positional_embedding',
    'visual.layer1.0.bn1.weight',
    'ln_final.bias',
  ],
  MobileNet: ['mobilenet_v2.conv_stem.first_conv.convolution.weight', 'classifier.weight'],
  'MobileNet by operation': ['0.w', '0.b', '63.w'],
};
const WRAPPERS = ['module.', '_orig_mod.', 'model.', 'net.', 'module._orig_mod.', '_orig_mod.module.'];
const CASES = Object.entries(PUBLISHED);

test.each(CASES)('wrappers come off, and nothing else: %s', (_, names) => {
  expect(unwrapNames(names)).toEqual({ fileNames: new Map(names.map((name) => [name, name])), prefix: '' });
  for (const outer of ['', ...WRAPPERS]) {
    for (const inner of WRAPPERS) {
      const wrapped = names.map((name) => outer + inner + name);
      const { fileNames, prefix, fault } = unwrapNames(wrapped);
      expect([[...fileNames.keys()], prefix, fault], outer + inner).toEqual([
        names,
        outer + inner,
        undefined,
      ]);
      expect([...fileNames.values()]).toEqual(wrapped);
    }
  }
});

test('names that no known model has keep all but what says of itself that it wraps', () => {
  const names = ['model.a.weight', 'model.b.weight'];
  const left = (given: readonly string[]) => [...unwrapNames(given).fileNames.keys()];
  expect(left(names)).toEqual(names);
  expect(left(names.map((name) => `module.${name}`))).toEqual(names);
  expect(left(['encoder.module.a', 'encoder.b'])).toEqual(['encoder.module.a', 'encoder.b']);
  expect(left(['module.a', 'b'])).toEqual(['module.a', 'b']); // a part of that name
  expect(left(['weight'])).toEqual(['weight']);
  expect(left([])).toEqual([]);
});

test('a prefix on some of the names alone is never passed over', () => {
  const prefix = fc.constantFrom('module.', '_orig_mod.');
  fc.assert(
    fc.property(fc.constantFrom(...CASES), prefix, fc.array(fc.boolean()), ([, names], wrapper, on) => {
      const wrapped = names.map((name, index) => (on[index] ? wrapper + name : name));
      const { fileNames, fault } = unwrapNames(wrapped);
      const count = names.filter((_, index) => on[index]).length;
      if (count === 0 || count === names.length) expect([...fileNames.keys()]).toEqual(names);
      else if (fault === undefined)
        expect([...fileNames.keys()]).toEqual(wrapped); // and so refused as names unknown
      else expect(fault).toContain(`"${wrapper}"`);
      if (wrapper === '_orig_mod.' && count > 0 && count < names.length) expect(fault).toBeDefined();
    }),
  );
});

test('wrappers come off in other formats too', async () => {
  const tensors = ['module.wte.weight', 'module.h.0.ln_1.weight'].map((name) => ({
    name,
    dtype: 'F32' as const,
    shape: [1],
    data: Float32Array.of(name.length),
  }));
  const weights = findModel(await SafetensorsFile.open(bytesSource(writeSafetensors(tensors))));
  expect(weights.tensorNames).toEqual(['h.0.ln_1.weight', 'wte.weight']);
  expect((await weights.read('wte.weight')).data).toEqual(Float32Array.of(17));
});
