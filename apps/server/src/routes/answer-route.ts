import type { AnswerChoice, ServedModel, ServedPrompt } from '@eim/runs/serving';
import type { Context } from 'hono';
import { type BegunAnswers, beginAnswers } from '../answering/begin-answers.js';
import { RequestClock } from '../answering/request-clock.js';
import { eventStream } from '../http/event-stream.js';
import type { ServerState } from '../server-state.js';

/** A request that was read, and how its answers are written. */
export interface AnswerTask {
  readonly model: ServedModel;
  readonly prompts: readonly ServedPrompt[];
  readonly choice: Omit<AnswerChoice, 'signal'>;
  readonly stream: boolean;
  /** The body where it is not streamed. */
  whole(answers: BegunAnswers): Promise<unknown>;
  /** The events of a stream, at least one. */
  chunks(answers: BegunAnswers): AsyncGenerator<unknown, void, undefined>;
}

/**
 * Reads a request, waits for its place, and answers it: whole, or as server-sent events whose status is that of the beginning.
 * @param read the task of a body
 */
export const answerRoute =
  (state: ServerState, read: (body: unknown) => Promise<AnswerTask>) =>
  async (context: Context): Promise<Response> => {
    const { limits, metrics, bodies } = state;
    const clock = new RequestClock({ seconds: limits.seconds, client: context.req.raw.signal, metrics });
    let streams = false;
    let model: ServedModel | undefined;
    try {
      const task = await read(await bodies.read(context.req.raw));
      const answers = await beginAnswers(task.model, task.prompts, task.choice, clock);
      model = task.model;
      if (!task.stream) return context.json(await task.whole(answers));
      const chunks = task.chunks(answers);
      const first = await chunks.next();
      streams = true;
      return eventStream(first.value, chunks, {
        describe: (error) => state.described(error).body,
        onEnd: () => clock.stop(task.model),
      });
    } catch (error) {
      throw clock.signal.aborted ? clock.endedEarly() : error;
    } finally {
      if (!streams) clock.stop(model);
    }
  };
