import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, eventsOf } from '../testing/ask.js';
import { solidPng } from '../testing/solid-png.js';
import { CHAT, say, TEXT, tinyApp } from '../testing/tiny-app.js';

const { models, appOf, open, close } = tinyApp();
beforeAll(open);
afterAll(async () => expect(await close()).toBe(0));

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
    const url = solidPng();
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
