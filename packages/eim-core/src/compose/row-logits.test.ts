import type { Injection, ModelParts, SemanticTransform } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyParts, createTinyTokenizer, TinySemanticTransform } from '../testing/tiny-parts/index.js';
import { captionLogits, targetIds, textLogits } from './caption-logits.js';
import { composeModel } from './compose-model.js';
import { encodeAndKeep } from './features.js';
import { generateCaptions } from './generate-captions.js';
import { generateTexts } from './generate-texts.js';
import { injectPictures } from './inject-pictures.js';

const random = createRandomStream('captions');
const tokenizer = createTinyTokenizer(['red', 'blue', 'square', 'disc']);
let parts: ModelParts;
let pixels: tf.Tensor4D;
let ids: tf.Tensor2D;
let mask: tf.Tensor2D;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  parts = createTinyParts({ random, tokenizer });
  pixels = random.uniformTensor([2, 4, 4, 3]) as tf.Tensor4D;
  const rows = [
    [1, 4, 6, 2],
    [1, 5, 2, 0],
    [1, 7, 2, 0],
    [1, 5, 7, 2],
  ];
  ids = tf.tensor2d(rows, [4, 4], 'int32');
  mask = tf.tensor2d(rows.map((row) => row.map((id) => (id === 0 ? 0 : 1))));
});

afterAll(() => {
  composeModel(parts).dispose();
  tf.dispose([pixels, ids, mask]);
});

const read = (make: () => tf.Tensor): number[] => {
  const tensor = tf.tidy(make);
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
};
const closeTo = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index]!, 5);
};

