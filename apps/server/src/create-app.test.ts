import { startEngine } from '@eim/engine';
import type { ServedModel } from '@eim/runs/serving';
import { memory } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppOptions, createApp } from './create-app.js';
import { ask, eventsOf } from './testing/ask.js';
import { tinyServedModel } from './testing/tiny-served-model.js';

let models: ServedModel[];
let tensors: number;
beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  tensors = memory().numTensors;
  models = [await tinyServedModel(), await tinyServedModel({ id: 'org/text', isText: true })];
});
afterAll(async () => {
  for (const model of models) await model.close();
  expect(memory().numTensors).toBe(tensors);
});

const appOf = (options: Partial<AppOptions> = {}) => {
  const { app } = createApp({ models, ...options });
  return (path: string, init?: RequestInit) => app.request(path, init);
};
const say = (content: unknown, more: object = {}) => ({
  model: 'tiny',
  temperature: 0,
  max_tokens: 6,
  messages: [{ role: 'user', content }],
  ...more,
});
const CHAT = '/v1/chat/completions';
const TEXT = '/v1/completions';
const red = async (width = 5, height = 4) =>
  `data:image/png;base64,${(
    await sharp({ create: { width, height, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
  ).toString('base64')}`;

describe('models', () => {
  test('are listed, and each is found by its id alone', async () => {
    const fetch = appOf();
    const list = await (await fetch('/v1/models')).json();
    expect(list).toMatchObject({
      object: 'list',
      data: [
        { id: 'tiny', object: 'model', owned_by: 'eim', context_length: 60, shows_pictures: true },
        { id: 'org/text', shows_pictures: false },
      ],
    });
    for (const path of ['org/text', 'org%2Ftext']) {
      expect(await (await fetch(`/v1/models/${path}`)).json()).toMatchObject({ id: 'org/text' });
    }
  });

  test.each([
    'nobody',
    '../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/etc/passwd',
    '%00',
    '__proto__',
  ])('no path reaches beyond them: %s', async (id) => {
    const response = await appOf()(`/v1/models/${id}`);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('root:');
    const asked = await ask(appOf(), CHAT, say('a', { model: id }));
    expect([asked.status, asked.body.error.code, asked.body.error.param]).toEqual([
      404,
      'model_not_found',
      'model',
    ]);
  });
});

