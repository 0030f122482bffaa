/** The calls of docs/serve.md by `@ai-sdk/openai-compatible`. EIM_URL is the server, EIM_MODEL its model. */
import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';

const provider = createOpenAICompatible({
  name: 'eim',
  baseURL: `${process.env.EIM_URL}/v1`,
  apiKey: process.env.EIM_KEY,
  includeUsage: true,
});
const call = {
  model: provider(process.env.EIM_MODEL),
  prompt: 'Name a colour.',
  temperature: 0,
  maxOutputTokens: 8,
  maxRetries: 0,
};
const whole = await generateText(call);
assert.ok(whole.usage.outputTokens > 0);
const streamed = streamText(call);
let text = '';
for await (const piece of streamed.textStream) text += piece;
assert.equal(text, whole.text);
assert.equal((await streamed.usage).outputTokens, whole.usage.outputTokens);
console.log('@ai-sdk/openai-compatible: a text, and the same as a stream');
