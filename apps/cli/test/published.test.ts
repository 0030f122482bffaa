import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensorsFile } from '@eim/weights/node';
import { describe, expect, test } from 'vitest';
import { eim, REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';

const folder = scratchFolder();
const inProcess = (words: readonly string[]) => runInProcess(words, folder);
const fixtures = (name: string) => join(REPOSITORY, 'packages', name, 'src/__fixtures__');
const LLAMA = join(fixtures('llm-llama'), 'hugging-face');
const GPT2 = join(fixtures('llm-gpt2'), 'hugging-face');
const CLIP = fixtures('encoder-clip');

const difference = (actual: ArrayLike<number>, expected: ArrayLike<number>): number => {
  let [most, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(actual[i]! - expected[i]!));
    size = Math.max(size, Math.abs(expected[i]!));
  }
  return most / size;
};
const numbers = (data: unknown) => data as Float32Array;

describe('eim logits', () => {
  test.each([
    ['llm-llama', LLAMA, 64],
    ['llm-gpt2', GPT2, 40],
  ])('%s: the original’s logits, from a folder in Hugging Face’s layout', async (name, model, vocabulary) => {
    const { tensors } = await readSafetensorsFile(join(fixtures(name), 'expected.safetensors'));
    const [rows, length] = tensors.get('ids')!.shape as [number, number];
    expect(rows).toBe(2);
    const ids = numbers(tensors.get('ids')!.data).slice(0, length);
    const out = join(folder, `${name}.safetensors`);
    const {
      code,
      out: text,
      err,
    } = await eim(['logits', '--llm', model, '--ids', ids.join(), '--out', out, '--json']);
    expect([code, err]).toEqual([0, expect.stringMatching(/^Engine: wasm/)]);
    expect(JSON.parse(text)).toEqual({
      out,
      tensors: { logits: [1, length, vocabulary] },
      compute: 'exact',
    });
    const written = (await readSafetensorsFile(out)).tensors.get('logits')!;
    expect(written.shape).toEqual([1, length, vocabulary]);
    const expected = numbers(tensors.get('logits')!.data).subarray(0, length * vocabulary);
    expect(difference(numbers(written.data), expected)).toBeLessThan(1e-4);
  });

  test('what cannot be is refused by name', async () => {
    const out = join(folder, 'none.safetensors');
    const cases: [words: string[], message: RegExp][] = [
      [['--ids', '1', '--out', out], /needs --llm SPEC/],
      [['--llm', GPT2, '--ids', '1,x', '--out', out], /--ids takes token ids, got "1,x"/],
      [['--llm', GPT2, '--ids', '99', '--out', out], /The id 99 is beyond the model's vocabulary of 40/],
      [['--llm', '@eim/llm-gpt2#gpt2', '--ids', '1', '--out', out], /names a preset without weights/],
      [['--llm', GPT2, '--weights', GPT2, '--ids', '1', '--out', out], /names no preset/],
      [['--llm', '@eim/llm-gpt2#huge', '--weights', GPT2, '--ids', '1', '--out', out], /no preset 'huge'/],
      [
        ['--llm', '@eim/llm-gpt2#gpt2', '--weights', GPT2, '--ids', '1', '--out', out],
        /should be \[50257,768\]/,
      ],
      [
        ['--llm', join(CLIP, 'hugging-face'), '--ids', '1', '--out', out],
        /holds no LLM that a built-in package knows/,
      ],
      [['--llm', join(folder, 'nowhere'), '--ids', '1', '--out', out], /nowhere does not exist/],
    ];
    for (const [words, message] of cases) {
      const { code, out: text, err } = await inProcess(['logits', ...words]);
      expect([code, text], String(message)).toEqual([2, '']);
      expect(err).toMatch(message);
    }
    expect(existsSync(out)).toBe(false);
  });

  test.each([
    ['mistral', /Its family, Mistral \("mistral"\), is not computed: unlike LLaMA it has a window/],
    ['gpt_neox', /Its family, GPT-NeoX \("gpt_neox"\), is not computed: unlike GPT-2 it has rotary/],
    ['something_new', /It calls itself "something_new"/],
  ])('the family %s is refused by its name', async (type, message) => {
    const model = join(folder, type);
    mkdirSync(model);
    copyFileSync(join(GPT2, 'model.safetensors'), join(model, 'model.safetensors'));
    writeFileSync(join(model, 'config.json'), JSON.stringify({ model_type: type }));
    const words = ['logits', '--llm', model, '--ids', '1', '--out', join(folder, 'none.safetensors')];
    const { code, err } = await inProcess(words);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('eim features', () => {
  test('pixels, pooled vectors and tokens of pictures, from OpenAI’s and Hugging Face’s files', async () => {
    const picture = join(folder, 'grey.bmp');
    writeFileSync(picture, bmp(30, 20));
    const out = join(folder, 'features.safetensors');
    const resnet = join(CLIP, 'openai-resnet.pt');
    const { code } = await eim(['features', '--encoder', resnet, picture, picture, '--out', out]);
    expect(code).toBe(0);
    const { tensors } = await readSafetensorsFile(out);
    expect([...tensors.values()].map(({ name, shape }) => [name, shape])).toEqual([
      ['pixels', [2, 64, 64, 3]],
      ['pooled', [2, 12]],
      ['tokens', [2, 4, 128]],
    ]);
    const pooled = numbers(tensors.get('pooled')!.data);
    expect(difference(pooled.subarray(0, 12), pooled.subarray(12))).toBeLessThan(1e-6);
    const hf = await eim([
      'features',
      '--encoder',
      join(CLIP, 'hugging-face'),
      picture,
      '--out',
      out,
      '--json',
    ]);
    expect(JSON.parse(hf.out).tensors).toEqual({
      pixels: [1, 12, 12, 3],
      pooled: [1, 12],
      tokens: [1, 10, 32],
    });
  });

  const data = join(fixtures('images'), 'decode.json');
  test('a picture is turned upright as EXIF says, unless it is wanted as stored', async () => {
    const rows = JSON.parse(readFileSync(data, 'utf8')) as { name: string; file: string }[];
    const turned = join(folder, 'turned.jpg');
    writeFileSync(
      turned,
      Buffer.from(rows.find(({ name }) => name === 'JPEG turned by EXIF')!.file, 'base64'),
    );
    const pixels: Float32Array[] = [];
    for (const more of [[], ['--as-stored']]) {
      const out = join(folder, 'turned.safetensors');
      const words = ['features', '--encoder', join(CLIP, 'hugging-face'), turned, '--out', out, ...more];
      expect((await eim(words)).code).toBe(0);
      pixels.push(numbers((await readSafetensorsFile(out)).tensors.get('pixels')!.data));
    }
    expect(difference(pixels[0]!, pixels[1]!)).toBeGreaterThan(0.1);
  });

  test('a picture that is none, and weights that are none, are refused by name', async () => {
    const words = ['features', '--encoder', GPT2, '--out', join(folder, 'x.safetensors')];
    const { code, err } = await inProcess([...words, join(GPT2, 'config.json')]);
    expect([code, err]).toEqual([2, expect.stringMatching(/config\.json cannot be decoded/)]);
    writeFileSync(join(folder, 'grey.bmp'), bmp(3, 3));
    const llm = await inProcess([...words, join(folder, 'grey.bmp')]);
    expect([llm.code, llm.err]).toEqual([2, expect.stringMatching(/holds no image encoder/)]);
  });
});

/** A BMP of 24 bits in one grey. */
function bmp(width: number, height: number): Uint8Array {
  const row = Math.ceil((width * 3) / 4) * 4;
  const bytes = new Uint8Array(54 + row * height).fill(120, 54);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  return bytes;
}
