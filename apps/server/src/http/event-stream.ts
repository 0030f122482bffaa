/** One event in the format of server-sent events (HTML standard, section 9.2). */
const eventOf = (data: string): string => `data: ${data}\n\n`;

/**
 * Answers with server-sent events of JSON and `[DONE]` at the end. An event is made when the client has taken those before
 * it. An error ends the stream with an event that says it.
 * @param first already made, so that whatever goes wrong before it has a status of its own
 * @param describe what the client is told of an error
 * @param onEnd called once, however the stream ends
 */
export function eventStream(
  first: unknown,
  rest: AsyncIterator<unknown>,
  { describe, onEnd }: { describe(error: unknown): unknown; onEnd(): void },
): Response {
  const encoder = new TextEncoder();
  let ended = false;
  const end = () => {
    if (!ended) onEnd();
    ended = true;
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(eventOf(JSON.stringify(first))));
    },
    async pull(controller) {
      let data: string;
      let last = true;
      try {
        const { done, value } = await rest.next();
        last = done === true;
        data = last ? '[DONE]' : JSON.stringify(value);
      } catch (error) {
        data = JSON.stringify(describe(error));
      }
      if (ended) return;
      controller.enqueue(encoder.encode(eventOf(data)));
      if (!last) return;
      end();
      controller.close();
    },
    async cancel() {
      end();
      await rest.return?.();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no', // nginx passes each event on
    },
  });
}
