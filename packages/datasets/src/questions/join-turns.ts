import type { Turn } from '@eim/contracts';
import type { QuestionContent, QuestionReading } from './question-reader.js';

/** A message of one side of a conversation. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  /** Its place in the file, for messages. */
  readonly where: string;
}

/**
 * A conversation as a row: the last question and its answer, with the exchanges before them as earlier turns. A
 * conversation that the assistant opens loses that opening, as in LLaVA's program, and a last question that nobody
 * answers is left out; both are counted. Two messages of one side in succession are a mistake, and so is a system
 * message that is not the first.
 */
export function joinTurns(
  messages: readonly Message[],
  where: string,
  { faults, notes }: QuestionReading,
): Pick<QuestionContent, 'prompt' | 'answers' | 'earlier' | 'system'> | undefined {
  const system = messages[0]?.role === 'system' ? messages[0] : undefined;
  const turns: Turn[] = [];
  let question: Message | undefined;
  let opening = true;
  for (const message of system ? messages.slice(1) : messages) {
    const { role, text } = message;
    if (role === 'system') faults.add(message.where, 'is a system message, which has to be the first');
    else if (role === 'user') {
      if (question) faults.add(message.where, 'follows another message of the user');
      question = message;
    } else if (question) {
      turns.push({ prompt: question.text, answer: text });
      question = undefined;
    } else if (opening) notes.add('opening messages of the assistant left out', message.where);
    else faults.add(message.where, 'follows another message of the assistant');
    opening = false;
  }
  if (question && turns.length > 0) notes.add('last questions without an answer left out', question.where);
  const last = turns.pop();
  if (!last || last.answer.trim() === '') {
    notes.add('rows without an answer left out', where);
    return undefined;
  }
  return {
    prompt: last.prompt,
    answers: [last.answer],
    ...(turns.length > 0 && { earlier: turns }),
    ...(system && { system: system.text }),
  };
}
