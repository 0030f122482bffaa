import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import { type ParseQuestionsOptions, parseQuestions } from './parse-questions.js';
import type { AlpacaTemplate } from './question-options.js';
import { alpacaPrompt } from './read-alpaca-item.js';

const json = (rows: unknown) => JSON.stringify(rows);
const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const read = (text: string, options?: ParseQuestionsOptions) => parseQuestions(text, 'f.json', options);
const faultsOf = (text: string, options?: ParseQuestionsOptions): unknown => {
  try {
    read(text, options);
  } catch (error) {
    if (EimError.isInstance(error)) return error.data.faults ?? error.message;
  }
  return 'no mistake';
};
const said = (from: string, value: unknown) => ({ from, value });

test("reads LLaVA's conversations: the marker goes, earlier exchanges stay", () => {
  const rows = [
    {
      id: 7,
      image: 'a.jpg',
      conversations: [
        said('human', '<image>\nWhat is it?'),
        said('gpt', 'A cat.'),
        said('human', 'Which colour?'),
        said('gpt', 'Black.'),
      ],
    },
    { id: 7, image: 'b.jpg', conversations: [said('human', 'Describe it.\n<image>'), said('gpt', 'A dog.')] },
    {
      conversations: [said('gpt', 'Hello.'), said('human', 'Hi'), said('gpt', 'Yes?'), said('human', 'Bye')],
    },
    { id: 'c', image: ['c.jpg'], conversations: [said('human', 'Where?'), said('gpt', 'Here.')] },
    { id: 'd', conversations: [said('human', 'Nobody answers')] },
  ];
  expect(read(json(rows))).toEqual({
    records: [
      {
        id: '7',
        picture: 'a.jpg',
        prompt: 'Which colour?',
        answers: ['Black.'],
        earlier: [{ prompt: 'What is it?', answer: 'A cat.' }],
        entry: '[0].image',
      },
      { id: '7#2', picture: 'b.jpg', prompt: 'Describe it.', answers: ['A dog.'], entry: '[1].image' },
      { id: '2', prompt: 'Hi', answers: ['Yes?'], entry: '[2]' },
      { id: 'c', picture: 'c.jpg', prompt: 'Where?', answers: ['Here.'], entry: '[3].image' },
    ],
    notes: [
      '1 repeated ids made unique by a number, the first at [1]',
      '1 opening messages of the assistant left out, the first at [2].conversations[0]',
      '1 last questions without an answer left out, the first at [2].conversations[3]',
      '1 pictures without a marker "<image>" shown all the same, the first at [3]',
      '1 rows without an answer left out, the first at [4]',
    ],
  });
});

test('names every mistake of a conversation at once', () => {
  const rows = [
    { conversations: [said('human', '<image> What?'), said('gpt', 'x')] },
    { image: 'a.jpg', conversations: [said('human', '<image> and <image>'), said('gpt', 'x')] },
    { image: ['a.jpg', 'b.jpg'], conversations: [said('human', 'x'), said('gpt', 'x')] },
    { conversations: [said('human', 'x'), said('human', 'y'), said('gpt', 'z'), said('gpt', 'z')] },
    { conversations: [said('bot', 'x'), said('gpt', 3), 4] },
    { conversations: 'x', split: 3 },
    5,
  ];
  expect(faultsOf(json(rows))).toEqual([
    '[0] has the marker "<image>" and no image',
    '[1] has 2 markers "<image>"; a row shows one picture',
    '[2].image names 2 pictures; a row shows one',
    '[3].conversations[1] follows another message of the user',
    '[3].conversations[3] follows another message of the assistant',
    '[4].conversations[0].from is "bot", neither "human" nor "gpt"',
    '[4].conversations[1].value is 3, not text',
    '[4].conversations[2] is 4, not an object',
    '[5].conversations is "x", not a list',
    '[5].split is 3, not text',
    '[6] is 5, not an object',
  ]);
});

test("puts Alpaca's instructions into the published prompts, or leaves them as they are", () => {
  const rows = [
    { instruction: 'Name three colours.', input: '', output: 'Red, green and blue.' },
    { instruction: 'Translate.', input: 'Le chat', output: 'The cat', split: 'val' },
    { instruction: 'Say nothing.', input: '', output: '' },
  ];
  const { records, notes } = read(json(rows));
  expect(records.map(({ prompt }) => prompt)).toEqual([
    'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nName three colours.\n\n### Response:',
    'Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\nTranslate.\n\n### Input:\nLe chat\n\n### Response:',
  ]);
  expect(records[1]).toMatchObject({ answers: ['The cat'], split: 'val', entry: '[1]' });
  expect(notes).toEqual(['1 rows without an answer left out, the first at [2]']);
  expect(read(json(rows), { template: 'none' }).records.map(({ prompt }) => prompt)).toEqual([
    'Name three colours.',
    'Translate.\nLe chat',
  ]);
  expect(faultsOf(json([{ instruction: '', input: 3 }]))).toEqual([
    '[0].instruction is empty',
    '[0].input is 3, not text',
    '[0].output is missing',
  ]);
});

