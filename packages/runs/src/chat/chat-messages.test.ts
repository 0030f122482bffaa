import { expect, test } from 'vitest';
import { chatMessages, chatOfMessages } from './chat-messages.js';

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });
const text = (value: string) => ({ type: 'text', text: value });

test('a history is written as messages, and read again', () => {
  const history = {
    system: 'Be brief.',
    exchanges: [
      { prompt: 'Hello', shown: [], view: [], answers: ['Hi'] },
      {
        prompt: 'What?',
        shown: ['/p/a.jpg', 'https://x.org/b.png'],
        view: ['/p/a.jpg', 'https://x.org/b.png'],
        answers: ['A cat', ''],
      },
      { prompt: 'Sure?', shown: [], view: ['/p/a.jpg', 'https://x.org/b.png'], answers: ['Yes', 'No'] },
    ],
  };
  const messages = chatMessages(history);
  expect(messages[3]).toEqual(
    user([{ type: 'image', path: '/p/a.jpg' }, { type: 'image', url: 'https://x.org/b.png' }, text('What?')]),
  );
  expect(messages[6]).toEqual(assistant([text('Yes'), text('No')]));
  expect(chatOfMessages({ messages }, '/p/chat.json')).toEqual({
    history,
    view: ['/p/a.jpg', 'https://x.org/b.png'],
  });
});

test('paths start from the folder of the file; a question at the end waits for its answer', () => {
  const messages = [user([{ type: 'image', path: 'a.jpg' }, text('What?')])];
  expect(chatOfMessages({ messages }, '/p/chat.json')).toMatchObject({
    history: { exchanges: [] },
    pending: { prompt: 'What?', shown: ['/p/a.jpg'] },
  });
});

test.each([
  [[assistant('Hi')], /message 0 of the role `assistant`, where `user`/],
  [[user('a'), user('b')], /message 1 of the role `user`, where `assistant`/],
  [[user('a'), { role: 'system', content: 'b' }], /message 1 of the role `system`/],
  [[{ ...user('a'), name: 'Ada' }], /message 0 with `name`/],
  [[user('a'), { ...assistant('b'), tool_calls: [] }], /message 1 with `tool_calls`/],
  [[user([{ type: 'audio', path: 'a.wav' }])], /message 0 with the part \{"type":"audio"/],
  [[user([{ type: 'image', path: 'a.jpg', size: 3 }])], /message 0 with the part/],
  [[user(3)], /message 0 whose `content` is neither/],
  [[user('a'), assistant([text('b'), text('c')])], /message 1 of 2 answers to 0 pictures/],
  [[user('a'), assistant([{ type: 'image', path: 'a.jpg' }])], /message 1 that answers with a picture/],
])('refuses %j', (messages, message) => {
  expect(() => chatOfMessages({ messages }, '/p/chat.json')).toThrow(message);
});

test('refuses a conversation that forbids the next answer', () => {
  expect(() => chatOfMessages({ messages: [user('a')], addGenerationPrompt: false }, 'f')).toThrow(
    /add_generation_prompt/,
  );
});
