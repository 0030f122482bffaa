import { EimError } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTinyParts, TinyEncoder, TinySemanticTransform } from '../testing/tiny-parts/index.js';
import type { WidthMismatch } from './check-widths.js';
import { composeModel } from './compose-model.js';
import { selectParameters } from './select-parameters.js';

const random = createRandomStream(1);
let parts: ModelParts;

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
  parts = createTinyParts({ random });
  return () => composeModel(parts).dispose();
});

const errorOf = (run: () => unknown): EimError => {
  try {
    run();
  } catch (error) {
    if (EimError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('composeModel', () => {
  const extra: { dispose(): void }[] = [];
  afterEach(() => {
    for (const part of extra.splice(0)) part.dispose();
  });

  it('names parameters by part, in the order of the computation', () => {
    const names = composeModel(parts)
      .parameters()
      .map(({ name }) => name);
    expect(names[0]).toBe('encoder.embed.weight');
    expect(names).toContain('st.weight');
    expect(names.at(-1)).toBe('llm.head.bias');
    expect(names.length).toBe(4 + 2 + 10);
  });

  it('frees every tensor', () => {
    const before = tf.memory().numTensors;
    composeModel(createTinyParts({ random })).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names both parts, both packages and both numbers of every misfit', () => {
    const encoder = new TinyEncoder({ random, pooledSize: 7 });
    const st = new TinySemanticTransform({ random, hiddenSize: 9, prefixLength: 17 });
    extra.push(encoder, st);
    const error = errorOf(() =>
      composeModel(
        { encoder, st, llm: parts.llm },
        { packages: { encoder: '@acme/eyes', st: '@acme/bridge' }, maxTextLength: 5 },
      ),
    );
    expect(error.code).toBe('width-mismatch');
    expect(error.message).toContain(
      'The ST (@acme/bridge) expects pooledSize 5, but the encoder (@acme/eyes) has 7.',
    );
    const mismatches = error.data.mismatches as WidthMismatch[];
    expect(mismatches.map(({ width, numbers }) => [width, ...numbers])).toEqual([
      ['pooledSize', 5, 7],
      ['hiddenSize', 9, 8],
      ['contextLength', 22, 16],
    ]);
  });

  it('refuses hidden layers that the encoder lacks', () => {
    const st = Object.assign(new TinySemanticTransform({ random }), { hiddenLayers: [1, 4] });
    extra.push(st);
    expect(errorOf(() => composeModel({ ...parts, st })).message).toContain('block 4');
  });

  it('refuses two parameters of one name', () => {
    const [first] = parts.st.parameters();
    const st = { ...parts.st, transform: parts.st.transform, parameters: () => [first!, first!] };
    const error = errorOf(() => composeModel({ ...parts, st: { ...st, dispose: () => {} } }));
    expect(error.code).toBe('contract-mismatch');
    expect(error.message).toContain("'st.weight'");
  });
});

describe('selectParameters', () => {
  const names = (selection: Parameters<typeof selectParameters>[1]) =>
    selectParameters(parts.llm, selection, 'llm').map(({ name }) => name);

  it('selects by role and by depth', () => {
    expect(names('frozen')).toEqual([]);
    expect(names('full').length).toBe(10);
    expect(names('norms-and-biases')).toEqual(['norm.gain', 'head.bias']);
    expect(names('adapters')).toEqual(['blocks.0.adapter.weight']);
    expect(names({ lastBlocks: 1 })).not.toContain('token.weight');
    expect(names({ lastBlocks: 1 }).length).toBe(8);
  });

  it('refuses what would silently train nothing or something else', () => {
    expect(errorOf(() => names({ lastBlocks: 2 })).message).toContain('than the llm has: 1');
    expect(errorOf(() => selectParameters(parts.encoder, 'adapters', 'encoder')).code).toBe('invalid-config');
  });
});
