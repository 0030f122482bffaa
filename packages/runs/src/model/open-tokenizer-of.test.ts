import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openTokenizerOf } from './open-tokenizer-of.js';

const data = resolve(import.meta.dirname, '../../../..', process.env.EIM_DATA ?? '../shared/data');
const cases = join(data, 'field-cases');
const smollm2 = process.env.EIM_SMOLLM2;

interface Check {
  readonly name: string;
  readonly run: readonly string[];
  readonly copy?: object;
  readonly stdin?: readonly string[];
  readonly right: readonly { readonly json?: { readonly ids: unknown } }[];
}

/** Published ids of the texts that are given to `eim tokenize`, without the command. */
function checksOf(name: string): Check[] {
  const file = join(cases, name, 'expected.json');
  if (!existsSync(file)) return [];
  const { checks } = JSON.parse(readFileSync(file, 'utf8')) as { checks: Check[] };
  return checks.filter(({ run, copy }) => run[0] === 'tokenize' && copy === undefined);
}

async function checked({ run, stdin = [], right }: Check, name: string): Promise<void> {
  const path = run[run.indexOf('--tokenizer') + 1]!.replace('{smollm2}', smollm2 ?? '');
  const parseSpecialTokens = run.includes('--parse-special-tokens');
  const tokenizer = await openTokenizerOf(resolve(cases, name, path), { parseSpecialTokens });
  const ids = stdin.map((text) => {
    const own = tokenizer.encode(text);
    return run.includes('--special-tokens') ? tokenizer.addSpecialTokens(own) : own;
  });
  expect(right.map(({ json }) => json?.ids)).toContainEqual(ids);
}

const NAMES = [
  ...[
    'gguf-pre-tokenizers',
    'tokenizer-metaspace-first',
    'tokenizer-added-strip',
    'tokenizer-model-and-json',
  ],
  ...['tokenizer-begin-end', 'tokenizer-odd-texts'],
];
const rows = NAMES.flatMap((name) =>
  checksOf(name).map((check) => [`${name}: ${check.name}`, check, name] as const),
);

if (rows.length === 0) test.skip(`ids of the field cases (skipped: no ${cases})`, () => {});
else {
  test.each(rows)('ids of the field case %s', async (_, check, name) => {
    await checked(check, name);
  });
}

const published = checksOf('smollm2');
const why = smollm2 === undefined ? 'EIM_SMOLLM2 names no file' : `no ${cases}`;
if (smollm2 === undefined || published.length === 0) {
  test.skip(`ids of SmolLM2 (skipped: ${why})`, () => {});
} else {
  test.each(published.map((check) => [check.name, check] as const))(
    'ids of SmolLM2: %s',
    async (_, check) => {
      await checked(check, 'smollm2');
    },
  );
}
