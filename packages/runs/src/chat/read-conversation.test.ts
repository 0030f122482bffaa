import { expect, test } from 'vitest';
import { readConversation } from './read-conversation.js';

const hello = { role: 'user', content: 'Hello' };

test('a conversation is a list of messages, or an object with them', () => {
  expect(readConversation([hello], 'file')).toEqual({ messages: [hello] });
  expect(readConversation({ messages: [hello], add_generation_prompt: true }, 'file')).toEqual({
    messages: [hello],
    addGenerationPrompt: true,
  });
});

test('whoever calls a tool may say nothing beside', () => {
  const call = { role: 'assistant', tool_calls: [{ name: 'weather' }] };
  expect(readConversation([hello, call], 'file').messages).toHaveLength(2);
});

test.each([
  [[], /has no message/],
  [{ messages: [] }, /has no message/],
  [[{ role: 'user' }], /message 0 without `content`/],
  [[hello, { content: 'x' }], /message 1 without a `role`/],
  [[hello, { role: 'assistant', content: null }], /message 1 without `content`/],
  [{ messages: [hello], add: 1 }, /`add`, which is not known/],
  ['Hello', /neither a list of messages nor an object/],
])('refuses %j', (value, message) => {
  expect(() => readConversation(value, 'file')).toThrow(message);
});
