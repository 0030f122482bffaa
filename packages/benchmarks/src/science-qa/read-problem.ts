import { idText } from '@eim/contracts/json';
import { describe, type JsonObject, readObject, readText, refuse } from '../files/json-fields.js';
import type { ScienceQaProblem } from './science-qa-problem.js';

/** One entry of the official `problems.json`; pictures lie under `<split>/<pid>/`. */
export function readOfficialProblem(
  file: string,
  id: string,
  value: unknown,
  caption: string | undefined,
): ScienceQaProblem {
  const where = `["${id}"]`;
  const entry = readObject(file, where, value);
  const split = readText(file, `${where}.split`, entry.split);
  const hint = readText(file, `${where}.hint`, entry.hint);
  const image = entry.image === null ? undefined : readText(file, `${where}.image`, entry.image);
  const optional = optionalTexts(file, where, entry, [
    'subject',
    'grade',
    'topic',
    'lecture',
    'solution',
  ] as const);
  return {
    id,
    split,
    question: readText(file, `${where}.question`, entry.question),
    hint,
    ...readChoices(file, where, entry),
    hasText: hint !== '',
    hasImage: image !== undefined && image !== '',
    ...(image && { image: `${split}/${id}/${image}` }),
    ...optional,
    ...(caption !== undefined && { caption }),
  };
}

/**
 * One entry of a list of problems: `{pid, split, choices, answer, image?}` with either `question` and, where it is known, its
 * `hint`, or `prompt` (context and question in one), `has_text_context` and `has_image`.
 */
export function readListedProblem(file: string, index: number, value: unknown): ScienceQaProblem {
  const where = `[${index}]`;
  const entry = readObject(file, where, value);
  const common = {
    id: readProblemId(file, `${where}.pid`, entry.pid),
    split: readText(file, `${where}.split`, entry.split),
    ...readChoices(file, where, entry),
    ...optionalTexts(file, where, entry, ['subject', 'grade', 'topic', 'lecture', 'solution'] as const),
    ...optionalTexts(file, where, entry, ['image'] as const),
  };
  if (entry.prompt === undefined) {
    const question = readText(file, `${where}.question`, entry.question);
    const hint = entry.hint === undefined ? undefined : readText(file, `${where}.hint`, entry.hint);
    return {
      ...common,
      question,
      ...(hint !== undefined && { hint, hasText: hint !== '' }),
      hasImage: entry.image !== undefined,
    };
  }
  const hasText = readFlag(file, `${where}.has_text_context`, entry.has_text_context);
  return {
    ...common,
    question: readText(file, `${where}.prompt`, entry.prompt),
    ...(hasText ? { contextInQuestion: true } : { hint: '' }),
    hasText,
    hasImage: readFlag(file, `${where}.has_image`, entry.has_image),
  };
}

export function readProblemId(file: string, where: string, value: unknown): string {
  return idText(value) ?? refuse(file, where, `is ${describe(value)}, not the number of a question`);
}

function readChoices(
  file: string,
  where: string,
  { choices, answer }: JsonObject,
): Pick<ScienceQaProblem, 'choices' | 'answer'> {
  if (!Array.isArray(choices) || choices.length === 0) {
    refuse(file, `${where}.choices`, `is ${describe(choices)}, not a list of answers to choose from`);
  }
  const texts = choices.map((choice, place) => readText(file, `${where}.choices[${place}]`, choice));
  if (!Number.isInteger(answer) || (answer as number) < 0 || (answer as number) >= texts.length) {
    refuse(
      file,
      `${where}.answer`,
      `is ${describe(answer)}, not a whole number from 0 to ${texts.length - 1}`,
    );
  }
  return { choices: texts, answer: answer as number };
}

function readFlag(file: string, where: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  return refuse(file, where, `is ${describe(value)}, not true or false`);
}

function optionalTexts<Name extends string>(
  file: string,
  where: string,
  entry: JsonObject,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    if (entry[name] !== undefined) texts[name] = readText(file, `${where}.${name}`, entry[name]);
  }
  return texts;
}
