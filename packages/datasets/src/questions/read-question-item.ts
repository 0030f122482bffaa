import type { FaultList } from '../records/fault-list.js';
import type { FileItem } from '../records/read-items.js';
import { type QuestionReader, readImage } from './question-reader.js';

/**
 * Plain questions: `{question, answer, choices?, image?, system?}`, or `answers: [...]` in place of `answer`. Where
 * there are choices, an answer is one of them, by its text or by its place as a whole number from 0. The choices don't
 * become part of the prompt: a question that should list them says so itself.
 */
export const readQuestionItem: QuestionReader = (item, { faults }) => {
  const { value, field } = item;
  const image = readImage(item, faults);
  const prompt = faults.text(value.question, field('question'));
  const choices = value.choices === undefined ? undefined : readChoices(item, faults);
  const key = value.answers === undefined ? 'answer' : 'answers';
  const given = key === 'answer' ? [value.answer] : faults.list(value.answers, field(key));
  if (key === 'answers' && Array.isArray(value.answers) && given.length === 0)
    faults.add(field(key), 'is empty');
  const answers = given.flatMap((answer) => readAnswer(answer, field(key), choices, faults) ?? []);
  const system = value.system === undefined ? undefined : faults.text(value.system, field('system'));
  if (prompt === undefined || answers.length === 0) return undefined;
  return { prompt, answers, ...image, ...(choices && { choices }), ...(system && { system }) };
};

function readChoices({ value, field }: FileItem, faults: FaultList): string[] {
  const where = field('choices');
  const given = faults.list(value.choices, where);
  const choices = given.flatMap((choice, index) => faults.text(choice, `${where}[${index}]`) ?? []);
  if (Array.isArray(value.choices) && given.length < 2)
    faults.add(where, `has ${given.length} of at least 2`);
  if (new Set(choices).size < choices.length) faults.add(where, 'holds one text twice');
  return choices;
}

function readAnswer(
  answer: unknown,
  where: string,
  choices: readonly string[] | undefined,
  faults: FaultList,
): string | undefined {
  if (choices && typeof answer === 'number') {
    const choice = choices[answer];
    if (choice === undefined) faults.add(where, `is ${answer}, no place from 0 to ${choices.length - 1}`);
    return choice;
  }
  const text = faults.text(answer, where);
  if (text !== undefined && choices && !choices.includes(text)) {
    faults.add(where, `is ${JSON.stringify(text)}, which is none of the choices`);
  }
  return text;
}
