/** A picture that a conversation shows: a file, or an address. */
export type ChatPictureSource = string;

/** A question with its answers: one, or one for each picture that was in view. */
export interface ChatExchange {
  readonly prompt: string;
  /** Pictures that came with the question. */
  readonly shown: readonly ChatPictureSource[];
  /** Pictures in view when it was answered: those that came with it, else those of the question before. */
  readonly view: readonly ChatPictureSource[];
  /** By the pictures in view; a single one where there are none. */
  readonly answers: readonly string[];
}

/** All that was said so far. */
export interface ChatHistory {
  readonly system?: string | undefined;
  /** Oldest first. */
  readonly exchanges: readonly ChatExchange[];
}

/** The exchanges as a row reads them that shows one picture of those in view, or none. */
export function exchangesFor(
  picture: ChatPictureSource | undefined,
  exchanges: readonly ChatExchange[],
): { readonly prompt: string; readonly answer: string }[] {
  return exchanges.map(({ prompt, view, answers }) => {
    const own = picture === undefined ? undefined : answers[view.indexOf(picture)];
    return { prompt, answer: own ?? answers.join('\n') };
  });
}
