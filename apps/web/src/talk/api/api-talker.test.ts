import { expect, test } from 'vitest';
import type { AnswerEvent } from '../talker.js';
import { answerEvents } from './api-talker.js';

async function collected(chunks: readonly unknown[], isDone = true): Promise<AnswerEvent[]> {
  async function* data() {
    for (const chunk of chunks) yield JSON.stringify(chunk);
    if (isDone) yield '[DONE]';
  }
  const events: AnswerEvent[] = [];
  for await (const event of answerEvents(data())) events.push(event);
  return events;
}

const piece = (content: string, end: string | null = null) => ({
  choices: [{ index: 0, delta: { content }, finish_reason: end }],
  usage: null,
});

test('pieces come as they are, and the end with what was used', async () => {
  const usage = { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } };
  expect(await collected([piece(''), piece('a'), piece(' b'), piece('', 'length'), usage])).toEqual([
    { kind: 'text', text: 'a' },
    { kind: 'text', text: ' b' },
    { kind: 'end', end: 'length', usage: { promptTokens: 5, newTokens: 2 } },
  ]);
});

test('an error in the stream, and a stream that breaks off, are errors', async () => {
  await expect(collected([piece('a'), { error: { message: 'It took too long.' } }])).rejects.toThrow(
    'It took too long.',
  );
  await expect(collected([piece('a')], false)).rejects.toThrow('The connection ended');
});
