import { expect, test } from 'vitest';
import type { AssistantMessage, Chat, Message } from './chat.js';
import { chatTitle } from './chat.js';
import { type ChatsAction, newChats, reduceChats, shownChat } from './chats-reducer.js';

const asked = (id: string): Message => ({ role: 'user', id, text: id });
const open = (id: string): AssistantMessage => ({ role: 'assistant', id, text: '', model: 'm' });
const chat = (id: string, changedAt: number, ...messages: Message[]): Chat => ({ id, changedAt, messages });
const after = (...actions: ChatsAction[]) => actions.reduce(reduceChats, newChats());

test('kept chats stand behind the new one, the latest first, each once, and none waits for its answer', () => {
  const load: ChatsAction = {
    kind: 'load',
    chats: [chat('a', 1, asked('q'), open('r')), chat('b', 2, asked('q'))],
  };
  const { all } = after(load, load);
  expect(all.map(({ id }) => id).slice(1)).toEqual(['b', 'a']);
  expect(all[2]!.messages[1]).toMatchObject({ end: 'stopped' });
});

test('what is said anew takes the place of what came after, and answers grow where they stand', () => {
  const start = after({ kind: 'load', chats: [chat('a', 1, asked('1'), open('2'), asked('3'))] });
  const said = reduceChats(start, { kind: 'say', chatId: 'a', keep: 0, messages: [asked('4'), open('5')] });
  expect(said.all[0]!.messages.map(({ id }) => id)).toEqual(['4', '5']);
  const grown = reduceChats(said, {
    kind: 'answer',
    chatId: 'a',
    messageId: '5',
    change: (message) => ({ ...message, text: `${message.text}red` }),
  });
  expect(grown.all[0]!.messages[1]!.text).toBe('red');
  expect(reduceChats(grown, { kind: 'say', chatId: 'gone', keep: 0, messages: [] })).toBe(grown);
});

test('there always is a chat to be shown, and never two empty ones', () => {
  const first = newChats();
  expect(reduceChats(first, { kind: 'begin' }).all).toEqual(first.all);
  const removed = reduceChats(first, { kind: 'remove', chatId: first.shownId });
  expect(shownChat(removed).messages).toEqual([]);
  expect(removed.shownId).not.toBe(first.shownId);
});

test('a chat is called by its first words', () => {
  expect(chatTitle(chat('a', 0))).toBe('New chat');
  expect(chatTitle(chat('a', 0, asked('')))).toBe('A picture');
  expect(chatTitle(chat('a', 0, asked(`two\n words ${'x'.repeat(99)}`)))).toMatch(/^two words x{37}…$/);
});
