import type { AnswerEvent, AnswerRequest, LoadProgress, ModelFacts, Talker } from '../talker.js';
import { prepareHost } from './prepare-host.js';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

/** Talks to a model in a worker of this page. */
export class WorkerTalker implements Talker {
  readonly #listeners = new Set<(reply: WorkerReply) => void>();
  #worker: Worker | undefined;
  #opening: Promise<readonly ModelFacts[]> | undefined;
  #count = 0;

  /** @param query of the page's address: `engine` and `threads` choose what computes */
  constructor(private readonly query = new URLSearchParams(location.search)) {}

  open(onProgress: (progress: LoadProgress) => void): Promise<readonly ModelFacts[]> {
    this.#listeners.add((reply) => {
      if (reply.kind === 'progress') onProgress(reply.progress);
    });
    this.#opening ??= this.#start().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async *answer(request: AnswerRequest, signal: AbortSignal): AsyncGenerator<AnswerEvent, void, undefined> {
    const id = ++this.#count;
    const replies = new ReadableStream<Extract<WorkerReply, { kind: 'event' | 'done' }>>({
      start: (controller) => {
        const heard = (reply: WorkerReply) => {
          if (reply.kind === 'failed') controller.error(new Error(reply.message));
          else if ((reply.kind === 'event' || reply.kind === 'done') && reply.id === id)
            controller.enqueue(reply);
          else return;
          if (reply.kind !== 'event') this.#listeners.delete(heard);
        };
        this.#listeners.add(heard);
      },
    });
    const stop = () => this.#ask({ kind: 'stop', id });
    signal.addEventListener('abort', stop);
    this.#ask({ kind: 'answer', id, request });
    const reader = replies.getReader();
    try {
      for (;;) {
        const { value: reply } = await reader.read();
        if (reply?.kind === 'event') yield reply.event;
        else if (reply?.message === undefined) return;
        else if (signal.aborted) throw signal.reason;
        else throw new Error(reply.message);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  async #start(): Promise<readonly ModelFacts[]> {
    const folder = new URL('./', document.baseURI).href;
    await prepareHost(folder);
    this.#worker?.terminate();
    this.#worker = new Worker(new URL('./answer-worker.ts', import.meta.url), { type: 'module' });
    const tell = (reply: WorkerReply) => {
      for (const listener of [...this.#listeners]) listener(reply);
    };
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => tell(data);
    this.#worker.onerror = ({ message }) =>
      tell({ kind: 'failed', message: message || 'The model’s worker has ended. Load the page again.' });
    const opened = new Promise<ModelFacts>((resolve, reject) => {
      this.#listeners.add((reply) => {
        if (reply.kind === 'opened') resolve(reply.model);
        if (reply.kind === 'failed') reject(new Error(reply.message));
      });
    });
    const threads = this.query.get('threads');
    this.#ask({
      kind: 'open',
      folder,
      engine: this.query.get('engine') ?? undefined,
      threads: threads === null ? undefined : Number(threads),
    });
    return [await opened];
  }

  #ask(request: WorkerRequest): void {
    this.#worker?.postMessage(request);
  }
}
