import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const run = join(folder, 'run');
const LLAMA = join(REPOSITORY, 'packages/llm-llama/src/__fixtures__/hugging-face');
const red = join(folder, 'red square.png');
const other = join(folder, 'other.png');

const chat = async (model: string, input: string, ...words: readonly string[]) => {
  const stdin = (async function* () {
    yield input;
  })();
  return await runInProcess(['chat', model, ...words], folder, { stdin });
};
const documents = (out: string): Record<string, never>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const answers = (out: string) => documents(out).filter(({ type }) => (type as string) === 'answer');

beforeAll(async () => {
  for (const file of [red, other])
    copyFileSync(join(REPOSITORY, 'apps/cli/test/__fixtures__/red-square.png'), file);
  expect(await runInProcess(['train', writeTinyConfig(folder), '--out', run], folder)).toMatchObject({
    code: 0,
  });
});

test('a picture alone is described as `eim caption` does, and streamed pieces make the answer', async () => {
  const caption = await runInProcess(['caption', run, red, '--max-new-tokens', '9', '--json'], folder);
  const { code, out } = await chat(run, "'red square.png'\n", '--max-new-tokens', '9', '--json');
  expect(code).toBe(0);
  const [first] = documents(out);
  expect(first).toMatchObject({ type: 'start', form: 'plain', contextLength: 96, showsPictures: true });
  const [answer] = answers(out) as unknown as [
    { text: string; stats: { newTokens: number; peakResidentBytes: number } },
  ];
  expect(answer.text.trim()).toBe(JSON.parse(caption.out)[0].caption);
  expect(answer.stats.newTokens).toBeGreaterThan(0);
  const pieces = documents(out).filter(({ type }) => (type as string) === 'text');
  expect(pieces.map(({ text }) => text).join('')).toBe(answer.text);
});

test('several turns about two pictures are saved, loaded, and go on as if nothing had happened', async () => {
  const file = join(folder, 'saved.json');
  const settings = ['--max-new-tokens', '3', '--json'];
  const whole = await chat(run, `/image other.png\nwhat?\n/save saved.json\nand now?\n`, red, ...settings);
  expect([whole.code, answers(whole.out).length]).toEqual([0, 4]);
  expect(answers(whole.out).map(({ picture }) => picture)).toEqual([red, other, red, other]);
  const saved = JSON.parse(readFileSync(file, 'utf8'));
  expect(saved[0].content).toEqual([
    { type: 'image', path: red },
    { type: 'image', path: other },
    { type: 'text', text: 'what?' },
  ]);
  const loaded = await chat(run, 'and now?\n', '--load', file, ...settings);
  const texts = (out: string) => answers(out).map(({ text }) => text);
  expect(texts(loaded.out)).toEqual(texts(whole.out).slice(2));
  writeFileSync(file, JSON.stringify(saved.slice(0, 1)));
  const pending = await chat(run, '', '--load', file, ...settings);
  expect(texts(pending.out)).toEqual(texts(whole.out).slice(0, 2));
});

test('the oldest exchanges are dropped when the context is full, and this is said', async () => {
  const lines = Array.from({ length: 9 }, (_, index) => `question number ${index}`).join('\n');
  const { code, out, err } = await chat(
    run,
    `${lines}\n/stats\n/reset\nagain\n/stats`,
    '--max-new-tokens',
    '4',
  );
  expect(code).toBe(0);
  expect(out.split('\n').length).toBeGreaterThan(9);
  expect(err).toMatch(/The context is full: the oldest exchange is no longer read/);
  expect(err).toMatch(/context: 96 tokens; 9 exchanges, of which the [1-9] oldest/);
  expect(err).toMatch(/context: 96 tokens; 1 exchanges, of which the 0 oldest/);
  expect(err).toMatch(/first token after \d/);
}, 120_000);

test('all of a pipe is one message with --whole', async () => {
  const { code, out } = await chat(run, 'one\ntwo\n', '--whole', '--max-new-tokens', '2', '--json');
  expect([code, answers(out).length]).toEqual([0, 1]);
});

test.each<[fault: string, model: string, input: string, words: readonly string[], message: RegExp]>([
  ['no model', 'nowhere', 'a', [], /nowhere does not exist/],
  ['no tokenizer', LLAMA, 'a', [], /There is no tokenizer with .*Name one by --tokenizer/],
  [
    'an option of weights for a run',
    run,
    'a',
    ['--tokenizer', 'x'],
    /--tokenizer was given, but .* is a run/,
  ],
  ['a picture that is not there', run, 'a', ['none.png'], /none\.png does not exist/],
  [
    'an address',
    run,
    'what? https://x.invalid/a.jpg',
    [],
    /nothing is fetched here unless asked for.*--allow-fetch/,
  ],
  ['an unknown command', run, '/imag a.png', [], /no command \/imag\. Did you mean \/image\?/],
  ['a message that is too long', run, 'word '.repeat(200), [], /does not fit into the model's context of 96/],
  ['a file that is no chat', run, '/load tiny.yaml', [], /tiny\.yaml.*not valid JSON/],
  [
    'beams with a temperature',
    run,
    'a',
    ['--beams', '2', '--temperature', '1'],
    /beam search .* cannot be combined/,
  ],
])('%s is refused by name', async (_, model, input, words, message) => {
  const { code, err } = await chat(model, `${input}\n/never\n`, ...words);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  expect(err).not.toContain('/never');
});

test('with --allow-fetch an address is fetched', async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/a.png' ? 200 : 404;
    response.end(readFileSync(red));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const words = ['--allow-fetch', '--max-new-tokens', '3', '--json'];
  const fetched = await chat(run, `${address}/a.png`, ...words);
  const local = await chat(run, 'other.png', ...words);
  expect(answers(fetched.out)[0]!.text).toBe(answers(local.out)[0]!.text);
  const absent = await chat(run, `${address}/b.png`, ...words);
  expect([absent.code, absent.err]).toEqual([1, expect.stringContaining('answered 404')]);
  server.close();
});

const smollm2 = process.env.EIM_SMOLLM2;
test.skipIf(smollm2 === undefined || !existsSync(smollm2))(
  'SmolLM2 remembers what was said, answers as `eim generate --chat`, and sees no pictures (needs EIM_SMOLLM2)',
  async () => {
    const file = join(folder, 'messages.json');
    const words = ['--max-new-tokens', '12', '--json'];
    const { code, out } = await chat(smollm2!, `My name is Ada.\n/save ${file}\nWhat is my name?`, ...words);
    const [, second] = answers(out) as unknown as [unknown, { text: string }];
    expect(code).toBe(0);
    const messages = [
      ...JSON.parse(readFileSync(file, 'utf8')),
      { role: 'user', content: 'What is my name?' },
    ];
    writeFileSync(file, JSON.stringify(messages));
    const asked = await runInProcess(['generate', '--llm', smollm2!, '--chat', file, ...words], folder);
    expect(second.text).toBe(JSON.parse(asked.out).text);
    const shown = await chat(smollm2!, 'what?', red, ...words);
    expect([shown.code, shown.err]).toEqual([2, expect.stringContaining('sees no pictures')]);
  },
  300_000,
);
