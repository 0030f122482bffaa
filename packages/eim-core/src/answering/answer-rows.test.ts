import type { ModelParts, SemanticTransform } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeModel } from '../compose/compose-model.js';
import { disposeFeatures, encodeAndKeep } from '../compose/features.js';
import { rowLogits } from '../compose/row-logits.js';
import { onePictureEach } from '../compose/transform-context.js';
import { createTinyParts, createTinyTokenizer, TinyRouterTransform } from '../testing/tiny-parts/index.js';
import { answerAll } from './answer-rows.js';
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

describe('answerAll', () => {
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

describe('what is refused', () => {
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
