import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainByteBpe } from '@eim/tokenizers';
import { writeSafetensorsFile } from '@eim/weights/node';
import { expect, test } from 'vitest';
import { eim, SHARED_DATA, scratchFolder } from './run-eim.js';

const folder = scratchFolder();
const tokenizer = join(folder, 'tokenizer.json');
writeFileSync(tokenizer, JSON.stringify(trainByteBpe(['a dog', 'a red dog'], { vocabularySize: 270 })));
const pipe = (input: string) => ({ shell: `printf '%s' '${input.replaceAll("'", `'\\''`)}' | "$@"` });

const gpt2 = join(folder, 'gpt2');
const tensor = (name: string, ...shape: number[]) =>
  ({ name, dtype: 'F16', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }) as const;

test('inspect lists tensors, counts parameters, and knows the family, tokenizer and preprocessing', async () => {
  mkdirSync(gpt2);
  writeFileSync(join(gpt2, 'config.json'), '{"model_type":"gpt2"}');
  writeFileSync(join(gpt2, 'preprocessor_config.json'), '{"size":224}');
  writeFileSync(
    join(gpt2, 'tokenizer.json'),
    JSON.stringify(trainByteBpe(['a dog'], { vocabularySize: 264 })),
  );
  await writeSafetensorsFile(join(gpt2, 'model.safetensors'), [
    tensor('wte.weight', 7, 4),
    tensor('h.0.attn.c_attn.weight', 4, 12),
  ]);
  const { code, out, err } = await eim(['inspect', gpt2, '--json']);
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toEqual({
    path: gpt2,
    format: 'safetensors',
    family: '@eim/llm-gpt2#gpt2',
    families: [{ part: 'llm', package: '@eim/llm-gpt2', name: 'gpt2' }],
    parameterCount: 76,
    tensorCount: 2,
    bytesAsFloats: 304,
    tokenizer: {
      files: ['tokenizer.json'],
      vocabularySize: 259,
      specialTokens: { begin: 1, end: 2, pad: 0 },
    },
    preprocessing: { size: 224 },
    prefix: '',
    passedOver: 0,
    tensors: [
      { name: 'h.0.attn.c_attn.weight', dtype: 'F16', shape: [4, 12], parameters: 48 },
      { name: 'wte.weight', dtype: 'F16', shape: [7, 4], parameters: 28 },
    ],
  });
  const text = await eim(['inspect', join(gpt2, 'model.safetensors')]);
  expect(text.out).toMatch(
    /^Format: safetensors\nFamily: llm @eim\/llm-gpt2#gpt2\nParameters: 76 in 2 tensors/,
  );
});

test('inspect tells a model from what wraps it and stands beside it, and lists types that nothing computes with', async () => {
  const wrapped = join(folder, 'wrapped.safetensors');
  const names = ['wte.weight', 'h.0.attn.c_attn.weight'];
  await writeSafetensorsFile(
    wrapped,
    names.map((name) => tensor(`module.${name}`, 4, 12)),
  );
  const { out } = await eim(['inspect', wrapped, '--json']);
  expect(JSON.parse(out)).toMatchObject({ family: '@eim/llm-gpt2#gpt2', prefix: 'module.', tensorCount: 2 });
  expect(JSON.parse(out).tensors[1].name).toBe('module.wte.weight');

  const trainers = '../../../packages/weights/src/pytorch/__fixtures__/trainers.json';
  const { read, unclear } = JSON.parse(readFileSync(join(import.meta.dirname, trainers), 'utf8'));
  const saved = join(folder, 'last.ckpt');
  writeFileSync(saved, Buffer.from(read.nanoGPT.file, 'base64'));
  const text = await eim(['inspect', saved]);
  expect(text.out).toMatch(
    /^Format: pytorch\nFamily: llm @eim\/llm-llama#llama\nParameters: 18 in 3 tensors/,
  );
  expect(text.out).toMatch(
    /\nModel: the tensors whose names begin with "model\._orig_mod\."\nBeside it: 4 tensors/,
  );
  writeFileSync(saved, Buffer.from(unclear['an average beside'], 'base64'));
  const both = await eim(['inspect', saved, '--json']);
  expect(JSON.parse(both.out)).toMatchObject({ family: null, tensorCount: 4 });
  expect(JSON.parse(both.out).problem).toMatch(/holds several models: "model" and "model_ema"/);
  const refused = await eim([
    'logits',
    '--llm',
    saved,
    '--ids',
    '1',
    '--out',
    join(folder, 'logits.safetensors'),
  ]);
  expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/"model" and "model_ema"/)]);

  const eighths = join(folder, 'eighths.safetensors');
  const header = Buffer.from('{"w":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2],"scale":1}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(eighths, Buffer.concat([length, header, Buffer.alloc(2)]));
  expect(JSON.parse((await eim(['inspect', eighths, '--json'])).out).tensors).toEqual([
    { name: 'w', dtype: 'F8_E4M3', shape: [2], parameters: 2 },
  ]);
});

test('inspect names a damaged or missing file and exits 2', async () => {
  const broken = join(folder, 'broken.safetensors');
  writeFileSync(broken, 'not weights');
  for (const [path, message] of [
    [broken, /^eim: .*broken\.safetensors: its header claims/],
    [join(folder, 'nowhere.pt'), /nowhere\.pt does not exist/],
  ] as const) {
    const { code, out, err } = await eim(['inspect', path]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  }
});

test('tokenize turns an array of texts into ids', async () => {
  const plain = await eim(['tokenize', '--tokenizer', tokenizer], pipe('["a dog", "", "<|end|>"]'));
  expect([plain.code, plain.err]).toEqual([0, '']);
  const { ids } = JSON.parse(plain.out);
  expect(ids).toHaveLength(3);
  expect(ids[1]).toEqual([]);
  expect(ids.flat()).not.toContain(2);
  const parsed = await eim(
    ['tokenize', '--tokenizer', tokenizer, '--parse-special-tokens'],
    pipe('["<|end|>"]'),
  );
  expect(parsed.out).toBe('{"ids":[[2]]}\n');
});

test.each([
  ['', /Standard input is empty/],
  ['{"a": 1}', /Standard input is not an array/],
  ['["a", 3]', /has 3 at index 1, which is no string/],
  ['["a"', /is not valid JSON/],
])('tokenize refuses the input %j', async (input, message) => {
  const { code, out, err } = await eim(['tokenize', '--tokenizer', tokenizer], pipe(input));
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
});

test('tokenize refuses what it does not know', async () => {
  expect((await eim(['tokenize'])).err).toMatch(/--tokenizer is needed/);
  expect((await eim(['tokenize', '--tokenizer', tokenizer, '--variant', 'x'])).code).toBe(2);
  expect((await eim(['tokenize', '--tokenizer', folder, '--json'], pipe('[]'))).code).toBe(0);
  expect((await eim(['tokenize', '--tokenizer', join(folder, 'no')])).err).toMatch(/no does not exist/);
});

const published = join(SHARED_DATA, 'tokenizers');
test.skipIf(!existsSync(published))(`tokenize opens every published file (needs ${published})`, async () => {
  const files = ['clip_bpe_simple_vocab_16e6.txt.gz', 'llama2_tokenizer.model', 'llama2_tokenizer.bin'].map(
    (name) => join(published, name),
  );
  const pair = `${join(published, 'gpt2_encoder.json')},${join(published, 'gpt2_vocab.bpe')}`;
  const ids: number[][] = [];
  for (const path of [...files, pair]) {
    const { code, out } = await eim(['tokenize', '--tokenizer', path, '--special-tokens'], pipe('["a dog"]'));
    expect(code, path).toBe(0);
    ids.push(JSON.parse(out).ids[0]);
  }
  expect(ids).toEqual([
    [49406, 320, 1929, 49407],
    [1, 263, 11203],
    [1, 263, 11203],
    [64, 3290],
  ]);
});

const stories = join(SHARED_DATA, 'weights/stories260K.bin');
test.skipIf(!existsSync(stories))(`inspect knows llama2.c's model (needs ${stories})`, async () => {
  const { code, out } = await eim(['inspect', stories, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    format: 'llama2.c',
    family: '@eim/llm-llama#llama',
    tokenizer: null,
  });
});
