import type { ForwardOptions, Injection, Tensor3D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decoderBias } from '../../attention-bias.js';
import { continuedRows } from '../../continued-rows.js';
import { normal } from '../../initialisers.js';
import { ParameterScope } from '../../parameter-scope.js';
import { tidied } from '../../tidied.js';
import { TransformerCache } from '../../transformer-cache.js';
import { TransformerStack } from '../../transformer-stack.js';
import type { DecodableModel } from '../decode-session.js';
import { decodeTokens } from '../decode-tokens.js';
import { injectionKind } from './joint-injection.js';
import { PromptReader } from './prompt-reader.js';
import { RunningRows } from './running-rows.js';
import { SharedPrefixes } from './shared-prefixes.js';

const SIZE = 8;
const VOCABULARY = 13;
const random = createRandomStream('running rows');
let model: DecodableModel;
let scope: ParameterScope;
let tensors: number;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  tensors = tf.memory().numTensors;
  scope = ParameterScope.of({ random });
  const initialise = normal(0.5);
  const stack = new TransformerStack(scope, {
    size: SIZE,
    blockCount: 2,
    headCount: 2,
    feedForwardSize: 16,
    activation: 'gelu',
    normEpsilon: 1e-5,
    initialise: {
      queryKeyValue: initialise,
      attentionOutput: initialise,
      feedForwardInput: initialise,
      feedForwardOutput: initialise,
    },
  });
  const table = scope.create('table', [VOCABULARY, SIZE], { role: 'embedding', initialise: normal(1) });
  const places = scope.create('places', [40, SIZE], { role: 'position', initialise: normal(1) });
  model = {
    vocabularySize: VOCABULARY,
    contextLength: 40,
    embed: (ids) => tf.gather(table.variable, ids) as Tensor3D,
    forward(embeddings, options: ForwardOptions = {}) {
      const [batch, length] = embeddings.shape;
      const past = options.cache && TransformerCache.from(options.cache, 2, batch);
      const from = past?.length ?? 0;
      return tidied(() => {
        const { mask, positions, padding } = continuedRows(past, length, options);
        const { injection } = options;
        const visibleToLater = injection?.prefix?.visibleToLater;
        const bias = decoderBias({
          queryLength: length,
          keyLength: from + length,
          mask,
          visibleToLater,
          padding,
        });
        const at = positions ?? tf.range(from, from + length, 1, 'int32'); // [T] or [B, T]
        const x = tf.reshape(tf.add(embeddings, tf.gather(places.variable, at as tf.Tensor1D)), [-1, SIZE]); // [B*T, D]
        const { hidden, cache } = stack.apply(x as tf.Tensor2D, {
          batch,
          length,
          bias,
          cache: past,
          injection,
        });
        const rows = options.select ? (tf.gather(hidden, options.select) as tf.Tensor2D) : hidden; // [N, D]
        return { logits: tf.matMul(rows, table.variable as tf.Tensor2D, false, true) as tf.Tensor2D, cache };
      });
    },
  };
});
afterAll(() => {
  scope.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

/** What `decodeTokens` gives for a row by itself. */
async function alone(embeddings: Tensor3D, injection: Injection, mask: number[] | undefined, count: number) {
  const ids: number[] = [];
  const masked = mask && tf.tensor2d([mask]);
  const request = {
    embeddings,
    injection,
    maxNewTokens: count,
    stopTokens: [],
    ...(masked && { mask: masked }),
  };
  for await (const step of decodeTokens(model, request)) ids.push(...step.ids[0]!);
  masked?.dispose();
  return ids;
}

const greatest = (scores: Float32Array) => scores.indexOf(Math.max(...scores));

/** Injections of every kind whose rows may differ, each with a mask or without. */
const KINDS: readonly [kind: string, make: (row: number) => { injection: Injection; mask?: number[] }][] = [
  ['nothing', () => ({ injection: {} })],
  [
    'a prefix with hidden slots',
    (row) => ({
      injection: { prefix: { embeddings: tf.zeros([1, 2, SIZE]) } },
      ...(row % 2 === 0 && { mask: [0, 1, 1, 1, 1] }),
    }),
  ],
  [
    'a slot that later positions do not see and that is not counted',
    () => ({
      injection: {
        prefix: {
          embeddings: tf.zeros([1, 2, SIZE]),
          visibleToLater: tf.tensor1d([0, 1]),
          uncountedLater: 1,
        },
      },
    }),
  ],
  [
    'layer prompts of each row',
    () => ({
      injection: {
        layerPrompts: [
          {
            layer: 1,
            prompts: random.uniformTensor([1, 3, SIZE]) as Tensor3D,
            gate: tf.tensor1d([0.7, -0.5]),
          },
        ],
      },
    }),
  ],
];

test.each(KINDS)('rows with %s that come and go answer as each alone', async (_, make) => {
  const rows = [5, 5, 7, 6].map((length, index) => {
    const { injection, mask } = make(index);
    const fitting = mask && [...mask, ...new Array<number>(length - mask.length).fill(1)];
    const embeddings = tf.tidy(() => tf.mul(random.uniformTensor([1, length, SIZE]), 2)) as Tensor3D;
    return { embeddings, injection, mask: fitting };
  });
  const expected = [];
  for (const { embeddings, injection, mask } of rows)
    expected.push(await alone(embeddings, injection, mask, 9));
  expect(new Set(rows.map(({ injection }) => injectionKind(injection))).size).toBe(1);

  const running = new RunningRows(model);
  const present: number[] = [];
  const answers: number[][] = rows.map(() => []);
  const join = async (row: number) => {
    const reader = new PromptReader(model, rows[row]!, { pieceLength: 2 });
    let scores: Float32Array | undefined;
    while (scores === undefined) scores = await reader.read();
    running.add(reader.finish());
    present.push(row);
    answers[row]!.push(greatest(scores));
  };
  const step = async () => {
    const scores = await running.advance(present.map((row) => answers[row]!.at(-1)!));
    for (const [place, row] of present.entries()) answers[row]!.push(greatest(scores[place]!));
  };
  await join(0);
  await step();
  await join(2);
  await join(1);
  await step();
  running.keep([1, 2]); // row 0 leaves
  present.splice(0, 1);
  await step();
  await join(3);
  await step();
  running.keep([2, 0]); // row 1 leaves, the others change places
  present.splice(0, 3, 3, 2);
  for (let count = 0; count < 3; count++) await step();
  running.dispose();
  for (const [row, ids] of answers.entries()) {
    expect(ids).toEqual(expected[row]!.slice(0, ids.length));
    expect(ids.length).toBeGreaterThan(2);
  }
  for (const { embeddings, injection } of rows) {
    const { prefix, layerPrompts = [] } = injection;
    tf.dispose([
      embeddings,
      prefix,
      ...layerPrompts.flatMap(({ prompts, gate }) => [prompts, gate]),
    ] as tf.Tensor[]);
  }
});

test('a row goes on from what another has read of the same beginning, and kept ones are bounded', async () => {
  const kept = new SharedPrefixes({ positions: 12, shortest: 3 });
  const embed = (ids: readonly number[]) => model.embed(tf.tensor2d([[...ids]], undefined, 'int32'));
  const read = async (ids: readonly number[]) => {
    const embeddings = tf.tidy(() => embed(ids));
    const shared = kept.find(ids, ids.length - 1);
    const reader = new PromptReader(model, { embeddings }, { shared });
    const length = shared?.length ?? 0;
    const scores = (await reader.read())!;
    const { cache } = reader.finish();
    kept.add(ids, () => cache.gather([0]));
    const fresh = new PromptReader(model, { embeddings });
    const expected = (await fresh.read())!;
    fresh.dispose();
    cache.dispose();
    embeddings.dispose();
    expect(Math.max(...scores.map((score, at) => Math.abs(score - expected[at]!)))).toBeLessThan(1e-4);
    return length;
  };
  expect(await read([1, 2, 3, 4, 5])).toBe(0);
  expect(await read([1, 2, 3, 4, 5])).toBe(4);
  expect(await read([1, 2, 3, 9])).toBe(3);
  expect(await read([1, 2, 9, 9])).toBe(0);
  expect(kept.positions).toBeLessThanOrEqual(12);
  expect(await read([1, 2, 3, 4, 5, 6])).toBe(3); // the oldest has gone
  await read(new Array(13).fill(7)); // too long to be kept
  expect(kept.positions).toBeLessThanOrEqual(12);
  kept.dispose();
});

test('adapters that do not route must be the same objects, and a prompt needs a real slot', () => {
  const adapter = () => ({ apply: (hidden: tf.Tensor2D) => hidden });
  const routing = () => ({ ...adapter(), route: (hidden: tf.Tensor2D) => hidden });
  const kind = (one: ReturnType<typeof adapter>) => injectionKind({ blockAdapters: new Map([['a', one]]) });
  const same = adapter();
  expect(kind(same)).toBe(kind(same));
  expect(kind(adapter())).not.toBe(kind(adapter()));
  expect(kind(routing())).toBe(kind(routing()));
  const embeddings = tf.zeros<tf.Rank.R3>([1, 2, SIZE]);
  expect(() => new PromptReader(model, { embeddings, mask: [0, 0] })).toThrow(/at least one real slot/);
  embeddings.dispose();
});
