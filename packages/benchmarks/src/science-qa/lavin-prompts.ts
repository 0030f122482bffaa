/** What stands before the dash of LaVIN's `--prompt_format`: the order of question, context and choices in the prompt. */
const ASKED = ['QCM', 'CQM'] as const;

/** What stands behind it: answer, lecture and explanation in the order in which the model is to give them. */
const SAID = ['A', 'AL', 'AE', 'ALE', 'AEL', 'LA', 'EA', 'LEA', 'ELA'] as const;
type Said = (typeof SAID)[number];

/** LaVIN's training prompts by their `--prompt_format`: `LaVIN-QCM-ALE`. */
export type LavinTemplate = `LaVIN-${(typeof ASKED)[number]}-${Said}`;

/** All of them. */
export const LAVIN_TEMPLATES: readonly LavinTemplate[] = ASKED.flatMap((asked) =>
  SAID.map((said): LavinTemplate => `LaVIN-${asked}-${said}`),
);

/** The parts of a question, as its prompt shows them. */
export interface AskedParts {
  readonly question: string;
  readonly context: string;
  readonly options: string;
}

/** The prompt of a template, its spaces as they come. */
export function lavinPrompt(template: LavinTemplate, { question, context, options }: AskedParts): string {
  const lines = [`Question: ${question}`, `Context: ${context}`];
  const asked = template.startsWith('LaVIN-CQM-') ? lines.reverse() : lines;
  return `${asked.join('\n')}\nOptions: ${options}\nResponse:`;
}

/** What an answer is made of. */
export interface SaidParts {
  /** `The answer is A.` */
  readonly sentence: string;
  readonly lecture: string;
  readonly solution: string;
}

/**
 * The answer of a template, its spaces as they come. The program's `AL` gives the solution and its `AE` the lecture, although L
 * is the lecture elsewhere; and where both are empty, BECAUSE: stays, as what is made to drop it is thrown away.
 */
export function lavinAnswer(template: LavinTemplate, { sentence, lecture, solution }: SaidParts): string {
  const said = template.slice('LaVIN-QCM-'.length) as Said;
  const answers: Readonly<Record<Said, string>> = {
    A: sentence,
    AL: `${sentence} BECAUSE: ${solution}`,
    AE: `${sentence} BECAUSE: ${lecture}`,
    ALE: `${sentence} BECAUSE: ${lecture} ${solution}`,
    AEL: `${sentence} BECAUSE: ${solution} ${lecture}`,
    LA: `${lecture} ${sentence}`,
    EA: `${solution} ${sentence}`,
    LEA: `${lecture} ${solution} ${sentence}`,
    ELA: `${solution} ${lecture} ${sentence}`,
  };
  return answers[said];
}
