import type { GeneratedStep, GenerateRequest, ModelParts } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeModel } from '../compose/compose-model.js';
import { createTinyParts, createTinyTokenizer, TinyRouterTransform } from '../testing/tiny-parts/index.js';
import { type AnswerPiece, answerAll, answerRows } from './answer-rows.js';
import type { AskedRow } from './asked-row.js';

const random = createRandomStream('answers');
const tokenizer = createTinyTokenizer(['red', 'blue', 'square', 'disc', 'a', 'is', 'it']);
let parts: ModelParts;
let routers: ModelParts;
let pixels: tf.Tensor4D;
let tensors: number;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  parts = createTinyParts({ random, tokenizer, contextLength: 20 });
  routers = { ...parts, st: new TinyRouterTransform({ random, tokenizer, ...parts }) };
  pixels = random.uniformTensor([3, 4, 4, 3]) as tf.Tensor4D;
});
afterAll(() => {
  routers.st.dispose();
  composeModel(parts).dispose();
  pixels.dispose();
});
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Rows of several kinds. */
const ROWS: readonly AskedRow[] = [
  { prompt: 'is it red', picture: 2 },
  { prompt: 'a' },
  { picture: 0 },
  { prompt: 'it is a blue disc' },
];

/** An LLM that says these words to each row, whatever it is asked, and that counts how it was asked. */
function saying(...lines: readonly string[]) {
  const seen: { request?: GenerateRequest; steps: number; closed: boolean } = { steps: 0, closed: false };
  const said = lines.map((line) => tokenizer.encode(line));
  const llm = Object.assign(Object.create(parts.llm) as ModelParts['llm'], {
    async *generate(request: GenerateRequest): AsyncGenerator<GeneratedStep> {
      seen.request = request;
      const ended = new Set<number>();
      try {
        for (let at = 0; at < request.maxNewTokens; at += 1) {
          request.signal?.throwIfAborted();
          seen.steps += 1;
          const ids = said.map((row, index) => {
            const id = row[at] ?? 2;
            if (request.stopTokens.includes(id)) ended.add(index);
            return ended.has(index) ? [] : [id];
          });
          yield { ids, done: ended.size === said.length || at + 1 === request.maxNewTokens };
          if (ended.size === said.length) return;
        }
      } finally {
        seen.closed = true;
      }
    },
  });
  return { llm, seen };
}

describe('where answers end', () => {
  const rows = (count: number) => Array.from({ length: count }, () => ({ prompt: 'it is' }));

  it('at a stop string of each row, which ends that row alone', async () => {
    const { llm, seen } = saying('red disc square', 'blue a disc red', 'a a a a a');
    const answers = await answerAll({ llm }, rows(3), { stopStrings: [' disc'], maxNewTokens: 4 });
    expect(answers.map(({ text, end }) => [text.trim(), end])).toEqual([
      ['red', 'stop'],
      ['blue a', 'stop'],
      ['a a a a', 'length'],
    ]);
    expect(seen.steps).toBe(4);
  });

  it('at stop strings of all rows, without another step', async () => {
    const { llm, seen } = saying('red disc square', 'disc a a a');
    await answerAll({ llm }, rows(2), { stopStrings: ['disc'], maxNewTokens: 9 });
    expect(seen).toMatchObject({ steps: 2, closed: true });
  });

  it("at the LLM's own stop tokens, at more that are given, and at neither where they are ignored", async () => {
    const square = tokenizer.encode('square')[0]!;
    const disc = tokenizer.encode('disc')[0]!;
    const line = 'red square blue disc a';
    const ended = async (
      stopTokens: readonly number[] | undefined,
      options: Parameters<typeof answerAll>[2],
    ) => {
      const { llm, seen } = saying(line);
      Object.assign(llm, { stopTokens });
      const [answer] = await answerAll({ llm }, rows(1), { maxNewTokens: 5, ...options });
      return [answer!.text.trim(), answer!.end, seen.request!.stopTokens];
    };
    expect(await ended(undefined, {})).toEqual([line, 'length', [2]]);
    expect(await ended([disc, 2], {})).toEqual(['red square blue', 'stop', [disc, 2]]);
    expect(await ended([disc], { stopTokens: [square] })).toEqual(['red', 'stop', [disc, square]]);
    expect(await ended([disc], { ignoreEnd: true })).toEqual([line, 'length', []]);
    expect(await ended([disc], { ignoreEnd: true, stopTokens: [disc] })).toEqual([
      'red square blue',
      'stop',
      [disc],
    ]);
  });

  it('yields what is new of each row as it comes, and each row once to its end', async () => {
    const { llm } = saying('red', 'blue a disc');
    const pieces: AnswerPiece[] = [];
    for await (const piece of answerRows({ llm }, rows(2), { maxNewTokens: 9 })) pieces.push(piece);
    expect(pieces.map(({ row, text, end }) => [row, text.trim(), end])).toEqual([
      [0, 'red', undefined],
      [1, 'blue', undefined],
      [0, '', 'stop'],
      [1, 'a', undefined],
      [1, 'disc', undefined],
      [1, '', 'stop'],
    ]);
  });

  it('yields each row once where all of it comes at the end, as of a beam search', async () => {
    const { llm } = saying();
    const ids = [tokenizer.encode('red disc'), tokenizer.encode('a blue disc')];
    Object.assign(llm, {
      async *generate(): AsyncGenerator<GeneratedStep> {
        yield { ids, done: true };
      },
    });
    const pieces: AnswerPiece[] = [];
    for await (const piece of answerRows({ llm }, rows(2), { beams: 4, maxNewTokens: 3 })) pieces.push(piece);
    expect(pieces).toEqual([
      { row: 0, ids: ids[0], text: ' red disc', end: 'stop' },
      { row: 1, ids: ids[1], text: ' a blue disc', end: 'length' },
    ]);
  });

  it('passes decoding options and the ids of prompts on', async () => {
    const { llm, seen } = saying('red');
    const options = { temperature: 0.5, topK: 3, topP: 0.9, repetitionPenalty: 1.2, random, maxNewTokens: 3 };
    await answerAll({ llm }, rows(1), options);
    expect(seen.request).toMatchObject({ ...options, promptIds: [[1, ...tokenizer.encode('it is')]] });
  });

  it('frees everything when the iteration is left early, also with pictures', async () => {
    for await (const { row } of answerRows(routers, ROWS, { pictures: { pixels }, ignoreEnd: true })) {
      if (row === 2) break;
    }
    const { llm, seen } = saying('red a a a');
    for await (const _ of answerRows({ llm }, rows(1))) break;
    expect(seen).toMatchObject({ steps: 1, closed: true });
  });

  it('stops when it is told to, at once and in the middle', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const options = { pictures: { pixels }, ignoreEnd: true };
    await expect(answerAll(parts, ROWS, { ...options, signal })).rejects.toBe(signal.reason);
    const controller = new AbortController();
    let pieces = 0;
    const reading = (async () => {
      for await (const _ of answerRows(parts, ROWS, { ...options, signal: controller.signal })) {
        pieces += 1;
        if (pieces === 8) controller.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(pieces).toBe(2 * ROWS.length);
  });
});
