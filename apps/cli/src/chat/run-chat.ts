import { EimError } from '@eim/contracts';
import { explainSystemError } from '../system-error.js';
import { commandIn, runChatCommand } from './chat-commands.js';
import type { ChatState } from './chat-state.js';
import type { LineEditor } from './line-editor.js';
import { findPictures } from './message-pictures.js';
import { readMessage } from './read-message.js';

/**
 * Reads messages and answers them until there are no more. At a terminal a mistake is told and the chat goes on; of a pipe
 * it is the end.
 * @param signal ends the answer and the chat
 * @throws EimError `interrupted` where Ctrl-C was pressed twice, or the signal was aborted; of a pipe as what went wrong
 */
export async function runChat(
  state: ChatState,
  editor: LineEditor,
  { signal, pending }: { readonly signal: AbortSignal; readonly pending?: string | undefined },
): Promise<void> {
  const interrupts = chatInterrupts(state, editor);
  const end = () => editor.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    const stopped = () => AbortSignal.any([signal, interrupts.begin()]);
    if (pending !== undefined) await answer(pending, state, stopped());
    while (!state.ended) {
      interrupts.done();
      signal.throwIfAborted();
      const message = interrupts.hasQuit() ? undefined : await readMessage(editor);
      signal.throwIfAborted();
      if (interrupts.hasQuit()) throw new EimError({ code: 'interrupted', message: 'Stopped.' });
      if (message === undefined) return;
      await handle(message, state, stopped()).catch((error: unknown) => {
        const explained = explainSystemError(error);
        if (!editor.isInteractive || signal.aborted || !EimError.isInstance(explained)) throw error;
        state.view.note(explained.message);
      });
    }
  } finally {
    signal.removeEventListener('abort', end);
    editor.close();
  }
}

/** A message may be a command, a question, or pictures alone, which are described as a model of captions does. */
async function handle(message: string, state: ChatState, signal: AbortSignal): Promise<void> {
  const command = commandIn(message);
  if (command) {
    const pending = await runChatCommand(command.name, command.rest, state);
    return pending === undefined ? undefined : await answer(pending, state, signal);
  }
  const { text, pictures } = findPictures(message, state.workingFolder);
  if (pictures.length > 0) await state.session.show(pictures);
  if (text.trim() !== '' || pictures.length > 0) await answer(text, state, signal);
}

async function answer(prompt: string, state: ChatState, signal: AbortSignal): Promise<void> {
  const pictures = state.session.view.length;
  state.dropped = 0;
  for await (const piece of state.session.ask(prompt, { ...state.settings, signal })) {
    if (piece.kind === 'dropped') state.dropped = piece.exchanges;
    if (piece.kind === 'answer') state.stats = piece.stats;
    state.view.piece(piece, pictures);
  }
}

/** The first Ctrl-C stops an answer, or warns; a second before the next line quits. */
function chatInterrupts({ view }: ChatState, editor: LineEditor) {
  let [pressed, controller] = [0, undefined as AbortController | undefined];
  editor.onInterrupt(() => {
    pressed++;
    if (pressed > 1) editor.close();
    else if (controller === undefined) view.note('\nPress Ctrl-C again to quit.');
    controller?.abort();
    controller = undefined;
  });
  return {
    /** A line has come; its answer can be stopped. */
    begin(): AbortSignal {
      pressed = 0;
      controller = new AbortController();
      return controller.signal;
    },
    done(): void {
      controller = undefined;
    },
    hasQuit: () => pressed > 1,
  };
}
