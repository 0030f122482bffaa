import { EimError } from '@eim/contracts';
import type { AskOptions, ChatPiece } from '@eim/runs';
import { expect, test } from 'vitest';
import { chatSettings } from './chat-settings.js';
import type { ChatState } from './chat-state.js';
import { runChat } from './run-chat.js';

const stats = {
  promptTokens: 1,
  newTokens: 1,
  secondsToFirstToken: 0,
  tokensPerSecond: null,
  peakResidentBytes: 1,
  compute: 'exact' as const,
};

/** A chat whose model repeats its question, and whose editor plays lines; a function is run before the next line. */
function chat(lines: (string | ((press: () => void) => void))[], isInteractive = true) {
  const asked: { prompt: string; maxNewTokens: number }[] = [];
  const notes: string[] = [];
  let press = () => {};
  let closed = false;
  let duringAnswer: (() => void) | undefined;
  const session = {
    model: { path: 'm', form: 'plain' as const, contextLength: 9, showsPictures: false },
    history: { exchanges: [] },
    view: [],
    system: undefined as string | undefined,
    reset: () => {},
    show: async () => {},
    load: async () => {},
    async *ask(
      prompt: string,
      { signal, maxNewTokens }: AskOptions,
    ): AsyncGenerator<ChatPiece, void, undefined> {
      if (prompt === 'fail') throw new EimError({ code: 'invalid-argument', message: 'Too long.' });
      duringAnswer?.();
      asked.push({ prompt, maxNewTokens });
      yield { kind: 'answer', text: prompt, end: signal.aborted ? 'stopped' : 'stop', stats };
    },
  };
  const ends: string[] = [];
  const view = {
    begin: () => {},
    note: (text: string) => void notes.push(text),
    stats: () => void notes.push('stats'),
    piece: (piece: ChatPiece) => void (piece.kind === 'answer' && ends.push(piece.end)),
  };
  const state: ChatState = {
    session,
    view,
    workingFolder: '/',
    settings: chatSettings({}),
    dropped: 0,
    ended: false,
  };
  const editor = {
    isInteractive,
    async read() {
      for (;;) {
        const line = closed ? undefined : lines.shift();
        if (typeof line !== 'function') return line;
        line(() => press());
      }
    },
    onInterrupt: (listener: () => void) => {
      press = listener;
    },
    close: () => {
      closed = true;
    },
  };
  const run = () => runChat(state, editor, { signal: new AbortController().signal });
  return {
    run,
    asked,
    notes,
    ends,
    session,
    pressDuringAnswers: (times: number) => {
      duringAnswer = () => {
        for (let time = 0; time < times; time++) press();
      };
    },
  };
}

test('lines make messages: alone, continued by a backslash, and between three quotes', async () => {
  const { run, asked } = chat(['one', 'two\\', 'three', '"""', 'a\\', '', '/b', '"""', '', '/quit', 'never']);
  await run();
  expect(asked.map(({ prompt }) => prompt)).toEqual(['one', 'two\nthree', 'a\\\n\n/b']);
});

test('settings are changed, checked and taken back', async () => {
  const { run, asked, notes } = chat([
    '/set max-new-tokens 7',
    'a',
    '/set maxtokens 3',
    '/set max-new-tokens 0',
    'b',
    '/set max-new-tokens default',
    'c',
    '/sets',
  ]);
  await run();
  expect(asked.map(({ maxNewTokens }) => maxNewTokens)).toEqual([7, 7, 256]);
  expect(notes.join('\n')).toMatch(/no setting "maxtokens"/);
  expect(notes.join('\n')).toMatch(/takes a whole number of at least 1, got "0"/);
  expect(notes.at(-1)).toMatch(/no command \/sets\. Did you mean \/set\?/);
});

test('a mistake is told at a terminal and ends a pipe', async () => {
  const person = chat(['fail', 'go on']);
  await person.run();
  expect([person.notes, person.asked.length]).toEqual([['Too long.'], 1]);
  await expect(chat(['fail', 'go on'], false).run()).rejects.toThrow('Too long.');
});

test('Ctrl-C stops an answer, and warns where there is none; twice it quits', async () => {
  const once = chat(['a', 'b']);
  once.pressDuringAnswers(1);
  await once.run();
  expect(once.ends).toEqual(['stopped', 'stopped']);
  const twice = chat(['a', 'b']);
  twice.pressDuringAnswers(2);
  await expect(twice.run()).rejects.toMatchObject({ code: 'interrupted' });
  expect(twice.asked).toHaveLength(1);
  const idle = chat(['a', (press) => press(), 'b', (press) => press(), (press) => press(), 'c']);
  await expect(idle.run()).rejects.toMatchObject({ code: 'interrupted' });
  expect(idle.asked.map(({ prompt }) => prompt)).toEqual(['a', 'b']);
  expect(idle.notes[0]).toContain('Press Ctrl-C again to quit');
});
