import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eim, REPOSITORY, SHARED_DATA, scratchFolder } from './run-eim.js';

const folder = scratchFolder();
const LLAMA = join(REPOSITORY, 'packages/llm-llama/src/__fixtures__/hugging-face');
const bases = JSON.parse(
  readFileSync(join(REPOSITORY, 'packages/tokenizers/src/node/__fixtures__/folders.json'), 'utf8'),
).bases;

/** A tiny LLaMA, with a tokenizer of bytes where one is given. */
function model(name: string, files: Readonly<Record<string, unknown>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const file of readdirSync(LLAMA)) copyFileSync(join(LLAMA, file), join(path, file));
  for (const [file, contents] of Object.entries(files)) {
    writeFileSync(join(path, file), typeof contents === 'string' ? contents : JSON.stringify(contents));
  }
  return path;
}

const generate = (path: string, ...words: readonly string[]) =>
  eim(['generate', '--llm', path, '--max-new-tokens', '3', '--temperature', '0', '--ignore-eos', ...words]);

describe('generate by ids', () => {
  test.each<[kind: string, files: Readonly<Record<string, unknown>>, reason: RegExp | undefined]>([
    ['absent', {}, undefined],
    ['damaged', { 'tokenizer.json': '{"model":' }, /tokenizer\.json: it is not valid JSON/],
    [
      'of an unknown kind',
      { 'tokenizer.json': { model: { type: 'Unigram' } } },
      /model\.type should be "BPE"/,
    ],
    [
      'larger than the model',
      { 'tokenizer.json': bases.bytes },
      /The tokenizer has 260 ids, and the model 64/,
    ],
    [
      'described by a damaged file',
      { 'tokenizer.json': bases.bytes, 'tokenizer_config.json': '[' },
      /tokenizer_config/,
    ],
  ])(
    'needs no tokenizer: one that is %s',
    async (kind, files, reason) => {
      const path = model(kind, files);
      const { code, out } = await generate(path, '--ids', '5,6', '--json');
      const printed = JSON.parse(out);
      expect([code, printed.ids.length, printed.text]).toEqual([0, 3, undefined]);
      if (reason) expect(printed.textMissing).toMatch(reason);
      else expect(printed).not.toHaveProperty('textMissing');
      const stop = await generate(path, '--ids', '5,6', '--stop', 'a');
      expect([stop.code, stop.err]).toEqual([2, expect.stringContaining('--stop needs a tokenizer.')]);
      if (reason) expect((await generate(path, '--prompt', 'a')).code).toBe(2);
    },
    60_000,
  );
});

describe('chats', () => {
  const written =
    '{% for m in messages %}{{ m.role[0] }}:{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}a:{% endif %}';
  const config = { chat_template: written, eos_token: '<|endoftext|>' };
  const described = join(folder, 'described');
  mkdirSync(described);
  writeFileSync(join(described, 'tokenizer.json'), JSON.stringify(bases.bytes));
  writeFileSync(join(described, 'tokenizer_config.json'), JSON.stringify(config));
  const tokenize = (path: string, chats: unknown, ...words: readonly string[]) => {
    const file = join(folder, 'chats.json');
    writeFileSync(file, JSON.stringify(chats));
    return eim(['tokenize', '--tokenizer', path, '--chat', ...words], { shell: `"$@" < ${file}` });
  };
  const messages = [{ role: 'user', content: 'the' }];

  test('tokenize writes them by the template, and parses the special tokens in it', async () => {
    const chats = [{ messages, add_generation_prompt: true }, { messages }];
    const { code, out } = await tokenize(described, chats);
    const { texts, ids } = JSON.parse(out);
    expect([code, texts]).toEqual([0, ['u:the<|endoftext|>a:', 'u:the<|endoftext|>']]);
    const { vocab } = bases.bytes.model;
    const written = [vocab.u, vocab[':'], vocab.the, vocab['<|endoftext|>']];
    expect(ids).toEqual([[...written, vocab.a, vocab[':']], written]);
  });

  test.each<[fault: string, path: string, chats: unknown, words: readonly string[], message: RegExp]>([
    ['no list', described, {}, [], /Standard input is not an array/],
    [
      'a message without a role',
      described,
      [[{ content: 'a' }]],
      [],
      /conversation 0 has a message 0 without a `role`/,
    ],
    ['tools', described, [{ messages, tools: [] }], [], /conversation 0 has `tools`, which is not known/],
    ['another template', described, [messages], ['--chat-template', 'rag'], /no chat template "rag"/],
    ['no template', LLAMA, [messages], [], /hugging-face holds no chat template/],
    ['surroundings', described, [messages], ['--special-tokens'], /--chat takes neither/],
  ])('%s is refused by name', async (_, path, chats, words, message) => {
    const { code, out, err } = await tokenize(path, chats, ...words);
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(message)]);
  });
});

const smollm2 = process.env.EIM_SMOLLM2;
const chats = join(SHARED_DATA, 'field-cases/smollm2/chats.json');
const absent = smollm2 === undefined || !existsSync(chats);
test.skipIf(absent)(
  `SmolLM2’s chats (needs EIM_SMOLLM2 and ${chats})`,
  async () => {
    const expected = JSON.parse(readFileSync(chats, 'utf8')) as {
      text: string;
      ids: number[];
      messages: unknown;
    }[];
    const file = join(folder, 'smollm2.json');
    writeFileSync(file, JSON.stringify(expected.map(({ text: _, ids: __, ...chat }) => chat)));
    const words = ['tokenize', '--tokenizer', resolve(smollm2!), '--chat'];
    const { out } = await eim(words, { shell: `"$@" < ${file}` });
    expect(JSON.parse(out)).toEqual({
      texts: expected.map(({ text }) => text),
      ids: expected.map(({ ids }) => ids),
    });
    writeFileSync(file, JSON.stringify(expected[0]!.messages));
    const asked = await eim([
      'generate',
      '--llm',
      resolve(smollm2!),
      '--chat',
      file,
      '--max-new-tokens',
      '8',
      '--temperature',
      '0',
      '--json',
    ]);
    const byIds = await eim([
      'generate',
      '--llm',
      resolve(smollm2!),
      '--ids',
      expected[0]!.ids.join(),
      '--max-new-tokens',
      '8',
      '--temperature',
      '0',
      '--json',
    ]);
    const [answer, again] = [JSON.parse(asked.out), JSON.parse(byIds.out)];
    expect(answer.ids.length).toBeGreaterThan(0);
    expect([answer.ids, answer.text]).toEqual([again.ids, again.text]);
  },
  120_000,
);
