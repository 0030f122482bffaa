import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ParseQuestionsOptions, parseQuestions } from './parse-questions.js';
import { QUESTION_FORMATS } from './question-options.js';
import { alpacaPrompt } from './read-alpaca-item.js';

const json = (rows: unknown) => JSON.stringify(rows);
const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const read = (text: string, options?: ParseQuestionsOptions) => parseQuestions(text, 'f.json', options);

const text = fc
  .string({ minLength: 1 })
  .filter((value) => value.trim() === value && value !== '' && !value.includes('<image>'));
const turns = fc.array(fc.record({ prompt: text, answer: text }), { minLength: 1, maxLength: 4 });

test('conversations written in either form are read back, with every turn in its order', () => {
  fc.assert(
    fc.property(turns, fc.option(text), fc.boolean(), (written, system, hasPicture) => {
      const image = hasPicture ? { image: 'p.jpg' } : {};
      const first = system === null ? [] : [{ role: 'system', content: system }];
      const messages = written.flatMap(({ prompt, answer }) => [
        { role: 'user', content: prompt },
        { role: 'assistant', content: answer },
      ]);
      const conversations = [...first, ...messages].map(({ role, content }, index) => ({
        from: { system: 'system', user: 'human', assistant: 'gpt' }[role],
        value: hasPicture && index === first.length ? `<image>\n${content}` : content,
      }));
      const chat = read(json([{ ...image, messages: [...first, ...messages] }])).records[0]!;
      const llava = read(json([{ ...image, conversations }])).records[0]!;
      expect(llava).toEqual(chat);
      expect([...(chat.earlier ?? []), { prompt: chat.prompt, answer: chat.answers[0] }]).toEqual(written);
      expect(chat.system).toBe(system ?? undefined);
      expect(chat.picture).toBe(image.image);
    }),
  );
});

test('an instruction and its input stand whole in the prompt', () => {
  fc.assert(
    fc.property(text, fc.string(), (instruction, input) => {
      const prompt = alpacaPrompt(instruction, input);
      expect(prompt.includes('### Input:\n')).toBe(input !== '' || instruction.includes('### Input:\n'));
      expect(prompt).toContain(`### Instruction:\n${instruction}\n\n`);
      expect(prompt).toContain(input);
      expect(prompt.endsWith('\n\n### Response:')).toBe(true);
    }),
  );
});

test('a list and lines give the same rows; ids are unique whatever the file has', () => {
  const choices = fc.uniqueArray(text, { minLength: 2, maxLength: 5 });
  const row = choices.chain((own) =>
    fc.record({
      question: text,
      choices: fc.constant(own),
      answer: fc.oneof(fc.constantFrom(...own), fc.nat(own.length - 1)),
      id: fc.constantFrom('a', 'b', 'a#2', 3),
    }),
  );
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      const listed = read(json(rows)).records;
      const essence = (records: typeof listed) => records.map(({ entry: _, ...rest }) => rest);
      expect(essence(read(lines(rows)).records)).toEqual(essence(listed));
      expect(new Set(listed.map(({ id }) => id)).size).toBe(rows.length);
      for (const { answers, choices: own } of listed) expect(own).toContain(answers[0]);
    }),
  );
});

test('any text is read, or refused with an EimError', () => {
  const key = fc.constantFrom(
    'conversations',
    'messages',
    'instruction',
    'question',
    'from',
    'value',
    'role',
    'content',
    'type',
    'text',
    'image_url',
    'url',
    'image',
    'answer',
    'answers',
    'choices',
    'input',
    'output',
    'id',
    'split',
    'system',
  );
  const word = fc.constantFrom(
    'human',
    'gpt',
    'user',
    'assistant',
    'system',
    'text',
    'image_url',
    '<image>',
    '',
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      word,
      fc.array(tie('node')),
      fc.dictionary(key, tie('node')),
    ),
  })).node;
  const content = fc.oneof(
    fc.string(),
    fc.array(fc.dictionary(key, tree)).map(json),
    fc.array(tree).map(lines),
  );
  fc.assert(
    fc.property(
      content,
      fc.option(fc.constantFrom(...QUESTION_FORMATS), { nil: undefined }),
      (given, format) => {
        try {
          for (const { answers, prompt } of read(given, { ...(format && { format }) }).records) {
            expect(answers.length).toBeGreaterThan(0);
            expect(typeof prompt).toBe('string');
          }
        } catch (error) {
          if (!EimError.isInstance(error)) throw error;
        }
      },
    ),
    { numRuns: 500 },
  );
});
