import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import rows from './__fixtures__/gpt2.json' with { type: 'json' };
import { createTokenizer } from './create-tokenizer.js';
import { gpt2TokenizerJson } from './gpt2-vocabulary.js';

const folder = resolve(
  import.meta.dirname,
  '../../..',
  process.env.EIM_DATA ?? '../shared/data',
  'tokenizers',
);
const vocabularyFile = resolve(folder, 'gpt2_encoder.json');
const absent = !existsSync(vocabularyFile);

test.skipIf(absent)(
  `GPT-2's published vocabulary gives the Python library's ids${absent ? ` (skipped: no ${vocabularyFile})` : ''}`,
  () => {
    const merges = readFileSync(resolve(folder, 'gpt2_vocab.bpe'), 'utf8');
    const tokenizer = createTokenizer(gpt2TokenizerJson(readFileSync(vocabularyFile, 'utf8'), merges));
    expect(tokenizer.vocabularySize).toBe(50_257);
    expect(tokenizer.specialTokens).toEqual({ end: 50_256, pad: 50_256 });
    for (const { text, ids, decoded } of rows) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(decoded);
    }
  },
);

test('files that do not belong together are refused by line', () => {
  expect(() => gpt2TokenizerJson('{"<|endoftext|>": 0, "a": 1}', '#version: 0.2\na b\n')).toThrow(
    /line 2: "a b"/,
  );
  expect(() => gpt2TokenizerJson('{"a": 1', '')).toThrow(/GPT-2 vocabulary: not valid JSON/);
  expect(() => gpt2TokenizerJson('{"a": 1}', '')).toThrow(/holds "<\|endoftext\|>"/);
});
