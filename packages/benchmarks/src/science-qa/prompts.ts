import { EimError } from '@eim/contracts';
import { LAVIN_TEMPLATES, type LavinTemplate, lavinAnswer, lavinPrompt } from './lavin-prompts.js';
import { LETTERS, type ScienceQaProblem } from './science-qa-problem.js';

/**
 * How a question is put to a model:
 * - `CQM-A`, `QCM-A`, `QCM-ALE`: ScienceQA's `base_prompt.py` (context, question and options; what follows the
 *   dash is the form of the answer, so the last two differ in what a model was trained to answer);
 * - `LaVIN-QCM-ALE`, `LaVIN-QCM-A`, `LaVIN-CQM-A` and further orders: LaVIN's training prompts, which end in `Response:`, by its
 *   `--prompt_format`; `LaVIN` is the first, which it was trained with;
 * - `LLaVA`: LLaVA's `convert_sqa_to_llava.py`, without the word `Question:`, without an ending;
 * - `plain`: the text as a source gives it, for data that join context and question.
 */
export const PROMPT_TEMPLATES = [
  'CQM-A',
  'QCM-A',
  'QCM-ALE',
  'LaVIN',
  'LLaVA',
  'plain',
  ...LAVIN_TEMPLATES,
] as const;
export type PromptTemplate = (typeof PROMPT_TEMPLATES)[number];

export interface PromptOptions {
  /** The picture's description joins the context. @default false */
  readonly useCaption?: boolean;
}

/**
 * The prompt of one question, to the last character as the original programs make it.
 * @throws EimError `invalid-data` where the template needs the context by itself and the source joins it with
 * the question
 */
export function promptQuestion(
  problem: ScienceQaProblem,
  template: PromptTemplate,
  { useCaption = false }: PromptOptions = {},
): string {
  const options = problem.choices.map((choice, index) => `(${LETTERS[index]}) ${choice}`).join(' ');
  if (template === 'plain') {
    const context = problem.hint ? `Context: ${problem.hint}\n` : '';
    return `${context}${problem.question}\nOptions: ${options}\nAnswer:`;
  }
  const context = contextOf(problem, template, useCaption);
  const { question } = problem;
  const lavin = lavinTemplate(template);
  if (lavin) return tidy(lavinPrompt(lavin, { question, context, options }));
  switch (template) {
    case 'CQM-A':
      return tidy(`Context: ${context}\nQuestion: ${question}\nOptions: ${options}\nAnswer:`);
    case 'QCM-A':
    case 'QCM-ALE':
      return tidy(`Question: ${question}\nContext: ${context}\nOptions: ${options}\nAnswer:`);
    default: {
      const input = tidy(`Question: ${question}\nContext: ${context}\nOptions: ${options}`);
      return input.replaceAll('Question: ', '');
    }
  }
}

/** The answer as the template's model is trained to give it. */
export function answerQuestion(problem: ScienceQaProblem, template: PromptTemplate): string {
  const sentence = `The answer is ${LETTERS[problem.answer]}.`;
  const { lecture = '', solution = '' } = problem;
  const lavin = lavinTemplate(template);
  if (lavin) {
    const parts = { sentence, lecture: oneLine(lecture), solution: oneLine(solution) };
    return tidy(lavinAnswer(lavin, parts));
  }
  switch (template) {
    case 'QCM-ALE': {
      const text = tidy(`${sentence} BECAUSE: ${oneLine(lecture)} ${oneLine(solution)}`);
      return text.endsWith('BECAUSE:') ? text.replaceAll('BECAUSE:', '').trim() : text;
    }
    case 'LLaVA': {
      const parts = [lecture.trim() && `LECTURE: ${lecture}\n`, solution.trim() && `SOLUTION: ${solution}\n`];
      return tidy(`${parts.join('')}###\nANSWER: ${LETTERS[problem.answer]}.`);
    }
    default:
      return sentence;
  }
}

/** The sentence by which the template's answer names each choice, in the order of the choices. */
export function choiceSentences(
  { choices }: Pick<ScienceQaProblem, 'choices'>,
  template: PromptTemplate,
): string[] {
  const start = template === 'LLaVA' ? 'ANSWER:' : 'The answer is';
  return choices.map((_, place) => `${start} ${LETTERS[place]}.`);
}

/** LaVIN's form of a template; undefined where it is another program's. */
function lavinTemplate(template: PromptTemplate): LavinTemplate | undefined {
  return template === 'LaVIN' ? 'LaVIN-QCM-ALE' : LAVIN_TEMPLATES.find((known) => known === template);
}

/** `base_prompt.py` writes line breaks of lecture and solution as the two characters `\n`. */
function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}

/** Two spaces become one, once: three become two, as in the original. */
function tidy(text: string): string {
  return text.replaceAll('  ', ' ').trim();
}

function contextOf(problem: ScienceQaProblem, template: PromptTemplate, useCaption: boolean): string {
  if (problem.hint === undefined) {
    throw new EimError({
      code: 'invalid-data',
      message: `The prompt ${template} puts the context apart from the question, but the data of question ${problem.id} ${problem.contextInQuestion ? 'join the two' : 'do not give the context'}.`,
      advice: 'Give the official problems.json, or choose the prompt "plain".',
      data: { question: problem.id, template },
    });
  }
  const caption = useCaption ? (problem.caption ?? '') : '';
  return `${problem.hint} ${caption}`.trim() || 'N/A';
}
