import type { ModelParts } from '@eim/contracts/model';
import { type AskedRow, answerAll, composeModel } from '@eim/core';
import { createTinyParts, createTinyTokenizer, TinyRouterTransform } from '@eim/core/testing';
import { createRandomStream, startEngine } from '@eim/engine';
import { decodeTokens } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AnswerEvent, AnswerRequest } from './answer-request.js';
import { AnswerScheduler } from './answer-scheduler.js';
import type { SchedulerLimits } from './scheduler-limits.js';

const random = createRandomStream('answers');
const tokenizer = createTinyTokenizer(['red', 'blue', 'square', 'disc', 'a', 'is', 'it']);
let parts: ModelParts;
let routers: ModelParts;
let tensors: number;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  parts = createTinyParts({ random, tokenizer, contextLength: 40 });
  const { llm } = parts;
  llm.generate = (request) => decodeTokens(llm, request); // as the families of models do
  routers = { ...parts, st: new TinyRouterTransform({ random, tokenizer, ...parts }) };
});
afterAll(() => {
  routers.st.dispose();
  composeModel(parts).dispose();
});
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const pictureOf = (shade: number) => ({
  pixels: Float32Array.from({ length: 48 }, (_, at) => ((at * shade) % 256) / 256),
  fingerprint: `shade ${shade}`,
});

/** Rows of several kinds, by the shade of their picture. */
const ROWS: readonly { row: Omit<AskedRow, 'picture'>; shade?: number }[] = [
  { row: { prompt: 'is it red' }, shade: 7 },
  { row: { prompt: 'a' } },
  { row: {}, shade: 31 },
  { row: { prompt: 'it is a blue disc' } },
  { row: { prompt: 'square' }, shade: 7 },
  { row: { system: 'a', earlier: [{ prompt: 'is it', answer: ' red' }], prompt: ' is' }, shade: 90 },
  { row: { prompt: 'is a disc red is a disc blue is a disc square is it it it' } },
  { row: { prompt: 'is a disc red is a disc blue is a disc square is it it a' } },
];

const requestOf = (index: number, more: Partial<AnswerRequest> = {}): AnswerRequest => {
  const { row, shade } = ROWS[index]!;
  return {
    row,
    maxNewTokens: 4 + (index % 4),
    seed: index,
    ...(shade !== undefined && { picture: pictureOf(shade) }),
    ...more,
  };
};

async function collected(events: AsyncIterable<AnswerEvent>) {
  const answers: { ids: number[]; text: string; end?: string }[] = [];
  let begin: Extract<AnswerEvent, { kind: 'begin' }> | undefined;
  for await (const event of events) {
    if (event.kind === 'begin') begin = event;
    else {
      answers[event.choice] ??= { ids: [], text: '' };
      const answer = answers[event.choice]!;
      answer.ids.push(...event.ids);
      answer.text += event.text;
      if (event.end) answer.end = event.end;
    }
  }
  return { answers, begin: begin! };
}

/** The same by `answerRows`, in a call of its own. */
async function alone(
  model: ModelParts,
  { row, picture, choices = 1, seed, maxNewTokens, ...choice }: AnswerRequest,
) {
  const pixels = picture && tf.tensor4d(picture.pixels, [1, 4, 4, 3]);
  const rows = Array.from({ length: choices }, () => ({ ...row, ...(picture && { picture: 0 }) }));
  const answers = await answerAll(model, rows, {
    ...choice,
    maxNewTokens,
    pictures: pixels && { pixels },
    random: createRandomStream(seed),
  });
  pixels?.dispose();
  return answers;
}

const LIMITS: readonly [name: string, limits: SchedulerLimits][] = [
  ['with room for all', {}],
  ['with room for two', { rows: 2 }],
  ['in pieces of three positions', { pieceLength: 3 }],
  ['with nothing kept', { keptPositions: 0, pieceLength: 1 }],
];
const CHOICES: readonly [name: string, choice: Partial<AnswerRequest>][] = [
  ['greedy', {}],
  ['sampled', { temperature: 1.3, topP: 0.95 }],
  ['penalised', { repetitionPenalty: 1.5 }],
];
const CASES = LIMITS.flatMap(([room, limits]) =>
  CHOICES.map(([name, choice]) => [`${name}, ${room}`, limits, choice] as const),
);

