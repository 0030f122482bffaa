import { resolve } from 'node:path';
import { argumentError, suggest } from '@eim/runs/arguments';
import { changeSetting, settingsText } from './chat-settings.js';
import type { ChatState } from './chat-state.js';
import { typedPath } from './message-pictures.js';

interface ChatCommand {
  readonly usage: string;
  readonly meaning: string;
  /** @returns a question to be answered next */
  run(rest: string, state: ChatState): Promise<string | undefined> | string | undefined;
}

/** What a person may type instead of a message, by name. */
const COMMANDS: Readonly<Record<string, ChatCommand>> = {
  '/image': {
    usage: '/image PATH',
    meaning: 'show a picture with the next message; several times: several pictures, each answered for',
    async run(rest, { session, view, workingFolder }) {
      const path = typedPath(needed(rest, '/image PATH'), workingFolder);
      await session.show([path]);
      view.note(`In view: ${session.view.join(', ')}`);
      return undefined;
    },
  },
  '/reset': {
    usage: '/reset',
    meaning: 'forget messages and pictures; system text and settings stay',
    run(_, state) {
      state.session.reset();
      state.dropped = 0;
      state.view.note('Forgotten.');
      return undefined;
    },
  },
  '/system': {
    usage: '/system TEXT',
    meaning: 'put a system message before all others; without TEXT there is none',
    run(rest, { session, view }) {
      session.system = rest === '' ? undefined : rest;
      view.note(rest === '' ? 'There is no system message.' : 'The system message is set.');
      return undefined;
    },
  },
  '/set': {
    usage: '/set NAME VALUE',
    meaning: 'change a setting; `/set` lists them, VALUE `default` takes one back',
    run(rest, state) {
      const [name = '', value] = rest.split(/[\s=]+/);
      if (name !== '') state.settings = changeSetting(state.settings, name, value);
      state.view.note(name === '' ? settingsText(state.settings) : `${name}: ${value}`);
      return undefined;
    },
  },
  '/save': {
    usage: '/save FILE',
    meaning: 'write the messages as JSON, for /load and `eim generate --chat`',
    async run(rest, { session, view, workingFolder }) {
      const file = resolve(workingFolder, typedPath(needed(rest, '/save FILE'), workingFolder));
      const { chatMessages } = await import('@eim/runs/texts');
      const { writeFileAtomically } = await import('@eim/weights/node');
      const messages = chatMessages(session.history);
      if (messages.length === 0) throw argumentError('There is nothing to save yet.', 'Ask something first.');
      await writeFileAtomically(file, `${JSON.stringify(messages, undefined, 2)}\n`);
      view.note(`${messages.length} messages are in ${file}.`);
      return undefined;
    },
  },
  '/load': {
    usage: '/load FILE',
    meaning: 'go on with messages that were saved; a question at their end is answered',
    run: async (rest, state) => {
      const file = typedPath(needed(rest, '/load FILE'), state.workingFolder);
      const { chatOfMessages, readConversation, readJson } = await import('@eim/runs/texts');
      const loaded = chatOfMessages(readConversation(await readJson(file), file), file);
      await state.session.load(loaded);
      state.dropped = 0;
      state.view.note(`${loaded.history.exchanges.length} exchanges are loaded from ${file}.`);
      return loaded.pending?.prompt;
    },
  },
  '/stats': {
    usage: '/stats',
    meaning: 'speed, time to the first token and memory of the last answer; use of the context',
    run(_, { session, view, stats, dropped }) {
      const { contextLength } = session.model;
      view.stats(stats, { contextLength, exchanges: session.history.exchanges.length, dropped });
      return undefined;
    },
  },
  '/help': {
    usage: '/help',
    meaning: 'show this',
    run: (_, { view }) => void view.note(CHAT_HELP),
  },
  '/quit': {
    usage: '/quit',
    meaning: 'end; so does Ctrl-D',
    run(_, state) {
      state.ended = true;
      return undefined;
    },
  },
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The commands, and what else may be typed. */
export const CHAT_HELP = `${Object.values(COMMANDS)
  .map(({ usage, meaning }) => `  ${usage.padEnd(16)}  ${meaning}`)
  .join('\n')}

A message may name pictures, or have them dropped onto the terminal: what is on '/home/ada/my cat.jpg'
Several lines: end each but the last with a backslash, or write them between two lines of """.
When the context is full, the oldest exchanges are no longer read. The system message and the pictures in view always are;
room is kept for an answer of max-new-tokens, but at most a quarter of the context.`;

/** Name and rest of a line that is a command. A path begins with a slash, too, but has more in its first word. */
export function commandIn(message: string): { readonly name: string; readonly rest: string } | undefined {
  const [, name, rest] = /^\s*(\/[a-z?-]+)(?:\s+([\s\S]*))?$/i.exec(message) ?? [];
  return name === undefined ? undefined : { name, rest: (rest ?? '').trim() };
}

/**
 * Does what a command says.
 * @returns a question to be answered next
 * @throws EimError `invalid-argument` for an unknown one; as its parts do
 */
export async function runChatCommand(
  name: string,
  rest: string,
  state: ChatState,
): Promise<string | undefined> {
  const command = COMMANDS[name];
  if (command) return await command.run(rest, state);
  const meant = suggest(name, COMMAND_NAMES);
  throw argumentError(`There is no command ${name}.`, meant ? `Did you mean ${meant}?` : 'See /help.');
}

function needed(rest: string, usage: string): string {
  if (rest !== '') return rest;
  throw argumentError(`${usage.split(' ')[0]} needs a path.`, `Write ${usage}.`);
}
