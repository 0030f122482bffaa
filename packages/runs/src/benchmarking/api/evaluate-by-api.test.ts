import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EvaluateByApiOptions, evaluateByApi } from './evaluate-by-api.js';
import { type ApiCall, type ApiReply, completion, startApiServer } from './testing/api-server.js';

/** A benchmark of sums, whose right answers the server can give. */
const packages = {
  '@acme/sums': async () => ({
    default: {
      contractVersion: 1,
      name: '@acme/sums',
      benchmarks: {
        sums: {
          name: 'sums',
          load: (files: ReadonlyMap<string, Uint8Array>) =>
            JSON.parse(new TextDecoder().decode([...files.values()][0])),
          identify: (item: number) => `sum ${item}`,
          prompt: (item: number) => `${item}+1`,
          parse: Number,
          score: (given: number, item: number) => given === item + 1,
          aggregate: (given: readonly number[], items: readonly number[]) => ({
            right: given.filter((each, index) => each === items[index]! + 1).length,
          }),
        },
      },
    },
  }),
};
const ITEMS = 12;
let folder: string;
let server: Awaited<ReturnType<typeof startApiServer>>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-api-'));
  await writeFile(join(folder, 'items.json'), JSON.stringify(Array.from({ length: ITEMS }, (_, n) => n)));
});
afterEach(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

const evaluate = (more: Partial<EvaluateByApiOptions> = {}) =>
  evaluateByApi({
    packages,
    workingFolder: folder,
    ...{ api: server.url, model: 'adder', benchmark: '@acme/sums', data: folder, out: join(folder, 'out') },
    ...more,
    shard: undefined,
  });
const sum = ({ body }: ApiCall): ApiReply =>
  completion(` ${Number(body.messages[0].content.split('+')[0]) + 1}\n`);
const refusal = (status: number, error: object, headers = {}): ApiReply => ({
  status,
  json: { error },
  headers,
});

test('asks each item once, as many at a time as was said, and scores all', async () => {
  let [running, most] = [0, 0];
  server = await startApiServer(async (call) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 30));
    running--;
    return sum(call);
  });
  const notes: string[] = [];
  const outcome = await evaluate({
    concurrency: 3,
    apiKeyEnv: 'ADDER_KEY',
    environment: { ADDER_KEY: 'secret' },
    onProgress: ({ detail }) => void notes.push(detail!),
  });
  expect(outcome).toMatchObject({ scores: { right: ITEMS }, items: ITEMS });
  expect(most).toBe(3);
  expect(server.calls).toHaveLength(ITEMS);
  expect(server.calls[0]).toMatchObject({
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer secret' },
    body: { model: 'adder', temperature: 0, max_tokens: 40, messages: [{ role: 'user', content: '0+1' }] },
  });
  expect(server.calls[0]!.body).not.toHaveProperty('seed');
  expect(notes.at(-1)).toBe('item 12/12');
  const manifest = readFileSync(join(folder, 'out/manifest.json'), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ model: { api: server.url, name: 'adder' } });
  expect(manifest).not.toContain('secret');
  // A finished evaluation asks anew: the server may have another model by now.
  await evaluate();
  expect(server.calls).toHaveLength(2 * ITEMS);
});

test('a busy server is asked again when it says so, and one that broke off too', async () => {
  const times = new Map<string, number[]>();
  server = await startApiServer((call) => {
    const prompt = call.body.messages[0].content;
    const seen = [...(times.get(prompt) ?? []), performance.now()];
    times.set(prompt, seen);
    if (seen.length > 1) return sum(call);
    if (prompt === '1+1') return refusal(429, { message: 'queue is full' }, { 'retry-after': '1' });
    return prompt === '2+1' ? undefined : sum(call);
  });
  expect(await evaluate()).toMatchObject({ scores: { right: ITEMS } });
  const [first, second] = times.get('1+1')!;
  expect(second! - first!).toBeGreaterThan(950);
  expect(times.get('2+1')).toHaveLength(2);
});

test('an evaluation that was cut off goes on where it was', async () => {
  server = await startApiServer((call, index) =>
    index < 5 ? sum(call) : refusal(400, { message: 'the cat sat on the cable' }),
  );
  await expect(evaluate({ concurrency: 1 })).rejects.toThrow(/refuses "sum 5".*the cat sat on the cable/);
  expect(existsSync(join(folder, 'out/scores.json'))).toBe(false);
  const { url } = server;
  await server.close();
  await expect(evaluate()).rejects.toMatchObject({
    code: 'network-failed',
    message: expect.stringContaining(`No server listens at ${url}`),
  });
  server = await startApiServer(sum);
  const asked: string[] = [];
  // At another port it is another server: nothing of the first counts.
  await evaluate({ onProgress: ({ detail }) => void asked.push(detail!) });
  expect(server.calls).toHaveLength(ITEMS);
  expect(asked[0]).toBe('item 1/12');
});

