import { EimError } from '@eim/contracts';
import type { Parameter, ParameterRole, Parametric, ReadOnlyWeight, Variable } from '@eim/contracts/model';
import { describe, expect, it } from 'vitest';
import type { Selection } from '../plan/selection-schema.js';
import { selectForms, selectParameters, trainableSize } from './select-parameters.js';

const parameter = (name: string, role: ParameterRole, depth: number): Parameter => ({
  name,
  role,
  depth,
  variable: { shape: role === 'weight' ? [2, 2] : [4], size: 4 } as unknown as Variable,
});

const block = (index: number) => [
  parameter(`blocks.${index}.norm.gain`, 'norm', index + 1),
  parameter(`blocks.${index}.attention.weight`, 'weight', index + 1),
  parameter(`blocks.${index}.attention.bias`, 'bias', index + 1),
];
const parameters = [
  parameter('tokens.weight', 'embedding', 0),
  ...[0, 1, 2, 3, 4].flatMap(block),
  parameter('head.weight', 'weight', 6),
];
const part: Parametric & { blockCount: number } = {
  blockCount: 5,
  parameters: () => parameters,
  dispose: () => {},
};
const namesOf = (selection: Selection, of: Parametric = part) =>
  selectParameters(of, selection, 'llm').map(({ name }) => name);
