import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from './create-app.js';
import { ask } from './testing/ask.js';
import { CHAT, say, tinyApp } from './testing/tiny-app.js';
import { tinyServedModel } from './testing/tiny-served-model.js';

const { models, appOf, open, close } = tinyApp();
beforeAll(open);
afterAll(async () => expect(await close()).toBe(0));

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
