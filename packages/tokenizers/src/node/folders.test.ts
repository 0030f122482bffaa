import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import sentencepiece from '../sentencepiece/__fixtures__/sentencepiece.json' with { type: 'json' };
import fixture from './__fixtures__/folders.json' with { type: 'json' };
import { openTokenizer } from './open-tokenizer.js';

interface Folder {
  readonly model: boolean;
  readonly json: { readonly base: keyof typeof fixture.bases; readonly changes: object } | null;
  readonly pair: boolean;
  readonly files: Readonly<Record<string, object>>;
  readonly parsed: number[][];
  readonly plain: number[][];
  readonly around: number[];
}

const { texts, bases } = fixture;
const folders = Object.entries(fixture.folders as unknown as Record<string, Folder>);
const scratch = mkdtempSync(join(tmpdir(), 'eim-folders-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const model = Buffer.from(sentencepiece.llama.file, 'base64');

function written(
  name: string,
  { model: hasModel, json, pair, files }: Pick<Folder, 'model' | 'json' | 'pair' | 'files'>,
) {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, contents: unknown) =>
    writeFileSync(join(folder, file), JSON.stringify(contents));
  for (const [file, contents] of Object.entries(files)) write(file, contents);
  if (hasModel) writeFileSync(join(folder, 'tokenizer.model'), model);
  if (json) write('tokenizer.json', { ...bases[json.base], ...json.changes });
  if (pair) {
    write('vocab.json', bases.bytes.model.vocab);
    writeFileSync(join(folder, 'merges.txt'), `#version: 0.2\n${bases.bytes.model.merges.join('\n')}\n`);
  }
  return folder;
}

test.each(folders)('AutoTokenizer’s ids: %s', async (name, given) => {
  const folder = written(name.replace(/\W+/g, '-'), given);
  const parsing = await openTokenizer(folder, { parseSpecialTokens: true });
  const ordinary = await openTokenizer(folder);
  for (const [index, text] of texts.entries()) {
    expect(parsing.encode(text), text).toEqual(given.parsed[index]);
    expect(ordinary.encode(text), text).toEqual(given.plain[index]);
  }
  expect(parsing.addSpecialTokens([])).toEqual(given.around);
  const putsEndAlone =
    given.around.length === 1 && given.around[0] === parsing.namedSpecialTokens.get('</s>');
  const begin = putsEndAlone ? undefined : given.around[0];
  expect(parsing.specialTokens.begin).toBe(begin);
});

const config = (changes: object) => ({
  model: true,
  json: null,
  pair: false,
  files: { 'tokenizer_config.json': { tokenizer_class: 'LlamaTokenizer', ...changes } },
});

test.each<[fault: string, changes: object, message: RegExp]>([
  [
    'a flag that is a text',
    { add_bos_token: 'true' },
    /`add_bos_token` should be true or false, found "true"/,
  ],
  ['a token that is a number', { bos_token: 1 }, /`bos_token` should be a token, found 1/],
  ['a list of tokens that is none', { additional_special_tokens: 'x' }, /`additional_special_tokens`/],
  [
    'a listed token without content',
    { added_tokens_decoder: { 600: {} } },
    /`600` should be a token with its `content`/,
  ],
  ['sampling', { sp_model_kwargs: { enable_sampling: true } }, /`sp_model_kwargs` should be empty/],
  ['another family', { tokenizer_class: 'GemmaTokenizerFast' }, /`tokenizer_class` is "GemmaTokenizer"/],
])('a config with %s is refused by name', async (fault, changes, message) => {
  await expect(openTokenizer(written(fault, config(changes)))).rejects.toThrow(message);
});

test('contradictions between config and vocabulary are refused by name', async () => {
  const files = { 'tokenizer_config.json': { add_eos_token: true, bos_token: '<s>', eos_token: null } };
  const json = { base: 'llama' as const, changes: {} };
  const folder = written('no end', { model: false, json, pair: false, files });
  await expect(openTokenizer(folder)).rejects.toThrow(
    /`add_eos_token` is true, but `eos_token` names no token/,
  );
  const text = { 'tokenizer_config.json': { split_special_tokens: true } };
  const split = written('split', { model: false, json, pair: false, files: text });
  await expect(openTokenizer(split, { parseSpecialTokens: true })).rejects.toThrow(/split_special_tokens/);
  expect((await openTokenizer(split)).encode('<s>')).not.toContain(1);
});
