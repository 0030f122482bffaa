import type { GeneratedStep, GenerateRequest, ModelParts, SemanticTransform } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeModel } from '../compose/compose-model.js';
import { disposeFeatures, encodeAndKeep } from '../compose/features.js';
import { rowLogits } from '../compose/row-logits.js';
import { onePictureEach } from '../compose/transform-context.js';
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

const pictureOf = (index: number) => tf.slice(pixels, [index, 0, 0, 0], [1, -1, -1, -1]) as tf.Tensor4D;

/** Rows of every kind: prompts of several lengths and none, with pictures in any order and without. */
const ROWS: readonly AskedRow[] = [
  { prompt: 'is it red', picture: 2 },
  { prompt: 'a' },
  { picture: 0 },
  { prompt: 'it is a blue disc' },
  { prompt: 'square', picture: 2 },
  { system: 'a', earlier: [{ prompt: 'is it', answer: ' red' }], prompt: ' is', picture: 1 },
];

describe('answerRows', () => {
  it.each([
    ['a plain prefix', () => parts],
    ['adapters in both neighbours', () => routers],
  ] as const)('answers rows of one call as each alone, through %s', async (_, modelOf) => {
    const model = modelOf();
    const together = await answerAll(model, ROWS, { pictures: { pixels }, maxNewTokens: 6 });
    const alone = [];
    for (const row of ROWS) {
      if (row.picture === undefined) {
        alone.push(...(await answerAll(model, [row], { maxNewTokens: 6 })));
        continue;
      }
      const own = pictureOf(row.picture);
      const asked = [{ ...row, picture: 0 }];
      alone.push(...(await answerAll(model, asked, { pictures: { pixels: own }, maxNewTokens: 6 })));
      own.dispose();
    }
    expect(together).toEqual(alone);
    expect(new Set(together.map(({ ids }) => String(ids))).size).toBeGreaterThan(3);
  });

  it('takes the most probable token of the logits that training sees', async () => {
    const pictures = { pixels };
    const [first] = await answerAll(parts, [{ picture: 0 }, { picture: 1 }, { picture: 2 }], {
      pictures,
      maxNewTokens: 1,
      ignoreEnd: true,
    });
    const logits = tf.tidy(() => {
      const begin = tf.ones<tf.Rank.R2>([3, 1], 'int32');
      const rows = { pixels, ids: begin, mask: tf.ones<tf.Rank.R2>([3, 1]), ...onePictureEach(3) };
      return rowLogits(parts, rows).arraySync();
    });
    const row = logits[2]!; // behind two slots, the begin token
    expect(first!.ids).toEqual([row.indexOf(Math.max(...row))]);
  });

  it('is the LLM alone for rows of text behind a plain prefix, which takes no room', async () => {
    const rows = [{ prompt: 'red' }, { prompt: 'it is' }];
    const options = { ignoreEnd: true };
    const composed = await answerAll(parts, rows, options);
    expect(composed).toEqual(await answerAll({ llm: parts.llm }, rows, options));
    // A row is as long as the context and the last token, which is not read.
    expect(composed.map(({ ids }) => ids.length)).toEqual([20 - 2 + 1, 20 - 3 + 1]);
    expect(composed.map(({ end }) => end)).toEqual(['length', 'length']);
  });

  it('leaves less room where a prefix is shown', async () => {
    const pictures = { pixels };
    const options = { pictures, ignoreEnd: true };
    const [shown] = await answerAll(parts, [{ picture: 0 }], options);
    expect(shown!.ids).toHaveLength(20 - parts.st.prefixLength - 1 + 1);
    // The router's modality slot stands before text, too.
    const [text] = await answerAll(routers, [{}], { ignoreEnd: true });
    expect(text!.ids).toHaveLength(20 - 1 - 1 + 1);
  });

  it('shows what an ST keeps visible in rows of text, and reads each prompt where it wants to', async () => {
    const seen: unknown[] = [];
    const st: SemanticTransform = {
      widths: parts.st.widths,
      reads: parts.st.reads,
      prefixLength: 2,
      readsPrompts: true,
      parameters: () => parts.st.parameters(),
      dispose: () => {},
      transform(features, context) {
        const { batch, promptIds, promptMask, modality } = context;
        seen.push([promptIds!.arraySync(), promptMask!.arraySync(), modality.arraySync()]);
        const { prefix } = parts.st.transform(features, context);
        return { prefix: { ...prefix!, mask: tf.ones<tf.Rank.R2>([batch, 2]) } };
      },
    };
    const model = { ...parts, st };
    const rows = [{ prompt: 'red' }, { prompt: 'it is' }];
    const shown = await answerAll(model, rows, { ignoreEnd: true });
    expect(shown.map(({ ids }) => ids.length)).toEqual([20 - 2 - 2 + 1, 20 - 2 - 3 + 1]);
    const [red, is, it] = ['red', 'is', 'it'].map((word) => tokenizer.encode(word)[0]);
    expect(seen).toEqual([
      [
        [
          [1, red, 0],
          [1, it, is],
        ],
        [
          [0, 1, 0],
          [0, 1, 1],
        ],
        [0, 0],
      ],
    ]);
  });

  it('takes features in place of pixels, and leaves them to their owner', async () => {
    const features = encodeAndKeep(parts, { pixels });
    const options = { maxNewTokens: 3 };
    expect(await answerAll(parts, ROWS, { ...options, pictures: { features } })).toEqual(
      await answerAll(parts, ROWS, { ...options, pictures: { pixels } }),
    );
    expect(features.pooled!.isDisposed).toBe(false);
    disposeFeatures(features);
  });

  it('takes ids in place of texts, and has no text where there is no tokenizer', async () => {
    const { tokenizer: _, ...bare } = parts.llm;
    const llm = Object.assign(Object.create(Object.getPrototypeOf(parts.llm)), bare);
    const byText = await answerAll(parts, [{ prompt: 'it is' }], { maxNewTokens: 4 });
    const byIds = await answerAll({ llm }, [{ ids: [1, ...tokenizer.encode('it is')] }], { maxNewTokens: 4 });
    expect(byIds).toEqual(byText.map((answer) => ({ ...answer, text: '' })));
    expect(
      await answerAll({ ...parts, llm }, [{ picture: 0 }], { pictures: { pixels }, maxNewTokens: 2 }),
    ).toMatchObject([{ text: '' }]);
    await expect(answerAll({ llm }, [{ prompt: 'red' }])).rejects.toThrow('the LLM has no tokenizer');
    expect(await answerAll({ llm }, [{ prompt: 'it is' }], { tokenizer, maxNewTokens: 4 })).toEqual(byText);
  });

  it('says nothing of no rows', async () => {
    expect(await answerAll(parts, [])).toEqual([]);
  });
});