describe('chat completions', () => {
  test('a streamed answer is the same as a whole one, and both are the model’s own', async () => {
    const fetch = appOf();
    const { status, body } = await ask(fetch, CHAT, say('is it red'));
    const expected: string[] = [];
    for await (const event of models[0]!.ask(
      { messages: [{ role: 'user', content: 'is it red' }] },
      { maxNewTokens: 6, seed: 0 },
    )) {
      if (event.kind === 'piece') expected.push(event.text);
    }
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'tiny',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: expected.join(''), refusal: null },
          logprobs: null,
          finish_reason: 'length',
        },
      ],
      usage: { prompt_tokens: 4, completion_tokens: 6, total_tokens: 10 },
    });
    const streamed = await fetch(CHAT, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(say('is it red', { stream: true, stream_options: { include_usage: true } })),
    });
    expect(streamed.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = eventsOf(await streamed.text());
    expect(events.at(-1)).toBe('[DONE]');
    expect(events.at(-2)).toMatchObject({ choices: [], usage: body.usage });
    const chunks = events.slice(0, -2);
    expect(chunks[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.map(({ choices: [choice] }) => choice.delta.content ?? '').join('')).toBe(
      expected.join(''),
    );
    expect(chunks.at(-1).choices[0]).toEqual({
      index: 0,
      delta: {},
      logprobs: null,
      finish_reason: 'length',
    });
    expect(chunks.every(({ usage, object }) => usage === null && object === 'chat.completion.chunk')).toBe(
      true,
    );
    expect(new Set(events.slice(0, -1).map(({ id }) => id)).size).toBe(1);
  });

  test('a seed gives the same answers again, n of them, and temperature 1 is the default', async () => {
    const request = { ...say('a'), n: 3, seed: 11, temperature: undefined };
    const texts = async (more: object) =>
      (await ask(appOf(), CHAT, { ...request, ...more })).body.choices.map(
        ({ message }: { message: { content: string } }) => message.content,
      );
    const first = await texts({});
    expect(first).toHaveLength(3);
    expect(new Set(first).size).toBeGreaterThan(1);
    expect(await texts({ temperature: 1 })).toEqual(first);
    expect(await texts({ seed: 12 })).not.toEqual(first);
  });

  test('stop texts end an answer before themselves', async () => {
    const whole = (await ask(appOf(), CHAT, say('is it red'))).body.choices[0].message.content as string;
    const stop = whole.trim().split(' ')[2]!;
    const { body } = await ask(appOf(), CHAT, say('is it red', { stop: [stop, 'never'] }));
    expect(body.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(body.choices[0].message.content).toBe(whole.slice(0, whole.indexOf(stop)));
  });

  test('log-probabilities come with tokens, their bytes, and the likeliest', async () => {
    const { body } = await ask(appOf(), CHAT, say('is it', { logprobs: true, top_logprobs: 2 }));
    const [choice] = body.choices;
    expect(choice.logprobs.content).toHaveLength(6);
    for (const entry of choice.logprobs.content) {
      expect(entry.top_logprobs).toHaveLength(2);
      expect(entry.top_logprobs[0]).toEqual({
        token: entry.token,
        logprob: entry.logprob,
        bytes: [...new TextEncoder().encode(entry.token)],
      });
      expect(entry.logprob).toBeLessThanOrEqual(0);
    }
    const joined = choice.logprobs.content.map(({ token }: { token: string }) => token).join('');
    expect(joined).toBe(choice.message.content);
  });

  test('the picture of the last message that has one is looked at, whatever its encoding says', async () => {
    const url = await red();
    const shown = [
      { type: 'image_url', image_url: { url, detail: 'high' } },
      { type: 'text', text: 'is it' },
    ];
    const { body } = await ask(appOf(), CHAT, say(shown));
    expect(body.usage.prompt_tokens).toBe(5);
    const later = await ask(appOf(), CHAT, {
      ...say(''),
      messages: [
        { role: 'developer', content: 'a' },
        { role: 'user', content: shown },
        { role: 'assistant', content: ' it', refusal: null, annotations: [], tool_calls: null },
        { role: 'user', content: [{ type: 'text', text: 'is red' }] },
      ],
    });
    expect([later.status, later.body.usage.prompt_tokens > 5]).toEqual([200, true]);
  });
});

describe('completions', () => {
  test('continue one or several prompts, as texts or ids, with their log-probabilities', async () => {
    const request = {
      model: 'org/text',
      prompt: ['is it', 'a'],
      n: 2,
      temperature: 0,
      logprobs: 1,
      max_tokens: 3,
    };
    const { body } = await ask(appOf(), TEXT, request);
    expect(body).toMatchObject({
      object: 'text_completion',
      usage: { prompt_tokens: 5, completion_tokens: 12 },
    });
    expect(body.choices.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3]);
    expect(body.choices[0].text).toBe(body.choices[1].text);
    const { tokens, token_logprobs, top_logprobs, text_offset } = body.choices[2].logprobs;
    expect(tokens.join('')).toBe(body.choices[2].text);
    expect(text_offset[1]).toBe(tokens[0].length);
    expect(top_logprobs[0]).toEqual({ [tokens[0]]: token_logprobs[0] });
    const ids = await ask(appOf(), TEXT, { ...request, prompt: [1, 9, 10], n: 1 });
    expect(ids.body.choices[0].text).toBe(body.choices[0].text);
    const unsaid = { ...request, n: 8, temperature: 2, seed: 1, max_tokens: null };
    const { body: longest } = await ask(appOf(), TEXT, unsaid);
    const lengths = longest.choices.map((choice: typeof body) => choice.logprobs.tokens.length);
    expect(Math.max(...lengths)).toBe(16);
  });

  test('are streamed with the prompts’ pieces mixed', async () => {
    const request = { model: 'tiny', prompt: ['is it', 'a'], temperature: 0, max_tokens: 4 };
    const { body } = await ask(appOf(), TEXT, request);
    const streamed = await appOf()(TEXT, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, stream: true }),
    });
    const events = eventsOf(await streamed.text()).slice(0, -1);
    for (const index of [0, 1]) {
      const own = events.filter(({ choices: [choice] }) => choice.index === index);
      expect(own.map(({ choices: [choice] }) => choice.text).join('')).toBe(body.choices[index].text);
      expect(own.at(-1).choices[0].finish_reason).toBe('length');
    }
  });
});

