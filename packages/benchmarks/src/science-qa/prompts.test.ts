import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import { answerQuestion, PROMPT_TEMPLATES, promptQuestion } from './prompts.js';
import { readProblems } from './read-problems.js';

const fixtures = join(import.meta.dirname, '__fixtures__');
const { problems } = readProblems(
  new Map([
    ['problems.json', readFileSync(join(fixtures, 'problems.json'))],
    ['captions.json', new TextEncoder().encode('{"captions": {"1": "A bird in the sky."}}')],
  ]),
);

test.each(PROMPT_TEMPLATES)('prompts and answers of %s are as pinned', (template) => {
  const shown = [...problems.values()].map(
    (problem) => `${promptQuestion(problem, template)}\n>>> ${answerQuestion(problem, template)}`,
  );
  expect(shown.join('\n\n')).toMatchSnapshot();
});

test('a caption joins the context', () => {
  const [first, second] = [...problems.values()];
  expect(promptQuestion(first!, 'QCM-A', { useCaption: true })).toContain(
    'Context: Look at the bird. It flies. A bird in the sky.\n',
  );
  expect(promptQuestion(second!, 'QCM-A', { useCaption: true })).toContain('Context: N/A\n');
});

test('a template that needs the context apart refuses a text that joins both', () => {
  const joined = { ...problems.get('1')!, hint: undefined as never, contextInQuestion: true };
  expect(() => promptQuestion(joined, 'QCM-A')).toThrow(EimError);
  expect(promptQuestion(joined, 'plain')).toBe(
    'Which part is the largest?\nOptions: (A) the head (B) the tail (C) the wing\nAnswer:',
  );
});