describe('what answerRows refuses', () => {
  const refusal = (
    model: Partial<ModelParts> & Pick<ModelParts, 'llm'>,
    rows: AskedRow[],
    pictures?: object,
  ) => answerAll(model, rows, { pictures, maxNewTokens: 1 });

  it('rows without anything to continue', async () => {
    const llm = Object.assign(Object.create(parts.llm), { specialTokens: { end: 2, pad: 0 } });
    const bare = { ...tokenizer, specialTokens: { end: 2, pad: 0 } };
    await expect(answerAll({ llm }, [{ prompt: '' }], { tokenizer: bare })).rejects.toThrow(
      'nothing to continue',
    );
    await expect(answerAll({ ...parts, llm }, [{ ids: [] }])).rejects.toThrow('nothing to continue');
    // A picture is enough.
    const options = { tokenizer: bare, pictures: { pixels }, maxNewTokens: 2 };
    expect(await answerAll({ ...parts, llm }, [{ picture: 0 }], options)).toHaveLength(1);
  });

  it('prompts that leave no room, with the number that would fit', async () => {
    const long = { ids: new Array<number>(19).fill(5) };
    await expect(refusal(parts, [{ ids: [1] }, { ...long, picture: 0 }], { pixels })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/20 positions, of which the prefix takes 2 and the prompt 19/),
      advice: expect.stringContaining('to 17 tokens'),
    });
    expect(await refusal(parts, [long])).toHaveLength(1);
    await expect(refusal(parts, [{ ids: [...long.ids, 5] }])).rejects.toThrow('No new token fits');
  });

  it('pictures that are not there', async () => {
    await expect(refusal(parts, [{ picture: 0 }])).rejects.toThrow('Row 0 shows picture 0, but 0 pictures');
    await expect(refusal(parts, [{}, { picture: 3 }], { pixels })).rejects.toThrow(
      'Row 1 shows picture 3, but 3',
    );
    await expect(refusal({ llm: parts.llm }, [{ picture: 0 }], { pixels })).rejects.toThrow(
      'an LLM by itself',
    );
  });
});

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