describe('what cannot be is refused by its name', () => {
  test.each<[param: string | null, path: string, body: object]>([
    ['model', CHAT, say('a', { model: undefined })],
    ['messages', CHAT, say('a', { messages: undefined })],
    ['messages', CHAT, say('a', { messages: [] })],
    ['messages[0].role', CHAT, say('a', { messages: [{ content: 'a' }] })],
    ['messages[0].role', CHAT, say('a', { messages: [{ role: 'tool', content: 'a' }] })],
    ['messages[0].role', CHAT, say('a', { messages: [{ role: 'constructor', content: 'a' }] })],
    ['messages[0].content', CHAT, say(null)],
    ['messages[0].content', CHAT, say(7)],
    ['messages[0].content[0].type', CHAT, say([{ type: 'input_audio', input_audio: {} }])],
    ['messages[0].name', CHAT, say('a', { messages: [{ role: 'user', content: 'a', name: 'Ada' }] })],
    [
      'messages[0].content[0].image_url.url',
      CHAT,
      say([{ type: 'image_url', image_url: { url: 'http://x/a.png' } }]),
    ],
    [
      'messages[0].content[0].image_url.url',
      CHAT,
      say([{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }]),
    ],
    [
      'messages[0].content[0].image_url.url',
      CHAT,
      say([{ type: 'image_url', image_url: { url: 'data:image/png,abc' } }]),
    ],
    [
      'messages[0].content[0].image_url.url',
      CHAT,
      say([{ type: 'image_url', image_url: { url: 'data:image/png;base64,a!' } }]),
    ],
    [
      'messages[0].content[0].image_url.url',
      CHAT,
      say([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }]),
    ],
    ['messages[0].content[0].image_url', CHAT, say([{ type: 'image_url', image_url: 'x' }])],
    ['temperature', CHAT, say('a', { temperature: 2.5 })],
    ['temperature', CHAT, say('a', { temperature: '1' })],
    ['top_p', CHAT, say('a', { top_p: 0 })],
    ['n', CHAT, say('a', { n: 9 })],
    ['n', CHAT, say('a', { n: 1.5 })],
    ['seed', CHAT, say('a', { seed: 0.5 })],
    ['stop', CHAT, say('a', { stop: ['a', 'b', 'c', 'd', 'e'] })],
    ['stop', CHAT, say('a', { stop: '' })],
    ['max_tokens', CHAT, say('a', { max_tokens: 0 })],
    ['max_tokens', CHAT, say('a', { max_tokens: 5, max_completion_tokens: 6 })],
    ['max_completion_tokens', CHAT, say('a', { max_tokens: null, max_completion_tokens: 100_000 })],
    ['top_logprobs', CHAT, say('a', { top_logprobs: 2 })],
    ['stream', CHAT, say('a', { stream: 'yes' })],
    ['stream_options', CHAT, say('a', { stream_options: {} })],
    ['stream_options.other', CHAT, say('a', { stream: true, stream_options: { other: 1 } })],
    ['tools', CHAT, say('a', { tools: [{ type: 'function' }] })],
    ['response_format', CHAT, say('a', { response_format: { type: 'json_object' } })],
    ['frequency_penalty', CHAT, say('a', { frequency_penalty: 0.5 })],
    ['presence_penalty', CHAT, say('a', { presence_penalty: -1 })],
    ['logit_bias', CHAT, say('a', { logit_bias: { 5: 1 } })],
    ['reasoning_effort', CHAT, say('a', { reasoning_effort: 'low' })],
    ['unheard_of', CHAT, say('a', { unheard_of: 1 })],
    ['prompt', TEXT, { model: 'tiny' }],
    ['prompt', TEXT, { model: 'tiny', prompt: [['a']] }],
    ['prompt', TEXT, { model: 'tiny', prompt: new Array(17).fill('a') }],
    ['echo', TEXT, { model: 'tiny', prompt: 'a', echo: true }],
    ['best_of', TEXT, { model: 'tiny', prompt: 'a', best_of: 4 }],
    ['suffix', TEXT, { model: 'tiny', prompt: 'a', suffix: 'b' }],
    ['logprobs', TEXT, { model: 'tiny', prompt: 'a', logprobs: 6 }],
  ])('%s', async (param, path, body) => {
    const asked = await ask(appOf(), path, body);
    expect([asked.status, asked.body.error.param, asked.body.error.type]).toEqual([
      400,
      param,
      'invalid_request_error',
    ]);
    expect(asked.body.error.message).toContain(param);
  });

  test.each<[what: string, more: object]>([
    ['null', { stop: null, seed: null, n: null, tools: null, logit_bias: null }],
    [
      'what changes nothing',
      { frequency_penalty: 0, presence_penalty: 0, logit_bias: {}, tools: [], store: false },
    ],
    ['what no answer depends on', { user: 'ada', metadata: { a: 'b' }, response_format: { type: 'text' } }],
  ])('but %s is let pass', async (_, more) => {
    expect((await ask(appOf(), CHAT, say('a', more))).status).toBe(200);
  });

  test('messages that the model has no place for, and prompts that are too long', async () => {
    const user = { role: 'user', content: 'a' };
    const twice = await ask(appOf(), CHAT, say('', { messages: [user, user] }));
    expect([twice.status, twice.body.error.message]).toEqual([400, expect.stringContaining('Message 1')]);
    const ended = await ask(
      appOf(),
      CHAT,
      say('', { messages: [user, { role: 'assistant', content: 'a' }] }),
    );
    expect(ended.status).toBe(400);
    const long = await ask(appOf(), CHAT, say('a '.repeat(100)));
    expect([long.status, long.body.error.message]).toEqual([400, expect.stringContaining('context')]);
    const ids = await ask(appOf(), TEXT, { model: 'tiny', prompt: [5000] });
    expect([ids.status, ids.body.error.message]).toEqual([400, expect.stringContaining('vocabulary')]);
  });

  test('pictures: by bytes, by pixels before they are decoded, and where the model sees none', async () => {
    const show = (url: string, more: object = {}) => say([{ type: 'image_url', image_url: { url } }], more);
    const large = await ask(appOf({ limits: { picturePixels: 19 } }), CHAT, show(await red()));
    expect([large.status, large.body.error.message]).toEqual([400, expect.stringContaining('5 x 4 pixels')]);
    expect((await ask(appOf({ limits: { picturePixels: 20 } }), CHAT, show(await red()))).status).toBe(200);
    const heavy = await ask(appOf({ limits: { pictureBytes: 50 } }), CHAT, show(await red()));
    expect([heavy.status, heavy.body.error.code]).toEqual([413, 'picture_too_large']);
    // 30,000 x 30,000 pixels of one colour in a file of a few kB
    const bomb = await ask(appOf(), CHAT, show(await red(16_000, 16_000)));
    expect([bomb.status, bomb.body.error.message]).toEqual([400, expect.stringContaining('16000 x 16000')]);
    const blind = await ask(appOf(), CHAT, show(await red(), { model: 'org/text' }));
    expect([blind.status, blind.body.error.message]).toEqual([
      400,
      expect.stringContaining('sees no pictures'),
    ]);
    const both = await ask(
      appOf(),
      CHAT,
      say([1, 2].map(() => ({ type: 'image_url', image_url: { url: 'x' } }))),
    );
    expect([both.status, both.body.error.param]).toEqual([400, 'messages[0].content[1].image_url.url']);
  });
});

