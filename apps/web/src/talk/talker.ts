/** What computes. */
export interface EngineFacts {
  readonly name: string;
  readonly device: string;
  readonly threads: number;
}

/** A model that can be talked with. */
export interface ModelFacts {
  readonly id: string;
  /** Tokens that question and answer may take together. */
  readonly contextLength: number;
  readonly showsPictures: boolean;
  /** Longest answer that it gives, in tokens. Absent: what its context has room for. */
  readonly maxNewTokens?: number | undefined;
  readonly engine?: EngineFacts | undefined;
}

/** One message as a model reads it. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  readonly picture?: Blob | undefined;
}

export interface AnswerRequest {
  readonly model: string;
  /** The last is the user's. */
  readonly turns: readonly Turn[];
  /** 0 is greedy. */
  readonly temperature: number;
  /** Longest answer in tokens. */
  readonly maxNewTokens: number;
}

export interface AnswerUsage {
  readonly promptTokens: number;
  readonly newTokens: number;
}

/** What comes while a question is answered: pieces of text, and at last why there are no more. */
export type AnswerEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly end: 'stop' | 'length'; readonly usage?: AnswerUsage | undefined };

/** How far something long has come. */
export interface LoadProgress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** Who is talked with: a server, or a worker of this page. */
export interface Talker {
  /**
   * Makes ready what answers.
   * @throws KeyNeeded where a key has to be given first
   */
  open(onProgress: (progress: LoadProgress) => void): Promise<readonly ModelFacts[]>;
  /** Absent where none is ever asked for. */
  giveKey?(key: string): void;
  /** Aborting the signal ends the work, and the iteration with the signal's reason. */
  answer(request: AnswerRequest, signal: AbortSignal): AsyncIterable<AnswerEvent>;
}

/** The server asks for a key. */
export class KeyNeeded extends Error {}
