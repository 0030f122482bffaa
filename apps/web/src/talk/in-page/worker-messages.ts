import type { AnswerEvent, AnswerRequest, LoadProgress, ModelFacts } from '../talker.js';

/** What the worker that holds the model is asked. */
export type WorkerRequest =
  | {
      readonly kind: 'open';
      /** Address of the exported folder, with a slash at its end. */
      readonly folder: string;
      /** Absent: the fastest that starts. */
      readonly engine?: string | undefined;
      readonly threads?: number | undefined;
    }
  | { readonly kind: 'answer'; readonly id: number; readonly request: AnswerRequest }
  | { readonly kind: 'stop'; readonly id: number };

/** What it says. */
export type WorkerReply =
  | { readonly kind: 'progress'; readonly progress: LoadProgress }
  | { readonly kind: 'opened'; readonly model: ModelFacts }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'event'; readonly id: number; readonly event: AnswerEvent }
  /** The last of an answer; with a message where it failed. */
  | { readonly kind: 'done'; readonly id: number; readonly message?: string | undefined };
