import { PageModel } from './page-model.js';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

/** The worker that holds the model, so that the page stays at hand while it computes. */

let model: PageModel | undefined;
const running = new Map<number, AbortController>();
const say = (reply: WorkerReply): void => postMessage(reply);
const messageOf = (error: unknown): string => {
  const { message, advice } = error as { message?: string; advice?: string };
  return [message ?? String(error), advice].filter(Boolean).join(' ');
};

addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.kind === 'open') void open(data);
  else if (data.kind === 'answer') void answer(data);
  else running.get(data.id)?.abort();
});

async function open({ folder, engine, threads }: Extract<WorkerRequest, { kind: 'open' }>): Promise<void> {
  try {
    const onProgress = (progress: Extract<WorkerReply, { kind: 'progress' }>['progress']) =>
      say({ kind: 'progress', progress });
    model = await PageModel.open({ folder, engine, threads, onProgress });
    say({ kind: 'opened', model: model.facts });
  } catch (error) {
    say({ kind: 'failed', message: messageOf(error) });
  }
}

async function answer({ id, request }: Extract<WorkerRequest, { kind: 'answer' }>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    for await (const event of model!.answer(request, controller.signal)) say({ kind: 'event', id, event });
    say({ kind: 'done', id });
  } catch (error) {
    say({ kind: 'done', id, message: messageOf(error) });
  } finally {
    running.delete(id);
  }
}
