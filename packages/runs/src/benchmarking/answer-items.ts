import { readFile } from 'node:fs/promises';
import type { Benchmark, BenchmarkOptions } from '@eim/contracts';
import type { Decoding } from '../evaluation/decoding.js';
import type { BenchmarkItem } from './benchmark-data.js';
import type { ResponseCache, ResponseKey } from './response-cache.js';
import { sha256 } from './sha256.js';

/** An item as it is asked. */
export interface Question {
  readonly item: BenchmarkItem;
  readonly prompt: string;
  /** The picture's file; undefined for text alone. */
  readonly bytes: Uint8Array | undefined;
}

/** Whoever answers questions: a model here, or a server. */
export interface Answerer {
  /** Questions of one call. */
  readonly batchSize: number;
  /** Calls at once. @default 1 */
  readonly concurrency?: number;
  /** Answers in the order of the questions. */
  answer(questions: readonly Question[], signal: AbortSignal): Promise<readonly string[]>;
}

export interface AnswerItemsOptions {
  readonly benchmark: Benchmark;
  readonly options: BenchmarkOptions;
  readonly answerer: Answerer;
  /** Names whoever answers, part of each key of the cache. */
  readonly fingerprint: string;
  readonly decoding: Decoding;
  readonly maxNewTokens: number;
  readonly cache: ResponseCache;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, fromCache: number) => void;
}

/** The answer to one item. */
export interface Answer {
  readonly id: string;
  readonly prompt: string;
  /** SHA-256 of the picture's bytes; null without one. */
  readonly picture: string | null;
  readonly text: string;
}

type KeyedQuestion = Question & { readonly key: ResponseKey };

/**
 * Answers to items, in their order; those in the cache are not asked again, and each new one is kept at once. After a failure
 * nothing more is asked.
 */
export async function answerItems(
  items: readonly BenchmarkItem[],
  settings: AnswerItemsOptions,
): Promise<Answer[]> {
  const { benchmark, options, answerer, decoding, maxNewTokens, cache, fingerprint, onProgress } = settings;
  const answers = new Map<string, Answer>();
  const failed = new AbortController();
  const signal = AbortSignal.any([settings.signal, failed.signal]);
  let fromCache = 0;
  const batches = questionBatches();
  const workers = Array.from({ length: answerer.concurrency ?? 1 }, async () => {
    try {
      for await (const questions of batches) await ask(questions);
    } catch (error) {
      failed.abort(error);
    }
  });
  await Promise.all(workers);
  signal.throwIfAborted();
  return items.map(({ id }) => answers.get(id)!);

  async function ask(questions: readonly KeyedQuestion[]): Promise<void> {
    signal.throwIfAborted();
    const texts = await answerer.answer(questions, signal);
    await cache.add(questions.map(({ key }, index) => ({ key, text: texts[index]! })));
    for (const [index, { item, key }] of questions.entries()) keep(item, key, texts[index]!);
    onProgress(answers.size, items.length, fromCache);
  }

  function keep({ id }: BenchmarkItem, { prompt, picture }: ResponseKey, text: string): void {
    answers.set(id, { id, prompt, picture, text });
  }

  /** Read one after the other, by all workers together, so that few pictures are in memory at once. */
  async function* questionBatches(): AsyncGenerator<KeyedQuestion[], void, undefined> {
    const waiting: KeyedQuestion[] = [];
    for (const item of items) {
      const prompt = benchmark.prompt(item.item, options);
      const bytes = item.picture === undefined ? undefined : await readFile(item.picture);
      const key: ResponseKey = {
        model: fingerprint,
        prompt,
        picture: bytes === undefined ? null : sha256(bytes),
        ...(bytes === undefined && { asked: 'as text alone' as const }),
        decoding: { ...decoding, maxNewTokens, ...(decoding.temperature > 0 && { item: item.id }) },
      };
      const known = cache.get(key);
      if (known !== undefined) {
        fromCache++;
        keep(item, key, known);
        continue;
      }
      waiting.push({ item, prompt, bytes, key });
      if (waiting.length >= answerer.batchSize) yield waiting.splice(0);
    }
    if (waiting.length > 0) yield waiting;
  }
}
