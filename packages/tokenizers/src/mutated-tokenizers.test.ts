import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import published from './__fixtures__/published.json' with { type: 'json' };
import trained from './__fixtures__/tokenizer.json' with { type: 'json' };
import { createTokenizer } from './create-tokenizer.js';
import gguf from './gguf/__fixtures__/gguf-tokenizers.json' with { type: 'json' };
import pipeline from './pipeline/__fixtures__/pipeline.json' with { type: 'json' };
import type { PublishedTokenizer } from './published/published-tokenizer.js';
import models from './sentencepiece/__fixtures__/sentencepiece.json' with { type: 'json' };
import { readLlama2cVocabulary } from './sentencepiece/llama2c-vocabulary.js';
import { readSentencepieceModel } from './sentencepiece/sentencepiece-model.js';
import { SentencepieceTokenizer } from './sentencepiece/sentencepiece-tokenizer.js';

/** Set it to 10000 to look further. */
const RUNS = Number(process.env.EIM_FUZZ_RUNS ?? 100);
const MOST_MEGABYTES = 100;
const TEXT = 'A red dog 日本の電車, 12 cafés 😀 <s> \u0000';

/** Uses a tokenizer, or gets an EimError. @returns whether it worked */
function useOrRefuse(open: () => PublishedTokenizer): boolean {
  try {
    const tokenizer = open();
    const ids = tokenizer.addSpecialTokens(tokenizer.encode(TEXT));
    for (const id of ids) expect(Number.isSafeInteger(id)).toBe(true);
    expect(typeof tokenizer.decode(ids)).toBe('string');
    return true;
  } catch (error) {
    if (EimError.isInstance(error)) return false;
    throw error;
  }
}

async function fuzz(work: fc.IProperty<[unknown]>, count: () => number): Promise<void> {
  const before = process.resourceUsage().maxRSS;
  fc.assert(work, { numRuns: RUNS });
  expect(count()).toBeGreaterThan(0);
  expect((process.resourceUsage().maxRSS - before) / 1024, 'megabytes').toBeLessThan(MOST_MEGABYTES);
}

/** A node of a JSON document is replaced, removed, or the text itself damaged. */
const change = fc.record({
  path: fc.array(fc.nat(1000), { minLength: 1, maxLength: 5 }),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('', null, -1, 2 ** 40, [], {}, 'ByteLevel', 'Split'),
  ),
  remove: fc.boolean(),
});

function changed(
  json: unknown,
  { path, value, remove }: { path: number[]; value: unknown; remove: boolean },
): unknown {
  const copy = structuredClone(json);
  let node = copy as Record<string, unknown>;
  for (const [depth, step] of path.entries()) {
    const keys = Object.keys(node);
    if (keys.length === 0) break;
    const key = keys[step % keys.length]!;
    const child = node[key];
    if (depth < path.length - 1 && typeof child === 'object' && child !== null) {
      node = child as Record<string, unknown>;
      continue;
    }
    if (remove) delete node[key];
    else node[key] = value;
    break;
  }
  // What is removed from a list leaves a null, as no JSON text has holes.
  return JSON.parse(JSON.stringify(copy));
}

const DOCUMENTS: readonly unknown[] = [
  trained,
  published.clip.json,
  published.llama.json,
  published.llama3.json,
  new SentencepieceTokenizer(modelOf('llama')).toJSON(),
  createTokenizer(published.clip.json).toJSON(),
  ...pipeline.files.map(({ kind, changes, file }) => ({
    ...file,
    model: { ...pipeline.models[kind as keyof typeof pipeline.models], ...changes },
  })),
  {
    type: 'GGUF',
    metadata: {
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'deepseek-llm',
      'tokenizer.ggml.tokens': gguf.lacking.tokens,
      'tokenizer.ggml.token_type': gguf.lacking.types,
      'tokenizer.ggml.merges': gguf.merges,
    },
  },
];

function modelOf(kind: 'llama' | 'userDefined') {
  return readSentencepieceModel(new Uint8Array(Buffer.from(models[kind].file, 'base64')), 'tokenizer.model');
}

test(`a mutated tokenizer.json is used or refused, in little memory, ${RUNS} times`, async () => {
  let used = 0;
  const work = fc.property(
    fc.record({
      document: fc.constantFrom(...DOCUMENTS),
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    }),
    ({ document, changes }) => {
      if (useOrRefuse(() => createTokenizer(changes.reduce(changed, document)))) used++;
    },
  );
  await fuzz(work as fc.IProperty<[unknown]>, () => used);
}, 600_000);

const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.nat(255)), {
  maxLength: 6,
});
const keep = fc.oneof(
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
);

function damaged(file: Uint8Array, changes: readonly [number, number][], kept: number): Uint8Array {
  const bytes = file.slice(0, Math.ceil(kept * file.length));
  for (const [at, value] of changes) if (bytes.length > 0) bytes[Math.floor(at * bytes.length)] = value;
  return bytes;
}

const pieces = modelOf('llama').pieces.map(({ text, score }) => {
  const bytes = Buffer.from(text.replaceAll('\u2581', ' '));
  const head = Buffer.alloc(8);
  head.writeFloatLE(score);
  head.writeInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
});
const llama2c = new Uint8Array(Buffer.concat([Buffer.from([27, 0, 0, 0]), ...pieces]));
const model = new Uint8Array(Buffer.from(models.userDefined.file, 'base64'));

test.each<[kind: string, file: Uint8Array, read: (bytes: Uint8Array) => SentencepieceTokenizer]>([
  ['tokenizer.model', model, (bytes) => new SentencepieceTokenizer(readSentencepieceModel(bytes, 'a.model'))],
  ['tokenizer.bin', llama2c, (bytes) => new SentencepieceTokenizer(readLlama2cVocabulary(bytes, 'a.bin'))],
])(
  `a mutated %s is used or refused, in little memory, ${RUNS} times`,
  async (_, file, read) => {
    expect(useOrRefuse(() => read(file))).toBe(true);
    let used = 0;
    const work = fc.property(fc.record({ edits, keep }), (mutation) => {
      if (useOrRefuse(() => read(damaged(file, mutation.edits, mutation.keep)))) used++;
    });
    await fuzz(work as fc.IProperty<[unknown]>, () => used);
  },
  600_000,
);