describe('bodies', () => {
  test.each<[what: string, status: number, code: string | null, body: string | Uint8Array]>([
    ['malformed JSON', 400, 'invalid_json', '{"model": '],
    ['no JSON at all', 400, 'invalid_json', ''],
    ['no object', 400, 'invalid_type', '[1]'],
    ['bytes that are not UTF-8', 400, 'invalid_utf8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ['UTF-8 that is cut off', 400, 'invalid_utf8', new Uint8Array([0x22, 0xe2, 0x82, 0x22])],
    ['JSON nested very deeply', 400, null, `{"messages":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['more bytes than are allowed', 413, 'body_too_large', `"${'a'.repeat(200_000)}"`],
  ])('%s', async (_, status, code, body) => {
    const asked = await ask(appOf({ limits: { bodyBytes: 150_000 } }), CHAT, body);
    expect(asked.status).toBe(status);
    if (code) expect(asked.body.error.code).toBe(code);
  });

  test('of another type are refused, as a page of another site could send them', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
      const asked = await ask(appOf(), CHAT, say('a'), { 'content-type': type });
      expect([asked.status, asked.body.error.code]).toEqual([415, 'unsupported_media_type']);
    }
    expect(
      (await ask(appOf(), CHAT, say('a'), { 'content-type': 'application/json; charset=utf-8' })).status,
    ).toBe(200);
  });
});

describe('access', () => {
  test('with keys, one of them is asked for by all but health checks', async () => {
    const fetch = appOf({ apiKeys: ['one', 'two'] });
    const status = async (path: string, authorization?: string) =>
      (await fetch(path, { headers: authorization === undefined ? {} : { authorization } })).status;
    for (const good of ['Bearer one', 'bearer two']) expect(await status('/v1/models', good)).toBe(200);
    for (const bad of [
      undefined,
      'Bearer three',
      'Bearer on',
      'Bearer ',
      'Basic one',
      'one',
      'Bearer one two',
    ]) {
      expect(await status('/v1/models', bad)).toBe(401);
      expect(await status('/metrics', bad)).toBe(401);
    }
    expect(await status('/v1/unknown')).toBe(401);
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
    const asked = await ask(fetch, CHAT, say('a'), { authorization: 'Bearer three' });
    expect([asked.status, asked.body.error.code]).toEqual([401, 'invalid_api_key']);
  });

  test('pages of other origins are told nothing unless one is named', async () => {
    const headers = { origin: 'https://a.example' };
    const allowed = async (origins: readonly string[] | undefined) =>
      (await appOf({ origins })('/v1/models', { headers })).headers.get('access-control-allow-origin');
    expect(await allowed(undefined)).toBeNull();
    expect(await allowed(['https://b.example'])).toBeNull();
    expect(await allowed(['https://b.example', 'https://a.example'])).toBe('https://a.example');
    expect(await allowed(['*'])).toBe('*');
    const preflight = await appOf({ origins: ['*'], apiKeys: ['k'] })(CHAT, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
  });

  test('unknown addresses and methods are errors in the same shape', async () => {
    const fetch = appOf();
    const unknown = await fetch('/v1/embeddings', { method: 'POST' });
    expect([unknown.status, (await unknown.json()).error.code]).toEqual([404, 'not_found']);
    const method = await fetch(CHAT);
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

test('an error of the server itself is reported, and its inside is not told', async () => {
  const errors: unknown[] = [];
  const broken = await tinyServedModel({
    id: 'broken',
    isText: true,
    onForward: () => {
      throw new Error('secret inside');
    },
  });
  const fetch = appOf({ models: [broken], onError: (error) => errors.push(error) });
  const asked = await ask(fetch, CHAT, say('a', { model: 'broken' }));
  expect([asked.status, asked.body.error.type]).toEqual([500, 'server_error']);
  expect(JSON.stringify(asked.body)).not.toContain('secret');
  const streamed = await fetch(CHAT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(say('a', { model: 'broken', stream: true })),
  });
  expect(await streamed.text()).not.toContain('secret');
  expect(String(errors[0])).toContain('secret inside');
  await broken.close();
});

test('metrics count requests and tokens in the format of Prometheus', async () => {
  const { app } = createApp({ models });
  const text = async () => await (await app.request('/metrics')).text();
  await ask((path, init) => app.request(path, init), CHAT, say('is it'));
  const lines = (await text()).split('\n');
  expect(lines).toContain('# TYPE eim_first_token_seconds histogram');
  expect(lines).toContain('eim_first_token_seconds_count{model="tiny"} 1');
  expect(lines).toContain('eim_waiting_requests{model="org/text"} 0');
  for (const line of lines) {
    expect(line).toMatch(
      /^$|^# (HELP|TYPE) [a-z_]+ |^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+$/,
    );
  }
});
