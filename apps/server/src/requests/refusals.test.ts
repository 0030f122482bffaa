import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../testing/ask.js';
import { solidPng } from '../testing/solid-png.js';
import { CHAT, say, TEXT, tinyApp } from '../testing/tiny-app.js';

const { appOf, open, close } = tinyApp();
beforeAll(open);
afterAll(async () => expect(await close()).toBe(0));

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
    const large = await ask(appOf({ limits: { picturePixels: 19 } }), CHAT, show(solidPng()));
    expect([large.status, large.body.error.message]).toEqual([400, expect.stringContaining('5 x 4 pixels')]);
    expect((await ask(appOf({ limits: { picturePixels: 20 } }), CHAT, show(solidPng()))).status).toBe(200);
    const heavy = await ask(appOf({ limits: { pictureBytes: 50 } }), CHAT, show(solidPng()));
    expect([heavy.status, heavy.body.error.code]).toEqual([413, 'picture_too_large']);
    // far more pixels than bytes
    const bomb = await ask(appOf(), CHAT, show(solidPng(16_000, 16_000)));
    expect([bomb.status, bomb.body.error.message]).toEqual([400, expect.stringContaining('16000 x 16000')]);
    const blind = await ask(appOf(), CHAT, show(solidPng(), { model: 'org/text' }));
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
