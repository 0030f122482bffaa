import { pythonText } from './python-text.js';
import type { AlpacaTemplate } from './question-options.js';
import { type QuestionReader, readImage } from './question-reader.js';

/**
 * The prompt of an instruction as Stanford Alpaca trains it (Taori et al. 2023, `train.py`): one text with an input
 * and another without. The template `none` gives the instruction itself, and the input on a line after it; the others are
 * those of other programs.
 * @example
 * alpacaPrompt('Name three colours.', ''); // Below is an instruction ... ### Response:
 */
export function alpacaPrompt(
  instruction: string,
  input: string,
  template: AlpacaTemplate = 'alpaca',
): string {
  if (template === 'none') return input === '' ? instruction : `${instruction}\n${input}`;
  // double spaces become single ones, once
  if (template === 'lavin')
    return `Instruction: ${instruction} ${input}\nResponse: `.replaceAll('  ', ' ').trim();
  if (template === 'compat-lavin-demo')
    return `Instruction: ${input === '' ? instruction : `${instruction} ${input}`}\nResponese:`;
  if (template === 'compat-llama-adapter-v2') return published(`(${pythonText(instruction)},)`, input, true);
  return published(instruction, input, input !== '');
}

function published(instruction: string, input: string, isPaired: boolean): string {
  const [paired, block] = !isPaired
    ? ['', '']
    : [', paired with an input that provides further context', `### Input:\n${input}\n\n`];
  return (
    `Below is an instruction that describes a task${paired}. ` +
    'Write a response that appropriately completes the request.\n\n' +
    `### Instruction:\n${instruction}\n\n${block}### Response:`
  );
}

/**
 * Alpaca's instructions: `{instruction, input?, output}`, here with an optional `image`. Rows with an empty output, of
 * which the published file has some, are left out and counted.
 */
export const readAlpacaItem: QuestionReader = (item, { faults, notes, template }) => {
  const { value, where, field } = item;
  const image = readImage(item, faults);
  const instruction = faults.text(value.instruction, field('instruction'));
  const { input = '', output } = value;
  if (typeof input !== 'string') faults.text(input, field('input'));
  if (typeof output === 'string' && output.trim() === '') {
    notes.add('rows without an answer left out', where);
    return undefined;
  }
  const answer = faults.text(output, field('output'));
  if (instruction === undefined || answer === undefined || typeof input !== 'string') return undefined;
  return { prompt: alpacaPrompt(instruction, input, template), answers: [answer], ...image };
};