describe('captionLogits', () => {
  it('predicts each target from the position before it', () => {
    const vocabularySize = tokenizer.vocabularySize;
    const all = read(() => captionLogits(parts, { pixels, ids, mask, captionsPerPicture: 2 }));
    expect(all.length).toBe(4 * (2 + 4) * vocabularySize);
    const indices = [1, 2, 3, 5, 6, 8, 15]; // flat in [4, 4]
    const selected = read(() => {
      const targetIndices = tf.tensor1d(indices, 'int32');
      return captionLogits(parts, { pixels, ids, mask, captionsPerPicture: 2, targetIndices });
    });
    const expected = indices.flatMap((index) => {
      const position = Math.floor(index / 4) * 6 + 2 + (index % 4) - 1;
      return all.slice(position * vocabularySize, (position + 1) * vocabularySize);
    });
    closeTo(selected, expected);
  });

  it('gives consecutive rows their own picture', () => {
    const together = read(() => captionLogits(parts, { pixels, ids, mask, captionsPerPicture: 2 }));
    const apart = [0, 0, 1, 1].flatMap((picture, row) =>
      read(() =>
        captionLogits(parts, {
          pixels: tf.slice(pixels, [picture, 0, 0, 0], [1, -1, -1, -1]),
          ids: tf.slice(ids, [row, 0], [1, -1]),
          mask: tf.slice(mask, [row, 0], [1, -1]),
        }),
      ),
    );
    closeTo(together, apart);
  });

  it('gives the same from features as from pixels', () => {
    const features = encodeAndKeep(parts, { pixels });
    const input = { ids, mask, captionsPerPicture: 2 };
    closeTo(
      read(() => captionLogits(parts, { ...input, features })),
      read(() => captionLogits(parts, { ...input, pixels })),
    );
    tf.dispose([features.pooled, features.tokens]);
  });

  it('refuses to run without a picture', () => {
    expect(() => captionLogits(parts, { ids, mask })).toThrow('neither pixels nor features');
  });

  it('lets gradients reach all three parts', () => {
    const before = tf.memory().numTensors;
    const { value, grads } = tf.variableGrads(() => {
      const targetIndices = tf.tensor1d([1, 2, 5], 'int32');
      const logits = captionLogits(parts, { pixels, ids, mask, captionsPerPicture: 2, targetIndices });
      const oneHot = tf.oneHot(targetIds(ids, targetIndices), tokenizer.vocabularySize);
      return tf.losses.softmaxCrossEntropy(oneHot, logits) as tf.Scalar;
    });
    const zero = Object.entries(grads).filter(([, gradient]) =>
      tf.tidy(() => tf.max(tf.abs(gradient)).dataSync()[0] === 0),
    );
    expect(Object.keys(grads).length).toBe(16);
    expect(zero.map(([name]) => name)).toEqual([]);
    tf.dispose([value, grads] as unknown as tf.TensorContainer);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('textLogits', () => {
  it('starts text alone at a later position when asked to', () => {
    const input = { ids, mask };
    const at = (firstPosition: number) => read(() => textLogits(parts.llm, input, { firstPosition }));
    closeTo(
      at(0),
      read(() => textLogits(parts.llm, input)),
    );
    expect(at(3)).not.toEqual(at(0));
  });
});

describe('injectPictures', () => {
  it('makes block adapters from one row a caption', () => {
    const st = new TinySemanticTransform({ random });
    const batches: number[] = [];
    const transform: typeof st.transform = (features, context) => {
      batches.push(context.batch);
      const injection: Injection = TinySemanticTransform.prototype.transform.call(st, features, context);
      return { ...injection, blockAdapters: new Map([['any', { apply: (hidden) => hidden }]]) };
    };
    const adapting = Object.assign(st, { transform });
    const features = encodeAndKeep(parts, { pixels });
    tf.tidy(() => void injectPictures(adapting, features, 3));
    expect(batches).toEqual([2, 6]);
    st.dispose();
    tf.dispose([features.pooled, features.tokens]);
  });
});

describe('generateCaptions', () => {
  it('continues each picture greedily, without leaking', async () => {
    const before = tf.memory().numTensors;
    const together = await generateCaptions(parts, { pixels }, { maxNewTokens: 6 }, tokenizer);
    expect(together.length).toBe(2);
    const apart = [];
    for (const picture of [0, 1]) {
      const one = tf.slice(pixels, [picture, 0, 0, 0], [1, -1, -1, -1]);
      apart.push(...(await generateCaptions(parts, { pixels: one }, { maxNewTokens: 6 }, tokenizer)));
      one.dispose();
    }
    expect(together).toEqual(apart);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes the most probable token of the logits that training sees', async () => {
    const [first] = await generateCaptions(parts, { pixels }, { maxNewTokens: 1 }, tokenizer);
    const row = read(() => {
      const begin = tf.tensor2d([[1], [1]], [2, 1], 'int32');
      return captionLogits(parts, { pixels, ids: begin, mask: tf.ones([2, 1]) });
    }).slice(2 * tokenizer.vocabularySize, 3 * tokenizer.vocabularySize);
    expect(first).toBe(tokenizer.decode([row.indexOf(Math.max(...row))]));
  });

  it('leaves features that were given to their owner', async () => {
    const features = encodeAndKeep(parts, { pixels });
    const before = tf.memory().numTensors;
    await generateCaptions(parts, { features }, { maxNewTokens: 2 }, tokenizer);
    expect(tf.memory().numTensors).toBe(before);
    expect(features.pooled.isDisposed).toBe(false);
    tf.dispose([features.pooled, features.tokens]);
  });

  it('refuses more tokens than fit, and stops when aborted', async () => {
    await expect(generateCaptions(parts, { pixels }, { maxNewTokens: 14 }, tokenizer)).rejects.toThrow(
      'at most 13 new tokens',
    );
    const before = tf.memory().numTensors;
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(generateCaptions(parts, { pixels }, { signal }, tokenizer)).rejects.toBe(signal.reason);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('generateTexts', () => {
  it('is the LLM alone where the ST hides its prefix, without leaking', async () => {
    const hiding = { ...parts, st: hidingPrefix(parts.st) };
    const before = tf.memory().numTensors;
    const texts = await generateTexts(hiding, 2, { maxNewTokens: 5, prompt: 'red' }, tokenizer);
    expect(tf.memory().numTensors).toBe(before);
    const { llm } = parts;
    const prompt = [llm.specialTokens.begin!, ...tokenizer.encode('red')];
    const embeddings = llm.embed(tf.tensor2d([prompt], undefined, 'int32'));
    const ids: number[] = [];
    const stopTokens = [llm.specialTokens.end];
    for await (const step of llm.generate({ embeddings, maxNewTokens: 5, stopTokens }))
      ids.push(...step.ids[0]!);
    expect(texts).toEqual([tokenizer.decode(ids).trim(), tokenizer.decode(ids).trim()]);
    embeddings.dispose();
    // The prefix takes no room.
    const most = llm.contextLength - prompt.length;
    await expect(
      generateTexts(hiding, 1, { maxNewTokens: most + 1, prompt: 'red' }, tokenizer),
    ).rejects.toThrow(`at most ${most} new tokens`);
  });

  it('keeps a prefix that the ST shows without a picture', async () => {
    const { llm } = parts;
    const shown = {
      ...parts,
      st: { ...hidingPrefix(parts.st), transform: parts.st.transform.bind(parts.st) },
    };
    const most = llm.contextLength - parts.st.prefixLength - 1;
    await expect(generateTexts(shown, 1, { maxNewTokens: most + 1 }, tokenizer)).rejects.toThrow(
      `at most ${most} new tokens`,
    );
  });
});

/** The ST, hiding its prefix in rows of text as the contract allows. */
function hidingPrefix(st: SemanticTransform): SemanticTransform {
  return {
    widths: st.widths,
    prefixLength: st.prefixLength,
    parameters: () => st.parameters(),
    dispose: () => undefined,
    transform(features, context) {
      expect(context.modality).toEqual(new Array(context.batch).fill('text'));
      const { prefix, ...others } = st.transform(features, context);
      const mask = tf.zeros<tf.Rank.R2>([context.batch, st.prefixLength]);
      return { ...others, prefix: { ...prefix!, mask } };
    },
  };
}
