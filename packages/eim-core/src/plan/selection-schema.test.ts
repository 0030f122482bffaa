import { describe, expect, it } from 'vitest';
import { learnSchema } from './learn-schema.js';
import { selectionSchema } from './selection-schema.js';

const issuesOf = (value: unknown) =>
  (selectionSchema.safeParse(value).error?.issues ?? []).map(({ path, message }) => [
    path.join('.'),
    message,
  ]);

describe('selectionSchema', () => {
  it.each([
    'frozen',
    'full',
    'norms',
    'biases',
    'norms-and-biases',
    'adapters',
    { lastBlocks: 2 },
    { firstBlocks: '25%' },
    { names: 'head.*' },
    { names: ['blocks.*.attention.*', 'head.bias'], except: '*.bias' },
    { lora: { rank: 8 } },
    { lora: { rank: 8, alpha: 16, names: 'blocks.*', except: '*.output.*' } },
    ['norms', { lastBlocks: 1 }, { names: 'head.weight' }, { lora: { rank: 1, names: 'blocks.0.*' } }],
  ])('takes %j as it is written', (value) => {
    expect(selectionSchema.parse(value)).toEqual(value);
  });

  it.each([
    'half',
    3,
    null,
    {},
    [],
    ['frozen'],
    ['full', 'half'],
    [['full']],
    { lastBlock: 1 },
    { lastBlocks: 1, firstBlocks: 1 },
    { lastBlocks: 1.5 },
    { names: 3 },
    { lora: {} },
    { lora: 8 },
  ])('refuses %j in one message that names the forms', (value) => {
    const issues = issuesOf(value);
    expect(issues).toHaveLength(1);
    for (const form of [
      "'frozen'",
      "'norms'",
      "'norms-and-biases'",
      '{lastBlocks: n}',
      '{firstBlocks: n}',
      '{names:',
      '{lora: {rank:',
    ])
      expect(issues[0]![1]).toContain(form);
  });

  it.each([
    [{ lastBlocks: 0 }, 'lastBlocks', 'Too small: expected number to be >=1'],
    [{ firstBlocks: '0%' }, 'firstBlocks', "must be a share such as '25%'"],
    [{ lastBlocks: '101%' }, 'lastBlocks', "must be a share such as '25%'"],
    [{ names: 'a', expect: 'b' }, '', 'Unrecognized key: "expect"'],
    [{ lora: { rank: 0 } }, 'lora.rank', 'Too small: expected number to be >=1'],
    [{ lora: { rank: 2, dropout: 0.1 } }, 'lora', 'Unrecognized key: "dropout"'],
    [{ names: [] }, 'names', 'Too small: expected array to have >=1 items'],
    [['norms', { lastBlocks: -1 }], '1.lastBlocks', 'Too small: expected number to be >=1'],
  ])('says of %j what is wrong in its field', (value, path, message) => {
    expect(issuesOf(value)).toEqual([[path, message]]);
  });
});

describe('rates', () => {
  const issuesOfPart = (part: unknown) =>
    (learnSchema.safeParse({ llm: part }).error?.issues ?? []).map(({ path }) => path.join('.'));
  const full = { select: 'full', learningRate: 1e-3 };

  it('takes names and factors above 0', () => {
    expect(issuesOfPart({ ...full, rates: [{ names: ['*.bias', '*.gain'], times: 2 }] })).toEqual([]);
    expect(issuesOfPart({ ...full, rates: [{ names: '*.bias', times: 0 }] })).toEqual(['llm.rates.0.times']);
    expect(issuesOfPart({ ...full, rates: [{ names: '*.bias', time: 2 }] })).toEqual([
      'llm.rates.0.times',
      'llm.rates.0',
    ]);
    expect(issuesOfPart({ ...full, rates: [] })).toEqual(['llm.rates']);
  });

  it('refuses them where nothing learns', () => {
    expect(issuesOfPart({ select: 'frozen', rates: [{ names: '*', times: 2 }] })).toEqual(['llm.rates']);
  });
});
