/** The calls of docs/serve.md by the package openai of npm. EIM_URL is the server, EIM_MODEL its model. */
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const model = process.env.EIM_MODEL;
const client = new OpenAI({
  baseURL: `${process.env.EIM_URL}/v1`,
  apiKey: process.env.EIM_KEY ?? 'none',
  maxRetries: 0,
});
const messages = [{ role: 'user', content: 'Name a colour.' }];
const greedy = { model, messages, temperature: 0, max_completion_tokens: 8 };

const models = await client.models.list();
assert.ok(models.data.some(({ id }) => id === model));
assert.equal((await client.models.retrieve(model)).id, model);

const whole = await client.chat.completions.create({ ...greedy, logprobs: true, top_logprobs: 2 });
const [choice] = whole.choices;
assert.equal(choice.message.role, 'assistant');
assert.equal(choice.logprobs.content.length, whole.usage.completion_tokens);
assert.equal(choice.logprobs.content[0]?.top_logprobs.length ?? 2, 2);

const stream = await client.chat.completions.create({
  ...greedy,
  stream: true,
  stream_options: { include_usage: true },
});
let text = '';
let usage;
for await (const chunk of stream) {
  text += chunk.choices[0]?.delta.content ?? '';
  usage = chunk.usage ?? usage;
}
assert.equal(text, choice.message.content);
assert.equal(usage.completion_tokens, whole.usage.completion_tokens);

const seeded = { ...greedy, temperature: 1, seed: 7, n: 2 };
const twice = await Promise.all([
  client.chat.completions.create(seeded),
  client.chat.completions.create(seeded),
]);
assert.deepEqual(twice[0].choices, twice[1].choices);
assert.equal(twice[0].choices.length, 2);

const continued = await client.completions.create({
  model,
  prompt: 'The sea is',
  max_tokens: 4,
  temperature: 0,
  logprobs: 1,
});
assert.equal(continued.choices[0].logprobs.tokens.length, continued.usage.completion_tokens);

if (process.env.EIM_PICTURE) {
  const content = [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: process.env.EIM_PICTURE } },
  ];
  const shown = await client.chat.completions.create({ ...greedy, messages: [{ role: 'user', content }] });
  assert.ok(shown.usage.prompt_tokens > 1);
}

const refused = await client.chat.completions
  .create({ ...greedy, tools: [{ type: 'function', function: { name: 'f' } }] })
  .catch((error) => error);
assert.ok(refused instanceof OpenAI.BadRequestError);
assert.equal(refused.param, 'tools');
const absent = await client.chat.completions.create({ ...greedy, model: 'nobody' }).catch((error) => error);
assert.ok(absent instanceof OpenAI.NotFoundError);

const controller = new AbortController();
const left = await client.chat.completions.create(
  { ...greedy, max_completion_tokens: 50, stream: true },
  { signal: controller.signal },
);
for await (const _ of left) controller.abort();
console.log('openai (npm): models, chat, streams, seeds, completions, errors, a stream that is left');
