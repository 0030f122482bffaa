import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensorsFile } from '@eim/weights/node';
import { describe, expect, test } from 'vitest';
import { eim, REPOSITORY, SHARED_DATA, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';

const folder = scratchFolder();
const inProcess = (words: readonly string[]) => runInProcess(words, folder);
const fixtures = (name: string) => join(REPOSITORY, 'packages', name, 'src/__fixtures__');
const LLAMA = join(fixtures('llm-llama'), 'hugging-face');
const GPT2 = join(fixtures('llm-gpt2'), 'hugging-face');
const weights = join(SHARED_DATA, 'weights');
const stories = join(weights, 'stories260K.bin');
const present = existsSync(stories);
const numbers = (data: unknown) => data as Float32Array;

describe('eim generate', () => {
  const generated = JSON.parse(readFileSync(join(fixtures('llm-llama'), 'generated.json'), 'utf8')) as {
    beams: number;
    lengthPenalty: number;
    ids: number[][];
  }[];

  test('ids as transformers generates them, greedily and with beams', async () => {
    const { tensors } = await readSafetensorsFile(join(fixtures('llm-llama'), 'expected.safetensors'));
    const ids = numbers(tensors.get('ids')!.data).slice(0, 6).join();
    for (const { beams, lengthPenalty, ids: expected } of generated) {
      const decoding = `--beams ${beams} --length-penalty ${lengthPenalty} --temperature 0`.split(' ');
      const words = [
        'generate',
        '--llm',
        LLAMA,
        '--ids',
        ids,
        '--max-new-tokens',
        '12',
        ...decoding,
        '--json',
      ];
      const { code, out } = await eim(words);
      const { ids: continued, stats } = JSON.parse(out);
      expect([code, continued]).toEqual([0, expected[0]]);
      expect(stats).toMatchObject({ promptTokens: 6, newTokens: expected[0]!.length });
      for (const time of ['loadSeconds', 'promptSeconds', 'peakResidentBytes']) {
        expect(stats[time]).toBeGreaterThan(0);
      }
    }
    const mixed = await eim([
      'generate',
      '--llm',
      LLAMA,
      '--ids',
      ids,
      '--beams',
      '2',
      '--temperature',
      '0.5',
    ]);
    expect([mixed.code, mixed.err]).toEqual([2, expect.stringMatching(/beam search .* cannot be combined/)]);
    const sample = [
      'generate',
      '--llm',
      LLAMA,
      '--ids',
      ids,
      '--temperature',
      '1',
      '--top-k',
      '9',
      '--seed',
      '4',
    ];
    const [first, second] = [await eim(sample), await eim(sample)];
    expect(first.code).toBe(0);
    expect(first.out).toBe(second.out);
    const other = await eim([...sample.slice(0, -1), '5']);
    expect(other.out).not.toBe(first.out);
  });

  test('a prompt without a tokenizer, or nothing to continue, is the user’s mistake', async () => {
    const none = await inProcess(['generate', '--llm', LLAMA]);
    expect([none.code, none.err]).toEqual([
      2,
      expect.stringMatching(/Exactly one of --prompt, --chat and --ids/),
    ]);
    const words = await inProcess(['generate', '--llm', LLAMA, '--prompt', 'a']);
    expect([words.code, words.err]).toEqual([2, expect.stringMatching(/There is no tokenizer with/)]);
  });

  describe.skipIf(!present)('with stories260K', () => {
    const tokenizer = join(weights, 'stories260K_tok512.bin');
    const words = ['generate', '--llm', stories, '--tokenizer', tokenizer];

    test('tells its published stories byte for byte, streamed and as a document', async () => {
      const story = await eim([...words, '--prompt', '', '--max-new-tokens', '200']);
      expect(story.code).toBe(0);
      expect(story.out).toBe(readFileSync(join(weights, 'stories260K_greedy_200.txt'), 'utf8'));
      const prompt = 'Once upon a time';
      const { out } = await eim([...words, '--prompt', prompt, '--max-new-tokens', '64', '--json']);
      const { ids, text } = JSON.parse(out) as { ids: number[]; text: string };
      const published = readFileSync(join(weights, 'stories260K_greedy_once_upon_64.txt'), 'utf8').trimEnd();
      expect(ids.length).toBeLessThanOrEqual(64);
      // llama2.c counts the prompt's tokens among its steps
      expect(`${prompt}${text}`.startsWith(published)).toBe(true);
    });

    test('stops before a stop string, and at the end token unless told to go on', async () => {
      const stopped = await eim([...words, '--prompt', 'Once upon a time', '--stop', ' Lily', '--json']);
      expect(JSON.parse(stopped.out).text).toBe(', there was a little girl named');
    });

    test('finds the tokenizer of a folder', async () => {
      const clip = join(folder, 'gpt2');
      mkdirSync(clip);
      for (const file of ['config.json', 'generation_config.json', 'model.safetensors']) {
        copyFileSync(join(GPT2, file), join(clip, file));
      }
      copyFileSync(join(SHARED_DATA, 'tokenizers/gpt2_encoder.json'), join(clip, 'vocab.json'));
      copyFileSync(join(SHARED_DATA, 'tokenizers/gpt2_vocab.bpe'), join(clip, 'merges.txt'));
      const { code, err } = await inProcess(['generate', '--llm', clip, '--prompt', 'a']);
      expect([code, err]).toEqual([
        2,
        expect.stringMatching(/The tokenizer has 50257 ids; GPT-2 was given a vocabulary of 40/),
      ]);
    });
  });
});
