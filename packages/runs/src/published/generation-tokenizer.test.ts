import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tokenizerPath } from './generation-tokenizer.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-tokenizer-path-'));
afterAll(() => rmSync(folder, { recursive: true }));
const context = { environment: {}, workingFolder: folder };

test('weights carry the tokenizer of their folder, or that of the only GGUF file in it', () => {
  const weights = folder;
  expect(tokenizerPath({ ...context, weights })).toBeUndefined();
  writeFileSync(join(folder, 'one.gguf'), '');
  expect(tokenizerPath({ ...context, weights })).toBe(folder);
  expect(tokenizerPath({ ...context, weights: join(folder, 'one.gguf') })).toBe(join(folder, 'one.gguf'));
  writeFileSync(join(folder, 'two.gguf'), '');
  expect(tokenizerPath({ ...context, weights })).toBeUndefined();
  writeFileSync(join(folder, 'tokenizer.json'), '{}');
  expect(tokenizerPath({ ...context, weights })).toBe(folder);
});