test('what was answered before an abort is not asked again', async () => {
  const stop = new AbortController();
  server = await startApiServer((call, index) => {
    if (index === 6) stop.abort(new Error('Ctrl-C'));
    return sum(call);
  });
  await expect(evaluate({ concurrency: 2, signal: stop.signal })).rejects.toThrow('Ctrl-C');
  const kept = readFileSync(join(folder, 'out/answers-so-far.jsonl'), 'utf8').trim().split('\n').length;
  expect(kept).toBeGreaterThanOrEqual(5);
  const before = server.calls.length;
  expect(await evaluate()).toMatchObject({ scores: { right: ITEMS } });
  expect(server.calls.length - before).toBe(ITEMS - kept);
  expect(existsSync(join(folder, 'out/answers-so-far.jsonl'))).toBe(false);
});

test('the only model of a server needs no name, and several are listed', async () => {
  let ids = ['only'];
  server = await startApiServer((call) =>
    call.path === '/v1/models' ? { json: { data: ids.map((id) => ({ id })) } } : sum(call),
  );
  await evaluate({ model: undefined });
  expect(server.calls.at(-1)!.body.model).toBe('only');
  ids = ['a', 'b'];
  await expect(evaluate({ model: undefined })).rejects.toThrow(/has several models: a, b.*--model/);
});

test("OpenAI's newer name of the limit is used where the server asks for it", async () => {
  server = await startApiServer((call) =>
    call.body.max_tokens === undefined
      ? sum(call)
      : refusal(400, { message: "Use 'max_completion_tokens' instead.", param: 'max_tokens' }),
  );
  expect(await evaluate({ concurrency: 1, maxNewTokens: 7 })).toMatchObject({ scores: { right: ITEMS } });
  expect(server.calls).toHaveLength(ITEMS + 1);
  expect(server.calls.at(-1)!.body.max_completion_tokens).toBe(7);
});

test('sampled answers have draws of their own for each item, and options of decoding are sent', async () => {
  server = await startApiServer(sum);
  await evaluate({ decoding: { temperature: 0.5, topP: 0.9, topK: 5, repetitionPenalty: 1.2, seed: 3 } });
  const seeds = server.calls.map(({ body }) => body.seed);
  expect(new Set(seeds).size).toBe(ITEMS);
  const { body } = server.calls[0]!;
  expect(body).toMatchObject({ temperature: 0.5, top_p: 0.9, top_k: 5, repetition_penalty: 1.2 });
});

test('a text in parts is joined, and a message without any is an empty answer', async () => {
  server = await startApiServer(({ body }) => {
    const prompt = body.messages[0].content;
    if (prompt === '0+1') return completion([{ type: 'text', text: '1' }]);
    return completion(null);
  });
  expect(await evaluate()).toMatchObject({ scores: { right: 1 } });
});

describe('what a server refuses ends the evaluation in words', () => {
  const models = (call: ApiCall, other: ApiReply): ApiReply =>
    call.path === '/v1/models' ? { json: { data: [{ id: 'times' }] } } : other;
  test.each<[what: string, reply: ApiReply, code: string, message: RegExp]>([
    [
      'a key',
      refusal(401, { message: 'No key.' }),
      'access-refused',
      /refuses access.*No key.*--api-key-env/,
    ],
    [
      'a model',
      refusal(404, { message: 'The model `adder` does not exist.', code: 'model_not_found' }),
      'invalid-argument',
      /has no model "adder".*It has times/,
    ],
    ['a route', { status: 404, json: 'Not Found' }, 'invalid-argument', /does not know the route.*\/v1/],
    ['a page', { json: '<html>' }, 'invalid-argument', /no JSON: <html>/],
    ['another JSON', { json: { ok: true } }, 'invalid-argument', /no chat completion/],
    [
      'a quota',
      refusal(429, { message: 'You exceeded your quota', code: 'insufficient_quota' }),
      'access-refused',
      /quota .* used up/,
    ],
    [
      'a long wait',
      refusal(429, { message: 'Come tomorrow' }, { 'retry-after': '86400' }),
      'network-failed',
      /status 429.*Come tomorrow.*goes on where/,
    ],
    [
      'another shape',
      { status: 422, json: { detail: 'no pictures' } },
      'invalid-argument',
      /422.*no pictures/,
    ],
  ])('%s', async (_, reply, code, message) => {
    server = await startApiServer((call) => models(call, reply));
    await expect(evaluate()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test.each<[more: Partial<EvaluateByApiOptions>, message: RegExp]>([
    [{ api: 'ftp://x' }, /--api is "ftp:\/\/x"/],
    [{ api: 'http://me:secret@x' }, /holds a user or a password/],
    [{ apiKeyEnv: 'NO_KEY' }, /NO_KEY, which is not set/],
    [{ decoding: { beams: 3 } }, /--beams is of beam search/],
  ])('%o', async (more, message) => {
    server = await startApiServer(sum);
    await expect(evaluate(more)).rejects.toThrow(message);
    expect(server.calls).toHaveLength(0);
  });
});
