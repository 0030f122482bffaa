import type { ChatAnswer, ChatPiece, ChatSession, ChatStats } from '@eim/runs';
import type { Terminal } from '../command/terminal.js';
import { shownPath } from '../text/shown-path.js';

/** Shows a chat: to a person, or to a program as lines of JSON. */
export interface ChatView {
  /** The model is loaded. */
  begin(model: ChatSession['model']): void;
  /** One piece of an answer to a question about so many pictures. */
  piece(piece: ChatPiece, pictures: number): void;
  /** What a command says. */
  note(text: string): void;
  stats(stats: ChatStats | undefined, context: ContextUse): void;
}

/** What `/stats` says of the context. */
export interface ContextUse {
  readonly contextLength: number;
  readonly exchanges: number;
  /** Oldest exchanges that the last question was asked without. */
  readonly dropped: number;
}

const droppedText = (count: number) =>
  `The context is full: ${count === 1 ? 'the oldest exchange is' : `the ${count} oldest exchanges are`} no longer read; the system message is.`;

const PLAIN =
  'No chat template comes with this model: system text, questions and answers stand one after the other, as texts do in training.';

/** Answers on standard output, all else on standard error. */
export function plainView({ stdout, stderr, workingFolder }: Terminal, isInteractive: boolean): ChatView {
  const note = (text: string) => void stderr.write(`${text}\n`);
  let named: string | undefined;
  let noted = 0;
  return {
    note,
    begin({ path, form, contextLength, showsPictures }) {
      note(
        `${path}: context of ${contextLength} tokens, ${showsPictures ? 'sees pictures' : 'sees no pictures'}.`,
      );
      if (form === 'plain') note(PLAIN);
      if (isInteractive) note('/help shows the commands. Ctrl-C stops an answer, twice it quits.');
    },
    piece(piece, pictures) {
      if (piece.kind === 'dropped') {
        if (piece.exchanges !== noted) note(droppedText(piece.exchanges));
        noted = piece.exchanges;
        return;
      }
      const { picture } = piece;
      if (picture !== undefined && pictures > 1 && picture !== named) {
        stdout.write(`${shownPath(picture, workingFolder)}: `);
      }
      named = picture;
      if (piece.kind === 'text') return void stdout.write(piece.text);
      named = undefined;
      stdout.write('\n');
      if (piece.end !== 'stop') note(endText(piece.end));
    },
    stats(stats, { contextLength, exchanges, dropped }) {
      note(stats === undefined ? 'Nothing has been answered yet.' : statsText(stats));
      note(
        `context: ${contextLength} tokens; ${exchanges} exchanges, of which the ${dropped} oldest are not read any more`,
      );
    },
  };
}

/** One JSON document a line on standard output: `type` says which. */
export function jsonView({ stdout }: Terminal): ChatView {
  const line = (type: string, document: object) =>
    void stdout.write(`${JSON.stringify({ type, ...document })}\n`);
  return {
    begin: (model) => line('start', model),
    piece: ({ kind, ...piece }) => line(kind, piece),
    note: (text) => line('note', { text }),
    stats: (stats, context) => line('stats', { stats: stats ?? null, context }),
  };
}

const endText = (end: ChatAnswer['end']) =>
  end === 'stopped'
    ? '[stopped]'
    : '[ended at the greatest length: /set max-new-tokens N, or the context is full]';

function statsText(stats: ChatStats): string {
  const { promptTokens, newTokens, secondsToFirstToken, tokensPerSecond, peakResidentBytes, compute } = stats;
  return [
    `last answer: ${newTokens} tokens after ${promptTokens}`,
    `first token after ${secondsToFirstToken.toFixed(2)} s`,
    tokensPerSecond === null ? undefined : `then ${tokensPerSecond.toFixed(1)} tokens/s`,
    `at most ${(peakResidentBytes / 1e6).toFixed(0)} MB of memory`,
    compute === 'fast' ? 'compute fast' : undefined,
  ]
    .filter(Boolean)
    .join(', ');
}
