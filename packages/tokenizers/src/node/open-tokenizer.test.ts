import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import published from '../__fixtures__/published.json' with { type: 'json' };
import sentencepiece from '../sentencepiece/__fixtures__/sentencepiece.json' with { type: 'json' };
import { openTokenizer } from './open-tokenizer.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-added-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));

test('a chat model’s folder adds tokens to its tokenizer.model', async () => {
  writeFileSync(join(folder, 'tokenizer.model'), Buffer.from(sentencepiece.llama.file, 'base64'));
  const plain = await openTokenizer(join(folder, 'tokenizer.model'));
  const size = plain.vocabularySize;
  write('added_tokens.json', { '<|im_end|>': size + 1, '<image>': size });
  write('special_tokens_map.json', { additional_special_tokens: ['<|im_end|>'], unk_token: '<unk>' });
  const tokenizer = await openTokenizer(folder, { parseSpecialTokens: true });
  expect(tokenizer).toMatchObject({ vocabularySize: size + 2, addedTokenCount: 2 });
  expect(tokenizer.encode('<image><|im_end|>').slice(-2)).toEqual([size, size + 1]);
  expect(tokenizer.decode([...plain.encode('a dog'), size, size + 1])).toBe('a dog<image>');
  const ordinary = await openTokenizer(folder);
  expect(ordinary.encode('<image>')).toContain(size);
  expect(ordinary.encode('<|im_end|>')).toEqual(plain.encode('<|im_end|>'));
  // the newer file counts before the older one
  write('tokenizer_config.json', {
    added_tokens_decoder: { [size + 3]: { content: '<pad>', special: true }, 0: { content: '<unk>' } },
  });
  const newer = await openTokenizer(folder);
  expect(newer.namedSpecialTokens.get('<pad>')).toBe(size + 3);
  expect(newer.namedSpecialTokens.has('<|im_end|>')).toBe(false);
  for (const { text, ids } of sentencepiece.llama.rows) expect(newer.encode(text)).toEqual(ids);
});

test('tokens added to GPT-2’s vocabulary are found in any text where they are not special', async () => {
  const { model } = published.llama3.json;
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const token = (id: number, content: string, special: boolean) => ({ id, content, special });
  write('tokenizer.json', {
    added_tokens: [token(344, '<|endoftext|>', true), token(345, '<image>', false)],
    pre_tokenizer: byteLevel,
    decoder: byteLevel,
    model: { ...model, ignore_merges: false },
  });
  const tokenizer = await openTokenizer(join(folder, 'tokenizer.json'));
  const [a, image] = [tokenizer.encode('a'), 345];
  expect(tokenizer.encode('a<image>a')).toEqual([...a, image, ...a]);
  expect(tokenizer.encode('<|endoftext|>')).not.toContain(344);
  expect(tokenizer.decode([...a, image, 344])).toBe('a<image>');
});
