import type { Tokenizer } from '@eim/contracts';
import type { GeneratedStep, LanguageModel } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type StreamTextOptions, streamText } from './stream-text.js';

/** Ids are bytes, so that a character may need several. */
const tokenizer = {
  decode: (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids)),
} as Tokenizer;

/** Says what it is told, one token a step. */
function saying(text: string): LanguageModel {
  const ids = [...new TextEncoder().encode(text)];
  return {
    embed: () => tf.zeros([1, 1, 2]),
    async *generate(): AsyncGenerator<GeneratedStep> {
      for (const [index, id] of ids.entries()) yield { ids: [[id]], done: index === ids.length - 1 };
    },
  } as unknown as LanguageModel;
}

async function pieces(text: string, options: Partial<StreamTextOptions> = {}): Promise<string[]> {
  const result: string[] = [];
  const stream = streamText(saying(text), {
    ids: [65],
    tokenizer,
    maxNewTokens: 9,
    stopTokens: [],
    ...options,
  });
  for await (const piece of stream) result.push(piece.text);
  return result;
}

beforeAll(() => startEngine({ engine: 'cpu' }));

test('characters come whole, and nothing is left behind', async () => {
  const before = tf.memory().numTensors;
  expect(await pieces('aé€b')).toEqual(['a', '', 'é', '', '', '€', 'b']);
  expect(tf.memory().numTensors).toBe(before);
});

test('a text that ends inside a character shows the mark for it', async () => {
  const model = saying('');
  model.generate = async function* () {
    yield { ids: [[0xe2]], done: true };
  };
  const texts: string[] = [];
  for await (const { text } of streamText(model, { ids: [65], tokenizer, maxNewTokens: 1, stopTokens: [] })) {
    texts.push(text);
  }
  expect(texts).toEqual(['\ufffd']);
});

test('the text ends before a stop string, whose beginning is held back until it is known', async () => {
  expect(await pieces('one END two', { stopStrings: ['END'] })).toEqual(['o', 'n', 'e', ' ', '', '', '']);
  expect((await pieces('one ENtity', { stopStrings: ['END'] })).join('')).toBe('one ENtity');
  expect((await pieces('one EN', { stopStrings: ['END', 'EN!'] })).join('')).toBe('one EN');
});

test('without a tokenizer ids come alone', async () => {
  expect(await pieces('ab', { tokenizer: undefined })).toEqual(['', '']);
});

test('ids behind the tokenizer’s have no text', async () => {
  const narrow = { ...tokenizer, vocabularySize: 128 } as Tokenizer;
  const model = saying('');
  model.generate = async function* () {
    yield { ids: [[97]], done: false };
    yield { ids: [[200]], done: false };
    yield { ids: [[98]], done: true };
  };
  const texts: string[] = [];
  const stream = streamText(model, { ids: [65], tokenizer: narrow, maxNewTokens: 3, stopTokens: [] });
  for await (const { text } of stream) texts.push(text);
  expect(texts).toEqual(['a', '', 'b']);
});
