import { resolve } from 'node:path';
import { argumentError } from '@eim/runs/arguments';
import { CHAT_HELP, COMMAND_NAMES, runChatCommand } from '../chat/chat-commands.js';
import { chatSettings, MAX_NEW_TOKENS_OPTION } from '../chat/chat-settings.js';
import type { ChatState } from '../chat/chat-state.js';
import { jsonView, plainView } from '../chat/chat-view.js';
import { typedPath } from '../chat/message-pictures.js';
import { defineCommand } from '../command/define-command.js';
import { growYoungSlowly } from '../command/grow-young-slowly.js';
import { parseModelSpec } from '../command/model-spec.js';
import { withContext } from '../command/with-context.js';
import {
  CHAT_TEMPLATE_OPTION,
  COMPUTE_OPTION,
  DECODING_OPTIONS,
  ENGINE_OPTION,
  THREADS_OPTION,
  WEIGHTS_OPTION,
} from './options.js';

export const chatCommand = defineCommand({
  name: 'chat',
  summary: 'Talk with a model, about pictures or without.',
  details: `MODEL is a run, the name of a model that \`eim pull\` fetched, or a path of an LLM's weights. A run reads texts as in training,
published weights by their chat template where they have one. Answers are greedy unless --temperature says otherwise.
Ctrl-C stops an answer; twice it quits. Several pictures are each answered for.

${CHAT_HELP}

Without a terminal each line of standard input is a message (with --whole all of it is one), answers go to standard
output, one after the other, and the first mistake ends the chat. With --json standard output has one document a line:
{"type": "start" | "dropped" | "text" | "answer" | "note" | "stats", ...}.`,
  arguments: [
    { name: 'MODEL', description: 'run, name, or path of weights' },
    { name: 'PICTURE', description: 'files to show with the first message', many: true, optional: true },
  ],
  options: {
    system: { type: 'text', placeholder: 'TEXT', description: 'a system message before all others' },
    load: { type: 'text', placeholder: 'FILE', description: 'go on with messages that /save wrote' },
    whole: { type: 'flag', description: 'all of standard input is one message' },
    allowFetch: { type: 'flag', description: 'fetch pictures that are given by http and https addresses' },
    weights: WEIGHTS_OPTION,
    tokenizer: {
      type: 'text',
      placeholder: 'PATH',
      description: 'tokenizer and chat template (default: those that come with the weights)',
    },
    chatTemplate: CHAT_TEMPLATE_OPTION,
    maxNewTokens: MAX_NEW_TOKENS_OPTION,
    ...DECODING_OPTIONS,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    compute: COMPUTE_OPTION,
    json: { type: 'flag', description: 'print one JSON document a line' },
  },
  examples: [
    { command: 'eim chat smollm2-135m-instruct', meaning: 'talk with a chat model' },
    { command: 'eim chat runs/demo-eim holiday.jpg', meaning: 'ask a run about a picture' },
    {
      command: 'echo "Name three colours." | eim chat smollm2-135m-instruct --temperature 0.7 --seed 3',
      meaning: 'one question of a pipe',
    },
    {
      command: 'eim chat runs/demo-eim a.jpg b.jpg --json < questions.txt',
      meaning: 'each line a question about two pictures, for a program',
    },
  ],
  async run(invocation) {
    growYoungSlowly();
    const { positionals, options, terminal, signal } = invocation;
    const [path, ...pictures] = positionals;
    const { json, whole, allowFetch, tokenizer, chatTemplate } = options;
    const isInteractive = terminal.stdin?.isTTY === true && terminal.stderr.isTTY === true && !json;
    if (whole && isInteractive) {
      throw argumentError(
        '--whole needs a pipe: nothing is piped in.',
        'Write eim chat MODEL --whole < FILE.',
      );
    }
    const model = parseModelSpec('MODEL', path!, options.weights, terminal.workingFolder);
    const { ChatSession } = await import('@eim/runs/texts');
    await withContext(invocation, async (context) => {
      const session = await ChatSession.open({ ...context, model, tokenizer, chatTemplate, allowFetch });
      try {
        const view = json ? jsonView(terminal) : plainView(terminal, isInteractive);
        const { workingFolder } = terminal;
        const settings = chatSettings(options);
        const state: ChatState = { session, view, workingFolder, settings, dropped: 0, ended: false };
        view.begin(session.model);
        const pending =
          options.load === undefined
            ? undefined
            : await runChatCommand('/load', resolve(workingFolder, options.load), state);
        if (options.system !== undefined) session.system = options.system;
        await session.show(pictures.map((picture) => typedPath(picture, workingFolder)));
        const { runChat } = await import('../chat/run-chat.js');
        await runChat(state, await editorOf(), { signal, pending });
      } finally {
        session.dispose();
      }
    });

    async function editorOf() {
      if (!isInteractive)
        return (await import('../chat/piped-editor.js')).pipedEditor(terminal.stdin, { whole });
      const [{ terminalEditor }, { inputHistory }] = await Promise.all([
        import('../chat/terminal-editor.js'),
        import('../chat/input-history.js'),
      ]);
      const history = inputHistory(terminal.environment, (text) => terminal.stderr.write(`${text}\n`));
      return await terminalEditor(terminal, history, COMMAND_NAMES);
    }
  },
});
