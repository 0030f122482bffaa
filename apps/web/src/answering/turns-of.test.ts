import { expect, test } from 'vitest';
import type { Message } from '../chats/chat.js';
import { turnsOf } from './turns-of.js';

const picture = new Blob(['pixels'], { type: 'image/png' });
const asked = (text: string, shown?: Blob): Message => ({ role: 'user', id: text, text, picture: shown });
const answered = (text: string, end: 'stop' | 'failed' = 'stop'): Message => ({
  role: 'assistant',
  id: text,
  text,
  model: 'm',
  end,
});

test('a picture without words is captioned by itself', () => {
  const messages = [asked('Hello'), answered('Hi'), asked(' ', picture)];
  expect(turnsOf(messages, 'Be brief.')).toEqual([{ role: 'user', text: '', picture }]);
});

test('otherwise all goes along, the system message first, but for what failed', () => {
  const messages = [
    asked('', picture),
    answered('a cat'),
    asked('Why?'),
    answered('', 'failed'),
    asked('Why?'),
  ];
  expect(turnsOf(messages, 'Be brief.').map(({ role, text }) => `${role}: ${text}`)).toEqual([
    'system: Be brief.',
    'user: ',
    'assistant: a cat',
    'user: Why?',
    'user: Why?',
  ]);
  expect(turnsOf([asked('Hello')], ' ')).toEqual([{ role: 'user', text: 'Hello', picture: undefined }]);
});