test('reads chat messages with parts, a system message and several turns', () => {
  const rows = [
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'a.png' } },
            { type: 'text', text: 'What is it?' },
            { type: 'text', text: 'In a word.' },
          ],
        },
        { role: 'assistant', content: 'A cup.' },
        { role: 'user', content: 'Full?' },
        { role: 'assistant', content: [{ type: 'text', text: 'Half.' }] },
      ],
    },
  ];
  expect(read(lines(rows)).records).toEqual([
    {
      id: '0',
      picture: 'a.png',
      system: 'Be brief.',
      earlier: [{ prompt: 'What is it?\nIn a word.', answer: 'A cup.' }],
      prompt: 'Full?',
      answers: ['Half.'],
      entry: 'line 1, image',
    },
  ]);
  const url = (address: unknown) => ({ type: 'image_url', image_url: { url: address } });
  const wrong = [
    [{ role: 'tool', content: 'x' }],
    [
      {
        role: 'user',
        content: [url('https://example.org/a.png'), url('data:image/png;base64,AA'), { type: 'audio' }],
      },
    ],
    [{ role: 'user', content: [url('a.png'), url('b.png')] }],
    [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: [url('a.png')], weight: 0 },
    ],
    [
      { role: 'user', content: 'x' },
      { role: 'system', content: 'y' },
      { role: 'assistant', content: 'z' },
    ],
    [{ role: 'user' }],
  ];
  expect(faultsOf(lines(wrong.map((messages) => ({ messages }))))).toEqual([
    'line 1, messages[0].role is "tool", neither system, user nor assistant',
    'line 2, messages[0].content[0].image_url.url is an address; only paths of picture files are read',
    'line 2, messages[0].content[1].image_url.url is an address; only paths of picture files are read',
    'line 2, messages[0].content[2].type is "audio", neither text nor image_url',
    'line 3 shows 2 pictures; a row shows one',
    'line 4, messages[1].weight is 0, but all answers of a row are learnt; leave the message out',
    'line 4, messages[1].content shows a picture, which only the user can',
    'line 5, messages[1] is a system message, which has to be the first',
    'line 6, messages[0].content is missing',
  ]);
});

test('reads plain questions with choices, by text or by place', () => {
  const rows = [
    { id: 'q', question: 'Is ice solid?', choices: ['yes', 'no'], answer: 'yes' },
    { question_id: 4, question: 'Is it wet?', choices: ['yes', 'no'], answer: 1, image: 'a.jpg' },
    { question: 'Name a colour.', answers: ['red', 'blue'], split: 'test' },
  ];
  expect(read(lines(rows)).records).toEqual([
    { id: 'q', prompt: 'Is ice solid?', answers: ['yes'], choices: ['yes', 'no'], entry: 'line 1' },
    {
      id: '4',
      prompt: 'Is it wet?',
      answers: ['no'],
      choices: ['yes', 'no'],
      picture: 'a.jpg',
      entry: 'line 2, image',
    },
    { id: '2', prompt: 'Name a colour.', answers: ['red', 'blue'], split: 'test', entry: 'line 3' },
  ]);
  const wrong = [
    { question: 'x', choices: ['a', 'b'], answer: 'c' },
    { question: 'x', choices: ['a', 'b'], answer: 2 },
    { question: 'x', choices: ['a'], answers: [] },
    { question: 'x', choices: ['a', 'a'], answer: 'a' },
    { question: 3 },
  ];
  expect(faultsOf(lines(wrong))).toEqual([
    'line 1, answer is "c", which is none of the choices',
    'line 2, answer is 2, no place from 0 to 1',
    'line 3, choices has 1 of at least 2',
    'line 3, answers is empty',
    'line 4, choices holds one text twice',
    'line 5, question is 3, not text',
    'line 5, answer is missing',
  ]);
});

test('the form is told from the first row, can be forced, and an unknown one is refused with those there are', () => {
  expect(faultsOf('{"text": "x"}')).toMatch(
    /no known form: its first row has the keys text\. A row has `conv/,
  );
  expect(faultsOf('{"question": "x", "answer": "y"}', { format: 'alpaca' })).toEqual([
    'line 1, instruction is missing',
    'line 1, output is missing',
  ]);
  expect(faultsOf('[{"question": "x"')).toMatch(/^f\.json: the JSON ends in the middle, at line 1/);
  expect(faultsOf('{"question":\n')).toEqual([expect.stringMatching(/^line 1 is not valid JSON/)]);
});

test.each<[AlpacaTemplate, string, string, string]>([
  ['lavin', 'Name  three.', '', 'Instruction: Name three. \nResponse:'],
  ['lavin', 'Translate.', 'Le chat', 'Instruction: Translate. Le chat\nResponse:'],
  ['compat-lavin-demo', 'Name three.', '', 'Instruction: Name three.\nResponese:'],
  ['none', 'Translate.', 'Le chat', 'Translate.\nLe chat'],
])('the template %s gives %j and %j as it is written', (template, instruction, input, prompt) => {
  expect(alpacaPrompt(instruction, input, template)).toBe(prompt);
});

test.each([
  ['Name three colours.', "('Name three colours.',)"],
  ["Translate: it's late", '("Translate: it\'s late",)'],
  ['both \' and "', "('both \\' and \"',)"],
  ['two\nlines\\\u00a0é\u200b😀', "('two\\nlines\\\\\\xa0é\\u200b😀',)"],
])('LLaMA-Adapter V2 writes %j as a tuple', (instruction, written) => {
  expect(alpacaPrompt(instruction, '', 'compat-llama-adapter-v2')).toBe(
    'Below is an instruction that describes a task, paired with an input that provides further context. ' +
      `Write a response that appropriately completes the request.\n\n### Instruction:\n${written}\n\n### Input:\n\n\n### Response:`,
  );
});
