import type { AnsweredToken } from '@eim/runs/serving';
import type { BegunAnswers } from '../answering/begin-answers.js';

/** One whole answer. */
export interface CollectedAnswer {
  readonly text: string;
  readonly tokens: readonly AnsweredToken[] | undefined;
  readonly end: 'stop' | 'length';
}

/** All answers, once they have ended. */
export async function collectAnswers({ count, pieces }: BegunAnswers): Promise<CollectedAnswer[]> {
  const answers = Array.from({ length: count }, () => ({
    text: '',
    tokens: undefined as AnsweredToken[] | undefined,
    end: 'length' as CollectedAnswer['end'],
  }));
  for await (const { index, text, tokens, end } of pieces) {
    const answer = answers[index]!;
    answer.text += text;
    if (tokens) answer.tokens = [...(answer.tokens ?? []), ...tokens];
    answer.end = end ?? answer.end;
  }
  return answers;
}
