import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownNames, matchesPattern } from './name-patterns.js';

describe('matchesPattern', () => {
  it.each([
    ['blocks.*.attention.*', 'blocks.0.attention.output.weight', true],
    ['blocks.*.attention.*', 'blocks.0.feedForward.input.weight', false],
    ['blocks.1.*', 'blocks.10.norm.gain', false],
    ['*.bias', 'head.bias', true],
    ['*.bias', 'bias', false],
    ['*bias*', 'bias', true],
    ['head.weight', 'head.weight', true],
    ['head.weight', 'head.weight.more', false],
    ['head', 'head.weight', false],
    // A dot and a bracket stand for themselves.
    ['head.weight', 'headXweight', false],
    ['blocks.[01].*', 'blocks.0.bias', false],
    // What stands before and after a star may not be the same characters.
    ['aba*aba', 'aba', false],
    ['aba*aba', 'ababa', false],
    ['aba*aba', 'abaaba', true],
    ['a*b*b', 'ab', false],
    ['a**b', 'ab', true],
  ])('%s and %s: %s', (pattern, name, matches) => {
    expect(matchesPattern(pattern, name)).toBe(matches);
  });

  it('does what a regular expression does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, star) => {
        const name = star.replaceAll('*', 'a');
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*');
        expect(matchesPattern(pattern, name)).toBe(new RegExp(`^${source}$`).test(name));
      }),
    );
  });
});

it('knownNames tells names of blocks once', () => {
  const names = [
    'tokens.weight',
    'blocks.0.norm.gain',
    'blocks.10.norm.gain',
    'stem.2.weight',
    'layer2.bias',
  ];
  expect(knownNames(names)).toBe('tokens.weight, blocks.*.norm.gain, stem.*.weight, layer2.bias');
});