test.each(CASES)('answers that come and go are those of each alone: %s', async (_, limits, choice) => {
  for (const model of [parts, routers]) {
    const scheduler = new AnswerScheduler({ parts: model, tokenizer, limits });
    const requests = ROWS.map((_row, index) => requestOf(index, choice));
    const together = await Promise.all(
      requests.map(async (request, index) => {
        for (let turn = 0; turn < index; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
        return (await collected(scheduler.ask(request))).answers;
      }),
    );
    await scheduler.close();
    const apart = [];
    for (const request of requests) apart.push(await alone(model, request));
    expect(together).toEqual(apart);
  }
});

test('several answers to one prompt draw each for itself, and greedy ones are equal', async () => {
  const scheduler = new AnswerScheduler({ parts, tokenizer });
  const sampled = await collected(
    scheduler.ask(requestOf(3, { choices: 4, temperature: 2, maxNewTokens: 12 })),
  );
  expect(new Set(sampled.answers.map(({ text }) => text)).size).toBeGreaterThan(1);
  const greedy = await collected(scheduler.ask(requestOf(3, { choices: 3 })));
  expect(new Set(greedy.answers.map(({ text }) => text)).size).toBe(1);
  await scheduler.close();
});

test('equal beginnings are read once, a picture among them, and a chat goes on from its last answer', async () => {
  const scheduler = new AnswerScheduler({ parts, tokenizer });
  const long = 'is a disc red is a disc blue is a disc square is it';
  const ask = (prompt: string, picture?: AnswerRequest['picture']) =>
    collected(scheduler.ask({ row: { prompt }, picture, maxNewTokens: 5, seed: 0 }));
  const first = await ask(`${long} a`);
  expect(first.begin).toEqual({ kind: 'begin', promptTokens: 16, sharedTokens: 0 });
  const answer = first.answers[0]!;
  const next = await ask(`${long} a ${tokenizer.decode(answer.ids.slice(0, 3))} it it`);
  expect(next.begin.sharedTokens).toBeGreaterThanOrEqual(16);
  const picture = pictureOf(7);
  expect((await ask(long, picture)).begin.sharedTokens).toBe(0);
  expect((await ask(`${long} it`, picture)).begin).toMatchObject({ promptTokens: 18, sharedTokens: 17 });
  expect((await ask(`${long} it`, { ...picture, fingerprint: 'other' })).begin.sharedTokens).toBe(0);
  expect(scheduler.counts).toMatchObject({ waiting: 0, reading: 0, running: 0 });
  await scheduler.close();
});

test('of requests that come at once, those behind the first read no equal beginning again', async () => {
  const scheduler = new AnswerScheduler({ parts, tokenizer });
  const long = 'is a disc red is a disc blue is a disc square is it it';
  const all = await Promise.all(
    ['a', 'it', 'red'].map((last) =>
      collected(scheduler.ask({ row: { prompt: `${long} ${last}` }, maxNewTokens: 3, seed: 0 })),
    ),
  );
  expect(all.map(({ begin }) => begin.sharedTokens)).toEqual([0, 16, 16]);
  await scheduler.close();
});

test('a request whose reader leaves, or whose signal is aborted, ends and frees its place', async () => {
  const scheduler = new AnswerScheduler({ parts, tokenizer, limits: { rows: 1 } });
  const controller = new AbortController();
  const endless = { row: { prompt: 'a' }, maxNewTokens: 30, seed: 0, temperature: 5 };
  const aborted = collected(scheduler.ask({ ...endless, signal: controller.signal }));
  const waiting = collected(scheduler.ask({ ...endless, signal: controller.signal }));
  const left = (async () => {
    for await (const { kind } of scheduler.ask(endless)) if (kind === 'piece') break;
  })();
  controller.abort();
  expect((await aborted).answers[0]?.end).toBeUndefined();
  expect((await waiting).begin).toBeUndefined();
  await left;
  const { answers } = await collected(scheduler.ask(requestOf(1)));
  expect(answers).toEqual(await alone(parts, requestOf(1)));
  await scheduler.close();
});

test('what cannot be answered is refused at once, and a failing step ends its requests alone', async () => {
  const scheduler = new AnswerScheduler({ parts, tokenizer, limits: { rows: 4, queue: 1 } });
  const refused = (request: Partial<AnswerRequest>) => () => scheduler.ask(requestOf(1, request));
  expect(refused({ choices: 5 })).toThrow(/5 answers .* at most 4/);
  expect(refused({ row: { prompt: 'a '.repeat(60) } })).toThrow(/do not fit into the model's context/);
  expect(refused({ row: { ids: [99] } })).toThrow(/beyond the model's vocabulary/);
  const text = new AnswerScheduler({ parts: { llm: parts.llm }, tokenizer });
  expect(() => text.ask(requestOf(0))).toThrow(/sees no pictures/);
  await text.close();
  expect([scheduler.hasRoom(), scheduler.hasRoom(2)]).toEqual([true, false]);
  await scheduler.close();

  let calls = 0;
  const llm = Object.assign(Object.create(parts.llm) as ModelParts['llm'], {
    forward: (...given: Parameters<ModelParts['llm']['forward']>) => {
      if (++calls === 3) throw new Error('the engine is lost');
      return parts.llm.forward(...given);
    },
  });
  const failing = new AnswerScheduler({ parts: { llm }, tokenizer });
  const first = collected(failing.ask(requestOf(1, { maxNewTokens: 9 })));
  await expect(first).rejects.toThrow('the engine is lost');
  expect((await collected(failing.ask(requestOf(1)))).answers).toEqual(await alone(parts, requestOf(1)));
  await failing.close();
});

test('log-probabilities are those of the scores, the likeliest first', async () => {
  const scheduler = new AnswerScheduler({ parts, tokenizer });
  for await (const event of scheduler.ask(requestOf(3, { likeliest: 3 }))) {
    if (event.kind === 'begin') continue;
    for (const { id, logProbability, likeliest } of event.tokens!) {
      expect(likeliest).toHaveLength(3);
      expect(likeliest[0]).toEqual({ id, logProbability });
      expect(likeliest[1]!.logProbability).toBeGreaterThanOrEqual(likeliest[2]!.logProbability);
      expect(Math.exp(logProbability)).toBeLessThanOrEqual(1);
    }
  }
  await scheduler.close();
});
