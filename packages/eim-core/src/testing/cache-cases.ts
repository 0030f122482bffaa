import type {
  BlockAdapter,
  ForwardOptions,
  Injection,
  KeyValueCache,
  LanguageModel,
  Tensor2D,
} from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose } from './demand.js';
import { readFlat } from './read-outputs.js';

const TOLERANCE = 1e-4;

/** What a cache owes to a batch whose rows come and go, as a server's do. */
export function cacheCases(create: CreatePart<LanguageModel>): ConformanceCase[] {
  return [
    partCase(
      'rows that join a running batch go on as alone, and so do those that stay',
      create,
      async (llm) => {
        const [first, second, late] = [
          drawn(llm, 'first', 6),
          drawn(llm, 'second', 6),
          drawn(llm, 'late', 4),
        ];
        for (const lateFirst of [false, true]) {
          const running = begin(llm, [first.slice(0, 4), second.slice(0, 4)]);
          const coming = begin(llm, [late.slice(0, 2)]);
          const joined = lateFirst ? coming.join(running) : running.join(coming);
          const texts = lateFirst ? [late, first, second] : [first, second, late];
          const held = lateFirst ? [2, 4, 4] : [4, 4, 2];
          demandLengths(joined, held, 'joined rows');
          const step = await follow(llm, joined, texts, held);
          const next = held.map((count) => count + 1);
          demandLengths(step, next, 'joined rows after a token');
          // A mask of the caller's that calls all slots real makes no slot real that holds nothing.
          const mask = tf.ones<tf.Rank.R2>([3, step.length + 1]);
          const last = await follow(llm, step, texts, next, { mask });
          const alone = await follow(llm, running, [first, second], [4, 4]); // join left it as it was
          mask.dispose();
          for (const cache of [running, coming, joined, step, last, alone]) cache.dispose();
        }
      },
    ),

    partCase(
      'rows leave a batch, and the longest that stays says how many slots there are',
      create,
      async (llm) => {
        const texts = [drawn(llm, 'long', 5), drawn(llm, 'short', 4)];
        const caches = [begin(llm, [texts[0]!.slice(0, 4)]), begin(llm, [texts[1]!.slice(0, 2)])];
        const both = caches[0]!.join(caches[1]!);
        const left = both.gather([1]);
        demandLengths(left, [2], 'the row that stays');
        const step = await follow(llm, left, [texts[1]!], [2]);
        const last = await follow(llm, step, [texts[1]!], [3]);
        for (const cache of [...caches, both, left, step, last]) cache.dispose();
      },
    ),

    partCase('a cache that is cut goes on as the shorter text', create, async (llm) => {
      const [long, other] = [drawn(llm, 'long', 5), drawn(llm, 'other', 5)];
      const whole = begin(llm, [long, other]);
      const cut = whole.cut(3);
      demandLengths(cut, [3, 3], 'rows cut to 3');
      const step = await follow(
        llm,
        cut,
        [
          [...long.slice(0, 3), other[4]!],
          [...other.slice(0, 3), long[4]!],
        ],
        [3, 3],
      );
      const short = begin(llm, [long.slice(0, 2)]);
      const uneven = whole.join(short);
      const evener = uneven.cut(3);
      demandLengths(evener, [3, 3, 2], 'rows of 5 and 2 cut to 3');
      const last = await follow(llm, evener, [long, other, long], [3, 3, 2]);
      for (const cache of [whole, cut, step, short, uneven, evener, last]) cache.dispose();
    }),

    partCase('rows that share a beginning go apart from there', create, async (llm) => {
      const start = drawn(llm, 'start', 3);
      const texts = [0, 1, 2].map((row) => [...start, ...drawn(llm, `end ${row}`, 2)]);
      const shared = begin(llm, [start]);
      const rows = shared.gather([0, 0, 0]);
      const step = await follow(llm, rows, texts, [3, 3, 3]);
      const last = await follow(llm, step, texts, [4, 4, 4]);
      for (const cache of [shared, rows, step, last]) cache.dispose();
    }),
  ];
}

/**
 * An ST that routes by the first position of a row, and hides the first slot of its prefix from later ones: what a row
 * began with has to go with it.
 */
function injectionOf({ insertionPoints, hiddenSize }: LanguageModel): Injection {
  const [point] = insertionPoints;
  const router: BlockAdapter = {
    route: (hidden, { batch, length }) => {
      const rows = tf.reshape(hidden, [batch, length * point!.width]);
      return tf.tanh(tf.slice(rows, [0, 0], [batch, 1])) as Tensor2D; // [B, 1]
    },
    apply: (hidden, { batch, length }, routes) => {
      const rows = tf.reshape(hidden, [batch, length * point!.width]);
      return tf.reshape(tf.mul(rows, tf.add(routes!, 1)), hidden.shape);
    },
  };
  return {
    prefix: { embeddings: tf.zeros([1, 2, hiddenSize]), visibleToLater: tf.tensor1d([0, 1]) },
    ...(point && { blockAdapters: new Map([[point.name, router]]) }),
  };
}

const drawn = ({ vocabularySize }: LanguageModel, name: string, count: number): number[] => {
  const random = createRandomStream(name);
  return Array.from({ length: count }, () => random.integer(vocabularySize));
};

const embed = (llm: LanguageModel, rows: readonly (readonly number[])[]) =>
  llm.embed(tf.tensor2d(rows as number[][], undefined, 'int32')); // [B, T, H]

/** The cache of rows of one length. */
function begin(llm: LanguageModel, rows: readonly (readonly number[])[]): KeyValueCache {
  const { logits, cache } = pass(llm, () => rows, {});
  logits.dispose();
  return cache!;
}

const pass = (llm: LanguageModel, rows: () => readonly (readonly number[])[], options: ForwardOptions) =>
  tf.tidy(() => {
    const { logits, cache } = llm.forward(embed(llm, rows()), {
      injection: injectionOf(llm),
      useCache: true,
      ...options,
    });
    return { logits, cache } as { logits: Tensor2D; cache: KeyValueCache & tf.TensorContainerObject };
  });

/**
 * Reads one token more of each text and demands the scores that the text has alone, in one pass.
 * @param held tokens of each text that the cache holds
 */
async function follow(
  llm: LanguageModel,
  past: KeyValueCache,
  texts: readonly (readonly number[])[],
  held: readonly number[],
  options: ForwardOptions = {},
): Promise<KeyValueCache> {
  const next = texts.map((text, row) => [text[held[row]!]!]);
  const { logits, cache } = pass(llm, () => next, { ...options, cache: past });
  const scores = await logits.array();
  logits.dispose();
  for (const [row, text] of texts.entries()) {
    const read = text.slice(0, held[row]! + 1);
    const alone = await readFlat(() => {
      const select = tf.tensor1d([read.length - 1], 'int32');
      return [llm.forward(embed(llm, [read]), { select, injection: injectionOf(llm) }).logits];
    });
    demandClose(
      scores[row]!,
      alone,
      TOLERANCE,
      `row ${row} after ${read.length} tokens, against the row alone`,
    );
  }
  return cache;
}

function demandLengths(cache: KeyValueCache, lengths: readonly number[], what: string): void {
  demand(
    String(cache.lengths) === String(lengths),
    `${what} hold ${cache.lengths} positions, not ${lengths}`,
  );
  const longest = Math.max(...lengths);
  demand(cache.length === longest, `${what} lie in ${cache.length} slots, not ${longest}`);
}