const errorOf = (selection: Selection, of?: Parametric): EimError => {
  try {
    namesOf(selection, of);
  } catch (error) {
    if (EimError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
const every = (...ends: string[]) =>
  [0, 1, 2, 3, 4].flatMap((index) => ends.map((end) => `blocks.${index}.${end}`));

describe('selectParameters', () => {
  it('selects norms, biases, or both', () => {
    expect(namesOf('norms')).toEqual(every('norm.gain'));
    expect(namesOf('biases')).toEqual(every('attention.bias'));
    expect(namesOf('norms-and-biases')).toEqual(every('norm.gain', 'attention.bias'));
  });

  it('selects the first blocks with what stands before them, and the last ones with what follows', () => {
    expect(namesOf({ firstBlocks: 2 })).toEqual(parameters.slice(0, 7).map(({ name }) => name));
    expect(namesOf({ lastBlocks: 2 })).toEqual(parameters.slice(10).map(({ name }) => name));
    // A quarter of five blocks is two of them.
    expect(namesOf({ firstBlocks: '25%' })).toEqual(namesOf({ firstBlocks: 2 }));
    expect(namesOf({ lastBlocks: '20%' })).toEqual(namesOf({ lastBlocks: 1 }));
    expect(namesOf({ lastBlocks: '100%' })).toEqual(namesOf({ lastBlocks: 5 }));
  });

  it('selects by names, in the order of the part', () => {
    expect(namesOf({ names: 'blocks.*.attention.*' })).toEqual(every('attention.weight', 'attention.bias'));
    expect(namesOf({ names: ['head.weight', 'blocks.3.*'], except: '*.bias' })).toEqual([
      'blocks.3.norm.gain',
      'blocks.3.attention.weight',
      'head.weight',
    ]);
  });

  it('joins the selections of a list, each parameter once', () => {
    expect(namesOf(['biases', { lastBlocks: 1 }, { names: 'blocks.4.*' }])).toEqual([
      ...every('attention.bias').slice(0, 4),
      'blocks.4.norm.gain',
      'blocks.4.attention.weight',
      'blocks.4.attention.bias',
      'head.weight',
    ]);
  });

  it.each<[Selection, string, string]>([
    ['adapters', "'adapters' finds nothing in the llm", 'Their roles are embedding, norm, weight, bias.'],
    [['norms', 'adapters'], "'adapters' finds nothing in the llm", 'roles'],
    [{ firstBlocks: 6 }, '{firstBlocks: 6} asks for more blocks than the llm has: 5', "'full'"],
    [
      { names: ['head.weight', 'blocks.*.atention.*'] },
      "'blocks.*.atention.*' in select.names of the llm finds nothing",
      'tokens.weight, blocks.*.norm.gain, blocks.*.attention.weight, blocks.*.attention.bias, head.weight',
    ],
    [
      { names: 'blocks.*', except: 'head.weight' },
      "'head.weight' in select.except of the llm finds nothing",
      'blocks.*.norm.gain, blocks.*.attention.weight, blocks.*.attention.bias.',
    ],
    [
      { names: 'head.*', except: '*' },
      'select.except of the llm leaves nothing of what is named: head.weight',
      "'frozen'",
    ],
  ])('refuses %j', (selection, message, advice) => {
    const error = errorOf(selection);
    expect(error.code).toBe('invalid-config');
    expect(error.message).toContain(message);
    expect(error.advice).toContain(advice);
  });

  it('refuses a share of blocks where there are none', () => {
    const flat = { ...part, blockCount: 0 };
    expect(errorOf({ lastBlocks: '25%' }, flat).message).toContain('{lastBlocks: 25%} asks for more blocks');
  });

  it('says that a read-only weight cannot learn, where a name finds nothing else', () => {
    const readOnly = { name: 'blocks.0.feedForward.weight', format: 'q4_0' } as ReadOnlyWeight;
    const quantised = { ...part, readOnlyWeights: () => [readOnly] };
    expect(errorOf({ names: 'blocks.*.feedForward.*' }, quantised).message).toContain(
      "finds 'blocks.0.feedForward.weight' alone, which is held as q4_0 and cannot learn",
    );
    expect(namesOf({ names: 'blocks.0.*' }, quantised)).toHaveLength(3);
  });
});

describe('updates of low rank', () => {
  const lora = { rank: 1 };

  it('go into the weights of two dimensions in the blocks, or into those that are named', () => {
    expect(namesOf({ lora })).toEqual(every('attention.weight'));
    expect(namesOf({ lora: { ...lora, except: 'blocks.0.*' } })).toEqual(every('attention.weight').slice(1));
    expect(namesOf({ lora: { ...lora, names: ['head.weight', 'blocks.1.*'] } })).toEqual([
      'blocks.1.attention.weight',
      'head.weight',
    ]);
    // An ST does not say how many blocks it has: nothing stands before or behind them.
    const { blockCount: _, ...transform } = part;
    expect(namesOf({ lora }, transform)).toEqual([...every('attention.weight'), 'head.weight']);
  });

  it('say of each weight what form it learns in, and how many values that is', () => {
    const selected = selectForms(part, ['norms', { lora: { rank: 3, names: 'head.*' } }]);
    expect(selected.map(({ lowRank }) => lowRank?.rank)).toEqual([...every('').map(() => undefined), 3]);
    expect(trainableSize(selected.at(-1)!)).toBe(3 * (2 + 2));
    expect(trainableSize(selected[0]!)).toBe(4);
  });

  it.each<[Selection, string, string]>([
    [
      { lora: { ...lora, names: '*.norm.*' } },
      "'*.norm.*' in select.lora.names of the llm finds nothing",
      'blocks.*.attention.weight, head.weight',
    ],
    [
      { lora: { ...lora, except: 'head.weight' } },
      "'head.weight' in select.lora.except of the llm finds nothing",
      'blocks.*.attention.weight.',
    ],
    [
      ['norms', { lastBlocks: 1 }, { lora }],
      "finds 'blocks.4.attention.weight' twice, and at least once for an update of low rank",
      'except',
    ],
    [
      [{ lora }, { lora: { rank: 2, names: 'blocks.0.*' } }],
      "finds 'blocks.0.attention.weight' twice",
      'except',
    ],
  ])('refuse %j', (selection, message, advice) => {
    const error = errorOf(selection);
    expect(error.code).toBe('invalid-config');
    expect(error.message).toContain(message);
    expect(error.advice).toContain(advice);
  });

  it('are refused where there is no such weight', () => {
    const headAlone = { ...part, parameters: () => parameters.filter(({ depth }) => depth === 6) };
    const error = errorOf({ lora }, headAlone);
    expect(error.message).toContain('no weight of two dimensions in its blocks');
    expect(error.advice).toContain('have to be named: head.weight');
    const norms = { ...part, parameters: () => parameters.filter(({ role }) => role === 'norm') };
    expect(errorOf({ lora }, norms).message).toContain('it has no weight of two dimensions.');
  });

  it('are refused by name for a read-only weight, unless it is excepted', () => {
    const readOnly = {
      name: 'blocks.0.feedForward.weight',
      role: 'weight',
      depth: 1,
      shape: [2, 2],
      format: 'q4_0',
    } as unknown as ReadOnlyWeight;
    const quantised = { ...part, readOnlyWeights: () => [readOnly] };
    for (const names of [undefined, 'blocks.0.*']) {
      const { message } = errorOf({ lora: { ...lora, names } }, quantised);
      expect(message).toContain("asks for 'blocks.0.feedForward.weight' of the llm, which is held as q4_0");
    }
    const rest = { lora: { ...lora, except: '*.feedForward.*' } };
    expect(namesOf(rest, quantised)).toEqual(every('attention.weight'));
  });
});
