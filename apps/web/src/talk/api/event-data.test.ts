import { expect, test } from 'vitest';
import { eventData } from './event-data.js';

const text =
  'data: {"a": "é"}\n\n: a comment\n\nevent: x\r\ndata: one\r\ndata:two\r\n\r\ndata: [DONE]\n\ndata: cut';

/** The bytes of a text in pieces of some size. */
function inPieces(size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

test.each([1, 2, 3, 7, 1000])('events are the same, cut into pieces of %i bytes', async (size) => {
  const events = [];
  for await (const data of eventData(inPieces(size))) events.push(data);
  expect(events).toEqual(['{"a": "é"}', 'one\ntwo', '[DONE]']);
});

test('who leaves early ends the stream', async () => {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: more\n\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const _ of eventData(stream)) break;
  expect(cancelled).toBe(true);
});
